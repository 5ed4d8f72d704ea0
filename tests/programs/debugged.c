/* Functions with arguments of every kind. Each is called as often, and with the values, as main() says; the last argument of the
   program is the number of rounds. With an argument in front of that it waits for a byte of its input. */
#include "debugged.h"

#include <stdio.h>
#include <stdlib.h>

struct debugged_hidden {
  int secret;
};

#define TRACED __attribute__((noinline, noclone))

/* Keeps a call from being folded. */
#define OPAQUE(x) __asm__ volatile("" : "+r"(x))

TRACED int debugged_scalars(signed char a, unsigned short b, int c, unsigned long d, bool e,
                            enum debugged_color f, long seventh, int eighth) {
  __asm__ volatile("");
  return a + b + c + (int)d + e + (int)f + (int)seventh + eighth;
}

TRACED int debugged_pointers(struct debugged_request* req, const char* text, int numbers[4]) {
  __asm__ volatile("" : : "r"(req), "r"(text), "r"(numbers) : "memory");
  return req->id + numbers[1] + text[0];
}

TRACED long debugged_values(struct debugged_point at, struct debugged_big big, int last,
                            struct debugged_two two) {
  __asm__ volatile("");
  return at.x + at.y + big.values[4] + last + (long)(two.first + two.second);
}

TRACED double debugged_floats(int before, double weight, float small, int behind,
                              struct debugged_mixed mixed) {
  __asm__ volatile("");
  return before + weight + small + behind + mixed.weight + (double)mixed.count;
}

TRACED struct debugged_two debugged_make_two(unsigned long first) {
  struct debugged_two two = {first, first * 2};
  OPAQUE(two.first);
  return two;
}

TRACED struct debugged_big debugged_make_big(long first) {
  struct debugged_big big = {{first, first + 1, first + 2, first + 3, first + 4}};
  OPAQUE(big.values[0]);
  return big;
}

TRACED struct debugged_request* debugged_find(struct debugged_request* req, int steps) {
  while (steps-- > 0) req = req->next;
  OPAQUE(req);
  return req;
}

TRACED int debugged_negative(int n) {
  OPAQUE(n);
  return -n;
}

static inline __attribute__((always_inline)) int debugged_inlined(int n) { return n * 3; }

TRACED int debugged_lines(int n) {
  int total = 0;
  for (int i = 0; i < n; ++i) {
    total += debugged_inlined(i); /* line: loop */
    OPAQUE(total);
  }
  if (n > 1000) {
    total = -1; /* line: never */
    OPAQUE(total);
  }
  return total; /* line: return */
}

static int twice(int n) { return n * 2; }

static void call_all(struct debugged_request* req, int round) {
  int numbers[4] = {10, 20, 30, 40};
  struct debugged_point at = {-70000000000L, 7};
  struct debugged_big big = {{1, 2, 3, 4, 50 + round}};
  struct debugged_two two = {11, 1UL << 40};
  struct debugged_mixed mixed = {1.5, 9};
  debugged_scalars(-5, 65000, -100000 - round, 1UL << 40, 1, DEBUGGED_BLUE, -7, 8);
  debugged_pointers(req, "text", numbers);
  debugged_values(at, big, 99, two);
  debugged_floats(3, 2.5, 0.5F, 4, mixed);
  debugged_make_two(21);
  debugged_make_big(1000);
  debugged_find(req, 1);
  debugged_negative(12);
  debugged_lines(5);
}

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? atoi(argv[argc - 1]) : 1;
  if (argc > 2) getchar();
  struct debugged_hidden hidden = {77};
  struct debugged_request second = {.name = "second", .id = 2, .color = DEBUGGED_RED};
  struct debugged_request first = {
      .name = "first",
      .id = 41,
      .color = DEBUGGED_GREEN,
      .next = &second,
      .at = {123456789012L, -3},
      .pair = {200, 60000},
      .ready = 1,
      .level = 5,
      .mode = 17,
      .delta = -9,
      .whole = 0x04030201,
      .tag = "tagged",
      .grid = {{1, 2, 3}, {4, 5, -6}},
      .weight = 0.25,
      .call = twice,
      .hidden = &hidden,
  };
  for (int i = 0; i < rounds; ++i) call_all(&first, i);
  return 0;
}
