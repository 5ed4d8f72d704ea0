/* Types of the programs whose debug information tests read; the tests compare with what the compiler says of them. */
#ifndef DEBUGGED_H
#define DEBUGGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum debugged_color { DEBUGGED_RED = 1, DEBUGGED_GREEN = 20, DEBUGGED_BLUE = 300 };
enum debugged_sign { DEBUGGED_MINUS = -1, DEBUGGED_PLUS = 200 };

struct debugged_point {
  long x;
  int y;
};

typedef struct {
  uint8_t low;
  uint16_t high;
} debugged_pair;

struct debugged_request {
  const char* name;
  int id;
  enum debugged_color color;
  struct debugged_request* next;
  struct debugged_point at;
  debugged_pair pair;
  bool ready;
  unsigned level : 3, mode : 5;
  int delta : 6;
  union {
    uint32_t whole;
    uint8_t bytes[4];
  };
  char tag[12];
  int16_t grid[2][3];
  double weight;
  int (*call)(int);
  struct debugged_hidden* hidden;
};

struct debugged_big {
  long values[5];
};

struct debugged_mixed {
  double weight;
  long count;
};

struct debugged_two {
  unsigned long first;
  unsigned long second;
};

#endif
