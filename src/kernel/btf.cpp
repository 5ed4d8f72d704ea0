#include "kernel/btf.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <limits>

#include "base/fd.h"
#include "base/file.h"

namespace sonde::kernel {
namespace {

// struct btf_header of the format.
struct Header {
  std::uint16_t magic;
  std::uint8_t version;
  std::uint8_t flags;
  std::uint32_t header_size;
  std::uint32_t type_offset, type_size;
  std::uint32_t string_offset, string_size;
};
static_assert(sizeof(Header) == 24);
constexpr std::uint16_t kMagic = 0xeb9f;

// The part of `bytes` from `offset`, `size` long; nullopt if it does not fit.
std::optional<std::string_view> part(std::string_view bytes, std::uint64_t offset,
                                     std::uint64_t size) {
  if (offset > bytes.size() || size > bytes.size() - offset) return std::nullopt;
  return bytes.substr(offset, size);
}

}  // namespace

BtfEntry::Constant BtfEntry::constant(std::uint32_t index) const {
  if (is(BtfKind::Enum64)) {
    const std::uint64_t low = word(3 * index + 1);
    const std::uint64_t high = word(3 * index + 2);
    return {word(3 * index), high << 32 | low};
  }
  const std::uint32_t value = word(2 * index + 1);
  const std::uint64_t extended =
      flag() ? static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(value)}) : value;
  return {word(2 * index), extended};
}

Btf::Btf(Btf&& other) noexcept
    : base_(other.base_), bytes_(std::move(other.bytes_)),
      mapping_(std::exchange(other.mapping_, {})), types_(other.types_), strings_(other.strings_),
      first_id_(other.first_id_), first_string_(other.first_string_),
      checkpoints_(std::move(other.checkpoints_)), reached_(other.reached_),
      reached_at_(other.reached_at_) {
  // The views stay valid: a blob is longer than the buffer inside a string, so its bytes do not move.
}

Btf::~Btf() {
  // munmap() takes the address without const; nothing is written.
  if (!mapping_.empty()) ::munmap(const_cast<char*>(mapping_.data()), mapping_.size());
}

Result<Btf> Btf::open(const std::string& path, const Btf* base) {
  const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail_errno("open " + path);
  struct stat info{};
  if (::fstat(fd.get(), &info) != 0) return fail_errno("stat " + path);
  void* memory = MAP_FAILED;
  if (info.st_size > 0) {
    memory = ::mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ, MAP_PRIVATE,
                    fd.get(), 0);
  }
  if (memory == MAP_FAILED) {
    auto bytes = read_file(path);
    if (!bytes) return std::unexpected(bytes.error());
    return from_bytes(std::move(*bytes), base);
  }
  Btf btf;
  btf.base_ = base;
  btf.mapping_ = {static_cast<const char*>(memory), static_cast<std::size_t>(info.st_size)};
  if (auto header = btf.read_header(path); !header) return std::unexpected(header.error());
  return btf;
}

Result<Btf> Btf::from_bytes(std::string bytes, const Btf* base) {
  Btf btf;
  btf.base_ = base;
  btf.bytes_ = std::move(bytes);
  if (auto header = btf.read_header("BTF"); !header) return std::unexpected(header.error());
  return btf;
}

Result<void> Btf::read_header(const std::string& name) {
  const std::string_view bytes = mapping_.empty() ? std::string_view(bytes_) : mapping_;
  types_ = {};
  strings_ = {};
  Header header;
  if (bytes.size() < sizeof header) return fail("read " + name + ": no BTF header");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != kMagic || header.version != 1) {
    return fail("read " + name + ": not BTF of this machine's byte order and version 1");
  }
  const std::uint64_t body = header.header_size;
  const auto types = part(bytes, body + header.type_offset, header.type_size);
  const auto strings = part(bytes, body + header.string_offset, header.string_size);
  if (body < sizeof header || !types || !strings || strings->empty() || strings->back() != '\0') {
    return fail("read " + name + ": malformed BTF header");
  }
  types_ = *types;
  strings_ = *strings;
  if (base_ != nullptr) {
    first_id_ = base_->end_id();
    first_string_ = base_->first_string_ + static_cast<std::uint32_t>(base_->strings_.size());
  }
  return {};
}

void Btf::advance(std::uint32_t id, std::size_t at) const {
  while (first_id_ + reached_ <= id && reached_at_ <= at) {
    const char* next = end_of_entry(reached_at_);
    if (next == nullptr) return;
    if (reached_ % kStride == 0) checkpoints_.push_back(static_cast<std::uint32_t>(reached_at_));
    reached_at_ = static_cast<std::size_t>(next - types_.data());
    ++reached_;
  }
}

template <class Stop>
std::optional<BtfEntry> Btf::step_from(std::size_t checkpoint, Stop&& stop) const {
  auto own = static_cast<std::uint32_t>(checkpoint) * kStride;
  for (std::size_t at = checkpoints_[checkpoint]; own < reached_; ++own) {
    const char* next = end_of_entry(at);
    const auto end = static_cast<std::size_t>(next - types_.data());
    if (stop(own, end)) return BtfEntry(first_id_ + own, types_.data() + at);
    at = end;
  }
  return std::nullopt;
}

std::uint32_t Btf::end_id() const {
  advance(std::numeric_limits<std::uint32_t>::max(), types_.size());
  return first_id_ + reached_;
}

std::optional<BtfEntry> Btf::entry(std::uint32_t id) const {
  if (id < first_id_) return base_ != nullptr ? base_->entry(id) : std::nullopt;
  advance(id, types_.size());
  const std::uint32_t wanted = id - first_id_;
  if (wanted >= reached_) return std::nullopt;
  return step_from(wanted / kStride, [&](std::uint32_t own, std::size_t) { return own == wanted; });
}

std::optional<BtfEntry> Btf::covering(std::size_t at) const {
  advance(std::numeric_limits<std::uint32_t>::max(), at);
  if (at >= reached_at_) return std::nullopt;
  const auto next = std::upper_bound(checkpoints_.begin(), checkpoints_.end(), at);
  return step_from(static_cast<std::size_t>(next - checkpoints_.begin()) - 1,
                   [&](std::uint32_t, std::size_t end) { return at < end; });
}

template <class Visit>
bool Btf::each_word(std::uint32_t word, Visit&& visit) const {
  // Blocks of constant length become vector code: 0.07 ms for vmlinux, a sixth of a walk from entry to entry.
  constexpr std::size_t kBlock = 64;
  const char* data = types_.data();
  const std::size_t words = types_.size() / sizeof word;
  const auto load = [&](std::size_t index) {
    std::uint32_t value;
    std::memcpy(&value, data + index * sizeof value, sizeof value);
    return value;
  };
  for (std::size_t begin = 0; begin < words; begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, words);
    if (end - begin == kBlock) {
      std::uint32_t hits = 0;
      for (std::size_t i = 0; i < kBlock; ++i) hits += load(begin + i) == word ? 1 : 0;
      if (hits == 0) continue;
    }
    for (std::size_t i = begin; i < end; ++i) {
      if (load(i) == word && visit(i * sizeof word)) return true;
    }
  }
  return false;
}

std::string_view Btf::string(std::uint32_t offset) const {
  if (offset < first_string_) return base_ != nullptr ? base_->string(offset) : std::string_view{};
  offset -= first_string_;
  if (offset >= strings_.size()) return {};
  return strings_.data() + offset;  // The section ends with NUL.
}

std::optional<std::uint32_t> Btf::name_offset(std::string_view name, std::uint32_t from) const {
  if (name.empty() || name.find('\0') != std::string_view::npos) return std::nullopt;
  if (base_ != nullptr && from < first_string_) {
    if (const auto offset = base_->name_offset(name, from)) return offset;
  }
  const std::size_t begin = from > first_string_ ? from - first_string_ : 0;
  if (begin >= strings_.size()) return std::nullopt;
  std::string needle(1, '\0');
  needle.append(name).push_back('\0');
  const std::string_view terminated = std::string_view(needle).substr(1);
  if (begin == 0 && strings_.starts_with(terminated)) return first_string_;
  // The NUL in front belongs to the string before.
  const std::size_t search = begin == 0 ? 0 : begin - 1;
  const void* hit =
      ::memmem(strings_.data() + search, strings_.size() - search, needle.data(), needle.size());
  if (hit == nullptr) return std::nullopt;
  const auto position = static_cast<std::size_t>(static_cast<const char*>(hit) - strings_.data());
  return first_string_ + static_cast<std::uint32_t>(position) + 1;
}

std::optional<BtfEntry> Btf::find(std::string_view name, std::uint32_t kinds) const {
  std::optional<BtfEntry> found;
  for (auto offset = name_offset(name); offset; offset = name_offset(name, *offset + 1)) {
    const bool hit = each_word(*offset, [&](std::size_t at) {
      // The kind first: it rules out most places, and covering() has to walk.
      if (end_of_entry(at) == nullptr) return false;
      const BtfEntry guess(0, types_.data() + at);
      if ((kinds & kind_bit(guess.kind())) == 0) return false;
      const auto entry = covering(at);
      if (!entry || !entry->starts_at(types_.data() + at)) return false;
      found = entry;
      return true;
    });
    if (hit) break;
  }
  return found;
}

std::optional<BtfEntry> Btf::find_enum_of(std::string_view constant) const {
  std::optional<BtfEntry> found;
  for (auto offset = name_offset(constant); offset; offset = name_offset(constant, *offset + 1)) {
    const bool hit = each_word(*offset, [&](std::size_t at) {
      const auto entry = covering(at);
      if (!entry || !entry->is_enum()) return false;
      for (std::uint32_t i = 0; i < entry->count(); ++i) {
        if (entry->constant(i).name == *offset) found = entry;
      }
      return found.has_value();
    });
    if (hit) break;
  }
  return found;
}

std::optional<std::uint32_t> Btf::function_prototype(std::string_view name) const {
  // Nothing but a function has these bits behind its name: as the type of a member or parameter they are no valid id.
  constexpr std::uint32_t kLinkages = 3;
  std::optional<std::uint32_t> prototype;
  for (auto offset = name_offset(name); offset; offset = name_offset(name, *offset + 1)) {
    const bool hit = each_word(*offset, [&](std::size_t at) {
      if (end_of_entry(at) == nullptr) return false;
      const BtfEntry guess(0, types_.data() + at);
      if (!guess.is(BtfKind::Function) || guess.flag() || guess.count() >= kLinkages) return false;
      prototype = guess.type();
      return true;
    });
    if (hit) break;
  }
  return prototype;
}

}  // namespace sonde::kernel
