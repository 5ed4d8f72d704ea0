// For the cases of what an import cannot bring.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

SEC("raw_tp/sys_enter") int on_enter(void* context) { return 0; }
int count(int n) { return n; }
int square(int n) { return n * n; }
char LICENSE[] SEC("license") = "Dual BSD/GPL";
