/* Static probes (USDT) for the tests: a nop, and a note that says where it is and where its arguments are. The layout is
   described in SystemTap's wiki, UserSpaceProbeImplementation; <sys/sdt.h> does the same, and is one more package. */
#ifndef SONDE_TESTS_USDT_H
#define SONDE_TESTS_USDT_H

/* A counter that the kernel raises while somebody traces the probes that name it. */
#define USDT_SEMAPHORE(name) \
  __attribute__((used, section(".probes"))) volatile unsigned short name = 0

/* USDT("provider", "name", "semaphore, or 0", "size@operand size@operand ...", inputs of the assembler...) */
#define USDT(provider, name, semaphore, arguments, ...)                           \
  __asm__ volatile(                                                               \
      "990: nop\n"                                                                \
      ".pushsection .note.stapsdt, \"?\", \"note\"\n"                             \
      ".balign 4\n"                                                               \
      ".4byte 992f-991f, 994f-993f, 3\n"                                          \
      "991: .asciz \"stapsdt\"\n"                                                 \
      "992: .balign 4\n"                                                          \
      "993: .8byte 990b\n"                                                        \
      ".8byte _.stapsdt.base\n"                                                   \
      ".8byte " semaphore                                                         \
      "\n"                                                                        \
      ".asciz \"" provider                                                        \
      "\"\n"                                                                      \
      ".asciz \"" name                                                            \
      "\"\n"                                                                      \
      ".asciz \"" arguments                                                       \
      "\"\n"                                                                      \
      "994: .balign 4\n"                                                          \
      ".popsection\n"                                                             \
      ".ifndef _.stapsdt.base\n"                                                  \
      ".pushsection .stapsdt.base, \"aG\", \"progbits\", .stapsdt.base, comdat\n" \
      ".weak _.stapsdt.base\n"                                                    \
      ".hidden _.stapsdt.base\n"                                                  \
      "_.stapsdt.base: .space 1\n"                                                \
      ".size _.stapsdt.base, 1\n"                                                 \
      ".popsection\n"                                                             \
      ".endif\n"                                                                  \
      :                                                                           \
      : __VA_ARGS__)

#endif
