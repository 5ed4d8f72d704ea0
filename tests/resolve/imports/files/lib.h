struct lib {
  int a[3];
};
#define LIB_SIZE 12
