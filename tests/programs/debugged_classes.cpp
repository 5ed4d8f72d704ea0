// Classes, references and functions of namespaces, for tests of debug information.
#include <cstdlib>

namespace shapes {

class Base {
 public:
  explicit Base(int id) : id_(id) {}
  virtual ~Base() = default;
  [[gnu::noinline]] virtual int area(int scale) {
    asm volatile("");
    return id_ * scale;
  }
  static int count;

 protected:
  int id_;
};
int Base::count = 0;

struct Label {
  const char* text;
};

class Square final : public Base, public Label {
 public:
  Square(int id, long side) : Base(id), Label{"square"}, side_(side) {}
  [[gnu::noinline]] int area(int scale) override {
    asm volatile("");
    return static_cast<int>(side_ * side_) * scale;
  }

 private:
  long side_;
};

enum class Mode : unsigned char { Fast = 1, Slow = 200 };

// Copied by its constructor: its address is passed.
struct Owner {
  explicit Owner(int n) : value(n) {}
  Owner(const Owner& other) : value(other.value + 1) { asm volatile(""); }
  ~Owner() { asm volatile(""); }
  int value;
};

[[gnu::noinline]] long measure(const Square& square, long& out, Mode mode) {
  asm volatile("" : : "r"(&square), "r"(&out) : "memory");
  return out + static_cast<long>(mode) + square.text[0];
}

[[gnu::noinline]] int take(Owner owner, int last) {
  asm volatile("");
  return owner.value + last;
}

template <class T>
[[gnu::noinline]] T pass(T value) {
  asm volatile("");
  return value;
}
template short pass<short>(short);

}  // namespace shapes

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[argc - 1]) : 1;
  long out = 30;
  for (int i = 0; i < rounds; ++i) {
    shapes::Square square(6, 9);
    square.area(2);
    // Texts that nobody has read may not be in memory yet, and probes cannot fetch them.
    if (*const_cast<const volatile char*>(square.text) == 0) return 1;
    shapes::measure(square, out, shapes::Mode::Slow);
    shapes::take(shapes::Owner(10), 5);
    shapes::pass<short>(-4);
  }
  return 0;
}
