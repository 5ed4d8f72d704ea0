int first(int x) { return x + undeclared; }
int second(int x) { return x }
