/* A type of the same name, size and line as in twins_other.c, and another one. */
struct twin {
  int first;
  int second;
};

int twin_here(struct twin* pair);
int twin_there(int width, int height);

__attribute__((noinline, noclone)) int twin_here(struct twin* pair) {
  __asm__ volatile("" : : "r"(pair) : "memory");
  return pair->first + pair->second;
}

int main(void) {
  struct twin pair = {11, 12};
  return twin_here(&pair) + twin_there(21, 22) == 66 ? 0 : 1;
}
