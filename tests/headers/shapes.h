/* A header of the cases: what headers in the wild do, without any of them. */
#ifndef SHAPES_H
#define SHAPES_H
typedef unsigned int shape_id_t;
enum color { RED = 1, GREEN, BLUE = 10 };
enum { SHAPE_MAX_POINTS = 4 };
typedef enum { SOLID, DASHED } line_t;
#define SHAPE_FLAG_OPEN (1u << 3)
#define SHAPE_NAME_LEN 12
#define SHAPE_VERSION \
  "1."                \
  "2"
#define SHAPE_IO(nr, type) ((nr) << 16 | sizeof(type))
#define SHAPE_IO_DRAW SHAPE_IO(7, struct shape)
#define RED RED
#define SHAPE_COUNT(s) ((s)->count)
#define SHAPE_CURRENT current_shape
struct point {
  short x, y;
};
struct shape {
  shape_id_t id;
  enum color color;
  line_t line;
  char name[SHAPE_NAME_LEN];
  unsigned open : 1, kind : 4;
  struct point points[SHAPE_MAX_POINTS];
  struct shape_group* group;
  struct task_struct* owner;
};
struct shape_group {
  int size;
};
static inline int shape_is_open(const struct shape* s) {
  __asm__ volatile("cpuid" : : "a"(0) : "ebx");
  return s->open;
}
#ifdef SONDE_HAVE_BTF
struct only_with_btf {
  int a;
};
#endif
#endif
