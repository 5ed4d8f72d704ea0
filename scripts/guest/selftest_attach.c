/* selftest_attach OBJECT COMMAND: for each program of OBJECT, prints its section and whether it ran while it was attached
   and COMMAND was running. One object per program, so that one the kernel refuses does not take the others with it. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>

static int silent(enum libbpf_print_level level, const char* format, va_list arguments) {
  (void)level, (void)format, (void)arguments;
  return 0;
}

/* NULL: the program ran; else why not. */
static const char* try_program(struct bpf_program* program, struct bpf_object* object,
                               const char* command) {
  struct bpf_prog_info info = {0};
  __u32 size = sizeof info;
  if (bpf_object__load(object)) return "not loaded";
  struct bpf_link* link = bpf_program__attach(program);
  if (!link) return "not attached";
  int status = system(command);
  int error = bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size);
  bpf_link__destroy(link);
  if (status) return "the command failed";
  return error ? "no program info" : info.run_cnt ? NULL : "did not run";
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  libbpf_set_print(silent);
  int stats = bpf_enable_stats(BPF_STATS_RUN_TIME); /* counts runs for as long as it is open */
  if (stats < 0) return perror("bpf_enable_stats"), 1;
  for (int wanted = 0, more = 1; more; ++wanted) {
    struct bpf_object* object = bpf_object__open(argv[1]);
    if (!object) return perror(argv[1]), 1;
    struct bpf_program *program, *chosen = NULL;
    int index = 0;
    bpf_object__for_each_program(program, object) {
      bpf_program__set_autoload(program, index == wanted);
      if (index++ == wanted) chosen = program;
    }
    more = chosen != NULL;
    if (more) {
      const char* why_not = try_program(chosen, object, argv[2]);
      printf("%s: %s\n", bpf_program__section_name(chosen), why_not ? why_not : "yes");
      fflush(stdout);
    }
    bpf_object__close(object);
  }
  return 0;
}
