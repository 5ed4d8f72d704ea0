// As brief.c, by functions of C++.
#include <sys/syscall.h>
#include <unistd.h>

namespace shop {

class Cart {
 public:
  __attribute__((noinline)) long total(int items);
};

template <class Item>
__attribute__((noinline)) long price(Item item) {
  long result;
#if defined(__x86_64__)
  __asm__ volatile("syscall" : "=a"(result) : "a"(SYS_getppid) : "rcx", "r11", "memory");
#else
  result = ::syscall(SYS_getppid);
#endif
  return result + item;
}

long Cart::total(int items) { return price<int>(items) + 1; }

}  // namespace shop

int main(int argc, char**) { return shop::Cart().total(argc) == 0; }
