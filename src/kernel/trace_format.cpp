#include "kernel/trace_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "kernel/records.h"

namespace sonde::kernel {
namespace {

using types::AddressSpace;
using types::Field;
using types::FieldAccess;
using types::Record;
using types::Type;

// Integers whose width a format file does not tell when the field is wider (syscalls:*) or behind a pointer.
struct IntegerName {
  std::string_view name;
  std::uint8_t bits;
  bool is_signed;
};
constexpr IntegerName kIntegers[] = {
    {"char", 8, true},
    {"signed char", 8, true},
    {"unsigned char", 8, false},
    {"short", 16, true},
    {"unsigned short", 16, false},
    {"int", 32, true},
    {"unsigned", 32, false},
    {"unsigned int", 32, false},
    {"long", 64, true},
    {"unsigned long", 64, false},
    {"long long", 64, true},
    {"unsigned long long", 64, false},
    {"long int", 64, true},
    {"long unsigned int", 64, false},
    {"short int", 16, true},
    {"short unsigned int", 16, false},
    {"long long int", 64, true},
    {"long long unsigned int", 64, false},
    {"u8", 8, false},
    {"u16", 16, false},
    {"u32", 32, false},
    {"u64", 64, false},
    {"s8", 8, true},
    {"s16", 16, true},
    {"s32", 32, true},
    {"s64", 64, true},
    {"__u8", 8, false},
    {"__u16", 16, false},
    {"__u32", 32, false},
    {"__u64", 64, false},
    {"__s8", 8, true},
    {"__s16", 16, true},
    {"__s32", 32, true},
    {"__s64", 64, true},
    {"uint8_t", 8, false},
    {"uint16_t", 16, false},
    {"uint32_t", 32, false},
    {"uint64_t", 64, false},
    {"int8_t", 8, true},
    {"int16_t", 16, true},
    {"int32_t", 32, true},
    {"int64_t", 64, true},
    {"size_t", 64, false},
    {"ssize_t", 64, true},
    {"loff_t", 64, true},
    {"off_t", 64, true},
    {"pid_t", 32, true},
    {"uid_t", 32, false},
    {"gid_t", 32, false},
    {"qid_t", 32, false},
    {"dev_t", 32, false},
    {"mode_t", 32, false},
    {"umode_t", 16, false},
    {"key_t", 32, true},
    {"clockid_t", 32, true},
    {"timer_t", 32, true},
    {"mqd_t", 32, true},
    {"aio_context_t", 64, false},
    {"rwf_t", 32, true},
    {"key_serial_t", 32, true},
    {"sector_t", 64, false},
    {"gfp_t", 32, false},
    {"ino_t", 64, false},
    {"uint", 32, false},
    {"ulong", 64, false},
    {"bool", 8, false},
};

// One field's line, cut into its parts.
struct Line {
  std::string_view type;  // "const char *", "unsigned long"
  std::string_view name;
  std::optional<std::string_view> count;  // Between the brackets behind the name.
  FieldAccess access = FieldAccess::Direct;
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  bool is_signed = false;
};

struct Base {
  std::string name;  // Without qualifiers: "char", "struct sock".
  std::uint32_t pointers = 0;
};

std::uint32_t number_after(std::string_view line, std::string_view key) {
  std::uint32_t value = 0;
  const std::size_t at = line.find(key);
  if (at == std::string_view::npos) return 0;
  const char* begin = line.data() + at + key.size();
  std::from_chars(begin, line.data() + line.size(), value);
  return value;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// "\tfield:const char * filename;\toffset:16;\tsize:8;\tsigned:0;"
std::optional<Line> parse_line(std::string_view text) {
  text = trim(text);
  constexpr std::string_view kKey = "field:";
  if (!text.starts_with(kKey)) return std::nullopt;
  const std::size_t end = text.find(';');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view declared = trim(text.substr(kKey.size(), end - kKey.size()));
  const std::string_view rest = text.substr(end);
  Line line{.offset = number_after(rest, "offset:"),
            .size = number_after(rest, "size:"),
            .is_signed = number_after(rest, "signed:") != 0};
  for (const auto& [mark, access] : {std::pair{"__data_loc ", FieldAccess::DataLoc},
                                     std::pair{"__rel_loc ", FieldAccess::RelDataLoc}}) {
    if (declared.starts_with(mark)) {
      line.access = access;
      declared.remove_prefix(std::string_view(mark).size());
    }
  }
  if (declared.ends_with(
          ']')) {  // "char comm[16]"; a dynamic array, "char[] name", ends with its name.
    const std::size_t open = declared.find('[');
    if (open == std::string_view::npos) return std::nullopt;
    line.count = declared.substr(open + 1, declared.size() - open - 2);
    declared = trim(declared.substr(0, open));
  }
  std::size_t begin = declared.size();
  while (begin > 0 && is_word(declared[begin - 1])) --begin;
  line.name = declared.substr(begin);
  line.type = trim(declared.substr(0, begin));
  if (line.name.empty() || line.type.empty()) return std::nullopt;
  return line;
}

Base base_of(std::string_view type) {
  constexpr std::string_view kIgnored[] = {"const",   "volatile", "__user",   "__rcu",   "__percpu",
                                           "__iomem", "__seg_gs", "__seg_fs", "restrict"};
  Base base;
  for (std::size_t at = 0; at < type.size();) {
    std::size_t end = at;
    while (end < type.size() && is_word(type[end])) ++end;
    const std::string_view word = type.substr(at, end - at);
    if (word.empty()) {
      if (type[at] == '*') ++base.pointers;
      ++at;
      continue;
    }
    at = end;
    if (std::find(std::begin(kIgnored), std::end(kIgnored), word) != std::end(kIgnored)) continue;
    if (!base.name.empty()) base.name += ' ';
    base.name += word;
  }
  return base;
}

class FormatParser {
 public:
  FormatParser(types::Context& types, const TypeNames& names, bool is_syscall)
      : types_(types), names_(names), is_syscall_(is_syscall) {}

  Field field(const Line& line) {
    Field field{.name = std::string(line.name), .offset = line.offset, .access = line.access};
    field.c_type = line.access == FieldAccess::DataLoc ? fmt::format("__data_loc {}", line.type)
                   : line.access == FieldAccess::RelDataLoc ? fmt::format("__rel_loc {}", line.type)
                                                            : std::string(line.type);
    if (line.count) field.c_type += fmt::format("[{}]", *line.count);
    const Base base = base_of(line.type);
    if (line.access != FieldAccess::Direct) {
      field.type = types_.array(element(base), 0);
    } else if (line.count) {
      field.type = array(line, base);
    } else {
      field.type = base.pointers > 0 ? pointer(base) : value(base.name, line.size, line.is_signed);
    }
    return field;
  }

 private:
  const Type* byte() { return types_.integer(8, false); }

  // A type of its own width, as behind a pointer or in an array; null if only the file's size can tell.
  const Type* named(std::string_view name) {
    if (name == "bool" || name == "_Bool") return types_.bool_type();
    for (const IntegerName& row : kIntegers) {
      if (row.name == name) return types_.integer(row.bits, row.is_signed);
    }
    return nullptr;
  }

  // "struct x" or "union x" through `find`; null for other names.
  template <class Find>
  static const Type* record(std::string_view name, const Find& find) {
    for (const auto& [keyword, kind] :
         {std::pair{std::string_view("struct "), Record::Keyword::Struct},
          std::pair{std::string_view("union "), Record::Keyword::Union}}) {
      if (name.starts_with(keyword)) return find(name.substr(keyword.size()), kind);
    }
    return nullptr;
  }

  const Type* element(const Base& base) {
    if (base.pointers > 0) return pointer(base);
    if (const Type* type = named(base.name)) return type;
    const Type* type = record(base.name, names_.record);
    if (type == nullptr) type = other(base.name);
    return type != nullptr && type->size() > 0 ? type : byte();
  }

  const Type* other(std::string_view name) {
    if (name.find(' ') == std::string_view::npos) return names_.type_alias(name);
    constexpr std::string_view kEnum = "enum ";
    return name.starts_with(kEnum) ? names_.enumeration(name.substr(kEnum.size())) : nullptr;
  }

  const Type* pointer(const Base& base) {
    const AddressSpace space = is_syscall_ ? AddressSpace::User : AddressSpace::Kernel;
    const Type* pointee = base.name == "void" ? types_.void_type() : named(base.name);
    if (pointee == nullptr) pointee = record(base.name, names_.lazy_record);
    if (pointee == nullptr) pointee = other(base.name);
    if (pointee == nullptr) pointee = types_.void_type();
    for (std::uint32_t i = 0; i < base.pointers; ++i) pointee = types_.pointer(pointee, space);
    return pointee;
  }

  const Type* array(const Line& line, const Base& base) {
    const Type* item = element(base);
    std::uint32_t count = 0;
    if (const auto number = parse_u64(*line.count)) count = static_cast<std::uint32_t>(*number);
    // The count may be an expression ("sizeof(struct sockaddr_in6)"), and an unknown item a byte: the size decides.
    if (count == 0 || std::uint64_t{count} * item->size() != line.size) {
      const bool whole = item->size() != 0 && line.size % item->size() == 0;
      if (!whole) item = byte();
      count = line.size / item->size();
    }
    return types_.array(item, count);
  }

  const Type* value(std::string_view name, std::uint32_t size, bool is_signed) {
    const bool is_register = size == 1 || size == 2 || size == 4 || size == 8;
    const Type* known = named(name);
    if (known != nullptr && known->size() < size && is_register) return known;
    if (known != nullptr && known->size() == size) {
      // The file knows the sign best, but for text, which is signed everywhere in the language.
      return known->is_integer() && name != "char" ? types_.integer(size * 8, is_signed) : known;
    }
    if (known == nullptr &&
        (!is_register || name.find(' ') != std::string_view::npos || is_syscall_)) {
      const Type* type = record(name, names_.record);
      if (type == nullptr) type = other(name);
      if (type != nullptr) {
        if (type->size() == size) return type;
        if (type->is_integral() && type->size() < size && is_syscall_) return type;
        if (type->is(types::TypeKind::Enum) && is_register) {
          return types_.new_enum(types::Enum(*type->enumeration()), size * 8, is_signed);
        }
      }
    }
    if (is_register) return types_.integer(size * 8, is_signed);
    return types_.array(byte(), size);
  }

  types::Context& types_;
  const TypeNames& names_;
  bool is_syscall_;
};

}  // namespace

Result<TracepointFormat> parse_trace_format(std::string_view text, std::string_view category,
                                            std::string_view name, types::Context& types,
                                            const TypeNames& names) {
  FormatParser parser(types, names, category == "syscalls");
  TracepointFormat format;
  Record args =
      named_record(fmt::format("tracepoint:{}:{}", category, name), Record::Keyword::Arguments);
  bool has_id = false;
  for (const std::string_view row : split(text, '\n')) {
    if (row.starts_with("ID:")) {
      const auto id = parse_u64(trim(row.substr(3)));
      has_id = id.has_value();
      format.id = id.value_or(0);
    }
    const auto line = parse_line(row);
    if (!line) continue;
    args.size = std::max(args.size, line->offset + line->size);
    if (!line->name.starts_with("common_")) args.fields.push_back(parser.field(*line));
  }
  if (!has_id) return fail(fmt::format("read the format of {}:{}: no ID line", category, name));
  format.args = types.new_record(std::move(args));
  return format;
}

}  // namespace sonde::kernel
