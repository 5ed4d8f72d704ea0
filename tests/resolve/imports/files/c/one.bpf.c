struct of_c_file {
  int n;
} made;
int made_of(int n) { return made.n + n; }
