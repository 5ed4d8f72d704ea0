/* Values of types that programs in the kernel cannot calculate with, or that mean more than a number. */
#include <float.h>
#include <math.h>
#include <uchar.h>
#include <wchar.h>

enum access {
  ACCESS_NONE = 0,
  ACCESS_READ = 1,
  ACCESS_WRITE = 2,
  ACCESS_RUN = 4,
  ACCESS_LOCK = 128
};
enum level { LEVEL_LOW, LEVEL_MIDDLE, LEVEL_HIGH, LEVEL_TOP };
typedef wchar_t letter;

struct reading {
  double value;
  float small;
  double several[4];
  wchar_t name[12];
  const letter full[4];
  char16_t utf16[8];
  char32_t utf32[6];
  enum access access;
  enum access none;
  enum access other;
  enum level level;
  enum level beyond;
};

__attribute__((noinline)) int readings_take(struct reading* reading, double* value, wchar_t* name) {
  __asm__ volatile("" : : "r"(reading), "r"(value), "r"(name) : "memory");
  return 0;
}

int main(void) {
  struct reading reading = {
      .value = -0.1,
      .small = 3.5F,
      .several = {1e300, INFINITY, NAN, 12345678},
      .name = L"Gr\u00f6\u00dfe \u20ac\U0001f600",
      .full = {'f', 'u', 'l', 'l'},
      .utf16 = {'a', 0xd83d, 0xde00, 0xdc00, 'b', 0xd800},
      .utf32 = {0x1f600, 0x110000, 0xd800, 'z', 0x1b, 0},
      .access = ACCESS_READ | ACCESS_RUN,
      .none = ACCESS_NONE,
      .other = ACCESS_WRITE | 0x40,
      .level = LEVEL_TOP,
      .beyond = 5,
  };
  return readings_take(&reading, &reading.several[3], reading.name);
}
