struct wrong {
  int a b;
};
