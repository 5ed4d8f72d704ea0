/* packets INTERFACE KIND COUNT ...: sends frames of known bytes by a packet socket, COUNT of each KIND in turn. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned char frame[2048];
static size_t length;

static void bytes(const void* from, size_t count) {
  memcpy(frame + length, from, count);
  length += count;
}
static void byte(unsigned value) { frame[length++] = (unsigned char)value; }
static void word(unsigned value) { byte(value >> 8), byte(value & 0xff); }
static void zeros(size_t count) {
  memset(frame + length, 0, count);
  length += count;
}

/* From 02:00:00:00:00:01 to everybody. */
static void ethernet(unsigned protocol) {
  length = 0;
  bytes("\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x01", 12);
  word(protocol);
}

/* 10.9.8.7 to 10.9.8.6, with `words` of header. */
static void ipv4(unsigned protocol, unsigned payload, unsigned words, unsigned fragment) {
  byte(0x40 | words);
  byte(0x28); /* type of service */
  word(words * 4 + payload);
  word(0x1234); /* identification */
  word(fragment / 8);
  byte(61); /* time to live */
  byte(protocol);
  word(0); /* checksum: nobody looks */
  bytes("\x0a\x09\x08\x07\x0a\x09\x08\x06", 8);
  zeros((words - 5) * 4);
}

/* fd00::7 to fd00::6. */
static void ipv6(unsigned next, unsigned payload) {
  word(0x6050); /* version 6, class 5 */
  word(0);
  word(payload);
  byte(next);
  byte(62);
  bytes("\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x07\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x06", 32);
}

static void udp(unsigned payload) {
  word(1111);
  word(2222);
  word(8 + payload);
  word(0);
  zeros(payload);
}

/* SYN and ACK. */
static void tcp(unsigned payload) {
  word(3333);
  word(80);
  bytes("\x01\x02\x03\x04\x05\x06\x07\x08", 8);
  byte(0x60); /* six words */
  byte(0x12);
  word(4096);
  word(0);
  word(0);
  zeros(4 + payload);
}

static void icmp(unsigned type) {
  byte(type);
  byte(3);
  word(0);
  word(77);
  word(9);
}

static void make_udp(void) { ethernet(0x0800), ipv4(17, 8 + 50, 5, 0), udp(50); }
static void make_tcp(void) { ethernet(0x0800), ipv4(6, 24 + 10, 5, 0), tcp(10); }
/* With options in the IP header. */
static void make_options(void) { ethernet(0x0800), ipv4(6, 24, 7, 0), tcp(0); }
static void make_icmp(void) { ethernet(0x0800), ipv4(1, 8, 5, 0), icmp(8); }
static void make_fragment(void) { ethernet(0x0800), ipv4(17, 32, 5, 1480), zeros(32); }
static void make_udp6(void) { ethernet(0x86dd), ipv6(17, 8 + 20), udp(20); }
static void make_icmp6(void) { ethernet(0x86dd), ipv6(58, 8), icmp(128); }
/* Hop-by-hop options of 16 bytes and destination options of 8 in front of TCP. */
static void make_extensions(void) {
  ethernet(0x86dd), ipv6(0, 24 + 24 + 5);
  byte(60), byte(1), zeros(14);
  byte(6), byte(0), zeros(6);
  tcp(5);
}
/* The first fragment, which has the ports, and one that does not. */
static void make_fragments6(void) {
  ethernet(0x86dd), ipv6(44, 8 + 8 + 8);
  byte(17), byte(0), word(1), word(0), word(7);
  udp(8);
}
static void make_fragment6(void) {
  ethernet(0x86dd), ipv6(44, 8 + 16);
  byte(17), byte(0), word(1232), word(0), word(7);
  zeros(16);
}
static void make_vlan(void) {
  ethernet(0x8100), word(0x2007), word(0x0800);
  ipv4(17, 8, 5, 0), udp(0);
}
static void make_vlans(void) {
  ethernet(0x88a8), word(30), word(0x8100), word(40), word(0x0800);
  ipv4(6, 24, 5, 0), tcp(0);
}
static void make_syn(void) { make_tcp(), frame[14 + 20 + 13] = 0x02; }
static void make_rst(void) { make_tcp(), frame[14 + 20 + 13] = 0x14; }
static void make_arp(void) { ethernet(0x0806), zeros(28); }
/* Cut in the middle of the TCP header. */
static void make_short(void) { make_tcp(), length = 14 + 20 + 12; }
/* The length of the IP header is too small. */
static void make_broken(void) { make_udp(), frame[14] = 0x43; }

static const struct {
  const char* name;
  void (*make)(void);
} kKinds[] = {
    {"udp", make_udp},
    {"tcp", make_tcp},
    {"options", make_options},
    {"icmp", make_icmp},
    {"udp6", make_udp6},
    {"icmp6", make_icmp6},
    {"fragment", make_fragment},
    {"vlan", make_vlan},
    {"extensions", make_extensions},
    {"fragments6", make_fragments6},
    {"fragment6", make_fragment6},
    {"vlans", make_vlans},
    {"syn", make_syn},
    {"rst", make_rst},
    {"arp", make_arp},
    {"short", make_short},
    {"broken", make_broken},
};

int main(int argc, char** argv) {
  const int fd = socket(AF_PACKET, SOCK_RAW, 0);
  struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_halen = 6};
  if (argc < 2 || fd < 0) return perror("packets"), 2;
  to.sll_ifindex = (int)if_nametoindex(argv[1]);
  for (int i = 2; i + 1 < argc; i += 2) {
    size_t k = 0;
    while (k < sizeof kKinds / sizeof *kKinds && strcmp(kKinds[k].name, argv[i])) ++k;
    if (k == sizeof kKinds / sizeof *kKinds) {
      fprintf(stderr, "packets: unknown kind '%s'\n", argv[i]);
      return 2;
    }
    kKinds[k].make();
    for (long n = atol(argv[i + 1]); n > 0; --n) {
      /* ENOBUFS: a filter has dropped it. */
      if (sendto(fd, frame, length, 0, (struct sockaddr*)&to, sizeof to) < 0 && errno != ENOBUFS)
        return perror("packets: sendto"), 1;
    }
  }
  close(fd);
  return 0;
}
