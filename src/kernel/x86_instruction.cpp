#include "kernel/x86_instruction.h"

#include <algorithm>

namespace sonde::kernel {
namespace {

using Code = std::span<const std::uint8_t>;

constexpr std::size_t kLongest = 15;  // A processor refuses more.

// What follows the byte of an opcode, by its value:
//   .  no instruction in 64-bit mode, or a prefix     -  nothing               M  ModRM
//   b  one byte    w  two bytes    d  four bytes      z  two bytes with 0x66, else four
//   v  as z, eight with REX.W      o  an address      e  ENTER's three
//   B  ModRM and b     Z  ModRM and z
//   t  ModRM, and b if it says TEST     T  the same with z     x  ModRM; two bytes with 0x66 or 0xf2 (SSE4a)
constexpr char kOneByte[] =
    "MMMMbz..MMMMbz.."   // 00
    "MMMMbz..MMMMbz.."   // 10
    "MMMMbz..MMMMbz.."   // 20
    "MMMMbz..MMMMbz.."   // 30
    "................"   // 40: REX
    "----------------"   // 50
    "...M....zZbB----"   // 60
    "bbbbbbbbbbbbbbbb"   // 70
    "BZ.BMMMMMMMMMMMM"   // 80
    "----------.-----"   // 90
    "oooo----bz------"   // a0
    "bbbbbbbbvvvvvvvv"   // b0
    "BBw-..BZe-w--b.-"   // c0
    "MMMM...-MMMMMMMM"   // d0
    "bbbbbbbbdd.b----"   // e0
    ".-..--tT------MM";  // f0

// Behind 0x0f, and in the first map of VEX and EVEX, whose immediates are the same.
constexpr char kTwoByte[] =
    "MMMM.-----.-.M-B"   // 00
    "MMMMMMMMMMMMMMMM"   // 10
    "MMMM....MMMMMMMM"   // 20
    "------.-........"   // 30
    "MMMMMMMMMMMMMMMM"   // 40
    "MMMMMMMMMMMMMMMM"   // 50
    "MMMMMMMMMMMMMMMM"   // 60
    "BBBBMMM-xM..MMMM"   // 70
    "dddddddddddddddd"   // 80
    "MMMMMMMMMMMMMMMM"   // 90
    "---MBM..---MBMMM"   // a0
    "MMMMMMMMMMBMMMMM"   // b0
    "MMBMBBBM--------"   // c0
    "MMMMMMMMMMMMMMMM"   // d0
    "MMMMMMMMMMMMMMMM"   // e0
    "MMMMMMMMMMMMMMMM";  // f0
static_assert(sizeof kOneByte == 257 && sizeof kTwoByte == 257);

class Decoder {
 public:
  explicit Decoder(Code code) : code_(code.first(std::min(code.size(), kLongest))) {}

  std::size_t length() {
    const char form = opcode();
    if (!operands(form) || at_ > code_.size()) return 0;
    return at_;
  }

 private:
  // 0 behind the end: whatever it means there, the instruction is cut off.
  [[nodiscard]] std::uint8_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < code_.size() ? code_[at_ + ahead] : std::uint8_t{0};
  }
  std::uint8_t next() {
    const std::uint8_t byte = peek();
    ++at_;
    return byte;
  }

  void prefixes() {
    for (;; ++at_) {
      const std::uint8_t byte = peek();
      switch (byte) {
        case 0x66: is_short_ = true; break;
        case 0x67: has_short_address_ = true; break;
        case 0xf2: is_repne_ = true; break;
        case 0x26:
        case 0x2e:
        case 0x36:
        case 0x3e:
        case 0x64:
        case 0x65:
        case 0xf0:
        case 0xf3: break;
        default:
          if ((byte & 0xf0) != 0x40) return;
          is_wide_ = (byte & 8) != 0;
          continue;
      }
      is_wide_ = false;  // A REX prefix counts only right before the opcode.
    }
  }

  // Reads up to the opcode's last byte and says what follows it.
  char opcode() {
    prefixes();
    const std::uint8_t byte = next();
    switch (byte) {
      case 0x0f: return two_bytes();
      case 0xc5: ++at_; return kTwoByte[next()];
      case 0xc4: return vector(next() & 0x1f, 1);
      case 0x62: return vector(next() & 7, 2);
      case 0x8f:
        // XOP, unless the byte is the ModRM of a POP, whose middle bits are 0.
        if ((peek() & 0x38) == 0) return 'M';
        return extended(next() & 0x1f);
      default: return kOneByte[byte];
    }
  }

  char two_bytes() {
    const std::uint8_t byte = next();
    if (byte != 0x38 && byte != 0x3a) return kTwoByte[byte];
    ++at_;
    return byte == 0x38 ? 'M' : 'B';
  }

  // VEX of three bytes, and EVEX, by the map of opcodes: 5 and 6 are those of FP16.
  char vector(int map, std::size_t more) {
    at_ += more;
    const std::uint8_t byte = next();
    switch (map) {
      case 1: return kTwoByte[byte];
      case 2:
      case 5:
      case 6: return 'M';
      case 3: return 'B';
      default: return '.';
    }
  }

  char extended(int map) {
    at_ += 2;
    switch (map) {
      case 8: return 'B';
      case 9: return 'M';
      case 10: at_ += 4; return 'M';
      default: return '.';
    }
  }

  void modrm() {
    const std::uint8_t byte = next();
    const int mode = byte >> 6;
    if (mode == 3) return;
    std::uint8_t base = byte & 7;
    if (base == 4) base = next() & 7;  // SIB
    if (mode == 1) at_ += 1;
    if (mode == 2 || (mode == 0 && base == 5)) at_ += 4;
  }

  [[nodiscard]] std::size_t word() const { return is_short_ && !is_wide_ ? 2 : 4; }
  [[nodiscard]] bool says_test() const { return (peek() & 0x38) <= 8; }

  // False if there is no such instruction.
  bool operands(char form) {
    std::size_t immediate = 0;
    switch (form) {
      case '.': return false;
      case '-': return true;
      case 'b': at_ += 1; return true;
      case 'w': at_ += 2; return true;
      case 'd': at_ += 4; return true;
      case 'e': at_ += 3; return true;
      case 'z': at_ += word(); return true;
      case 'v': at_ += is_wide_ ? 8 : word(); return true;
      case 'o': at_ += has_short_address_ ? 4 : 8; return true;
      case 'B': immediate = 1; break;
      case 'Z': immediate = word(); break;
      case 't': immediate = says_test() ? 1 : 0; break;
      case 'T': immediate = says_test() ? word() : 0; break;
      case 'x': immediate = is_short_ || is_repne_ ? 2 : 0; break;
      default: break;
    }
    modrm();
    at_ += immediate;
    return true;
  }

  Code code_;
  std::size_t at_ = 0;
  bool is_short_ = false;  // 0x66
  bool has_short_address_ = false;
  bool is_repne_ = false;
  bool is_wide_ = false;  // REX.W
};

}  // namespace

std::size_t x86_instruction_length(Code code) { return Decoder(code).length(); }

}  // namespace sonde::kernel
