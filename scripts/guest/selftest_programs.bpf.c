/* Empty programs of the kinds that Debian's bpftrace does not have; selftest_attach.c loads them and sees which ones run. */
#define SEC(name) __attribute__((section(name), used))

char _license[] SEC("license") = "GPL";

#define PROGRAM(name, section) \
  SEC(section) int name(void* context) { return 0; }

PROGRAM(raw_tp, "raw_tp/sys_enter")
PROGRAM(tp_btf, "tp_btf/sched_switch")
PROGRAM(fentry, "fentry/vfs_read")
PROGRAM(fexit, "fexit/vfs_read")
PROGRAM(fmod_ret, "fmod_ret/security_file_open")
PROGRAM(lsm, "lsm/file_open")
PROGRAM(lsm_sleepable, "lsm.s/file_open")
PROGRAM(fentry_module, "fentry/veth_newlink")
PROGRAM(kprobe_syscall, "ksyscall/clock_nanosleep")
PROGRAM(kprobe_multi, "kprobe.multi/vfs_rea*")
