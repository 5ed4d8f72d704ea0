// A function for textwrites.bt.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <stdbool.h>

// Whether the first bytes of a user buffer can be printed. The verifier wants to see how often a loop turns at most.
bool is_text(const char* buffer, unsigned long size) {
  char bytes[32];
  unsigned int count = size < sizeof bytes ? size : sizeof bytes;
  if (count == 0 || bpf_probe_read_user(bytes, count, buffer)) return false;
  for (unsigned int i = 0; i < sizeof bytes; ++i) {
    if (i >= count) break;
    const unsigned char c = bytes[i];
    if (c < ' ' && c != '\n' && c != '\t' && c != '\r') return false;
  }
  return true;
}
