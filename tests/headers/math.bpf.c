// Functions for the cases that import a C file.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <stdbool.h>

struct point {
  int x;
  int y;
};
typedef struct {
  int value;
} unnamed;
enum mood { GOOD = 3, BAD = 4 };

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 64);
  __type(key, __u32);
  __type(value, __u64);
} seen SEC(".maps");

static int calls;
struct point origin = {7, -8};
const char motto[] = "per aspera";

int square(int x) {
  ++calls;
  return x * x;
}
int call_count(void) { return calls; }
// The value of before, 0 at first.
__u64 remember(__u32 key, __u64 value) {
  const __u64* old = bpf_map_lookup_elem(&seen, &key);
  const __u64 result = old ? *old : 0;
  bpf_map_update_elem(&seen, &key, &value, BPF_ANY);
  return result;
}
__attribute__((noinline)) int length(const char* text) {
  int n = 0;
  while (n < 15 && text[n]) ++n;
  return n;
}
bool is_odd(unsigned long value) { return value & 1; }
signed char negative(signed char value) { return -value; }
unsigned short half(unsigned short value) { return value / 2; }
enum mood mood_of(bool good) { return good ? GOOD : BAD; }
struct point* get_origin(void) { return &origin; }
int total(const struct point* point) {
  struct point copy;
  if (bpf_probe_read_kernel(&copy, sizeof copy, point)) return -1;
  return copy.x + copy.y;
}
void set(int* to, int value) { *to = value; }
int by_value(struct point point) { return point.x; }
int nothing(unnamed* record, int (*function)(int), int (*table)[4]) {
  return !record && !function && !table;
}
const char* get_motto(void) { return motto; }
int five(int a, short b, unsigned char c, long d, unsigned int e) {
  return a + 10 * b + 100 * c + 1000 * d + 10000 * e;
}
