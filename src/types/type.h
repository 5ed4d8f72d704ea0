// The types of the language. A Type is immutable, interned in a Context and compared by address.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sonde::types {

class Context;
struct Record;
struct Enum;

enum class TypeKind : std::uint8_t {
  Void,     // No value: a statement-like call.
  Bool,     //
  Integer,  // 8 to 64 bits, signed or not.
  Enum,     // An integer with names for its values.
  Float,    // 32 or 64 bits of IEEE 754, which programs copy and user space prints.
  Pointer,  // 64 bits; knows its pointee and the address space that it points into.
  String,  // NUL-terminated bytes in a fixed capacity (the capacity counts the NUL). See StringEnd.
  Buffer,  // Counted bytes: a u32 length followed by a fixed capacity. See kBufferHeader.
  Array,   // C array.
  Record,  // C struct or union, or the arguments of a probe.
  Tuple,   // (a, b, c); also the key of a map with several keys.
  Timestamp,  // u64 nanoseconds that strftime() formats when printed. `format_index` selects the format string.
  KernelSymbol,  // u64 address that prints as a kernel symbol.
  UserSymbol,    // {u64 address, u64 tgid} that prints as a user symbol.
  Username,      // u64 uid that prints as a user name.
  GfpFlags,      // u64 flags of a memory allocation that print by name (%gr).
  ProcessName,   // u64 process id that prints as the name of the process.
  CgroupPath,    // u64 id that prints as a path; `format_index` selects the filter of hierarchies.
  Inet,          // {u64 family (2 or 10), u8 address[16]} that prints as an IP address.
  MacAddress,    // u8[6] and two zeros that print as a MAC address.
  KernelStack,   // u64 id in the stack maps, 0 if there is no stack: see plan::stack_frames().
  UserStack,     // {u64 id in the stack maps, u64 process}: see plan::process_word().
  // Aggregations: values of maps only, one partial result per CPU that user space merges.
  Count,       // u64 n
  Sum,         // i64/u64 total
  Min,         // {u64 word, u64 is_set}, see extreme.h
  Max,         // the same
  Average,     // {i64/u64 total, u64 count}
  Stats,       // {i64/u64 total, u64 count}
  Hist,        // u64 per bucket, see hist_bucket_count()
  LinearHist,  // u64 per bucket, see lhist_bucket_count()
  StdDev,      // {u64 count, u64 total[2], u64 squares[2]}: 128-bit sums, low word first
  Quantiles,   // u64 per bucket: those of a Hist of kQuantileBits
  Distinct,    // u8 per register: HyperLogLog, see kDistinctBits
  TimeSeries,  // {u64 interval, i64/u64 value, u64 extra} per interval, see SeriesWord
  Top,         // A header, counters, and the key of each counter, see TopWord
};

// Where a pointer points; decides how it is read. Unknown is read as the probe's context suggests.
enum class AddressSpace : std::uint8_t { Unknown, Kernel, User };

// How a stack is printed.
enum class StackMode : std::uint8_t { Bpftrace, Perf, Raw, BuildId };
inline constexpr std::string_view kStackModeNames[] = {"bpftrace", "perf", "raw", "build_id"};

// What an interval of a TimeSeries keeps of its values.
enum class SeriesKind : std::uint8_t { Last, Average, Max, Min, Sum };

// The words of one interval of a TimeSeries. It lies in the slot number / count() behind the last whole multiple.
enum SeriesWord : std::uint32_t {
  kSeriesNumber = 0,  // Of the interval, since 1970; 0 while the slot is unused.
  kSeriesValue = 1,   // Average: the total.
  // Last: when it was, in nanoseconds since 1970. Average: the number of values. Max and min: the interval's number again.
  kSeriesExtra = 2,
  kSeriesWords = 3,
};

// The words that a Top begins with.
enum TopWord : std::uint32_t {
  kTopBusy = 0,    // Not 0 while a program changes the counters.
  kTopTotal = 1,   // All weights but those of kTopMissed.
  kTopMissed = 2,  // Weights that came while another program was busy: of keys that nobody knows.
  // What a program leaves itself while it is busy: the counter of its key, and the one with the smallest value.
  kTopFound = 3,
  kTopSmallestAt = 4,
  kTopSmallest = 5,
  kTopHeader = 6,
};
// The words of one counter. Those without a value have no key yet, and lie behind the others.
enum TopCounterWord : std::uint32_t {
  kTopHash = 0,   // Of the key's bytes, see hash.h.
  kTopValue = 1,  // At least what the key has come to since the map was cleared.
  kTopError =
      2,  // The value that the counter had when it was given to this key: at most so much of kTopValue is others'.
  kTopCounterWords = 3,
};
// Counters are as many as this or so many for each key that is shown, if they fit into the bytes; a multiple of the turn.
inline constexpr std::uint32_t kTopLeastCounters = 128;
inline constexpr std::uint32_t kTopCountersPerKey = 4;
inline constexpr std::uint32_t kTopTurn = 4;
inline constexpr std::uint32_t kTopBytes = 32768 - 8;

// Registers of a Distinct: the standard error is 1.04 / sqrt(registers), 1.6 %.
inline constexpr std::uint32_t kDistinctBits = 12;
inline constexpr std::uint32_t kDistinctRegisters = 1U << kDistinctBits;

// Quantiles: the relative error is at most 1 / 2^(bits + 1).
inline constexpr std::uint32_t kQuantileBits = 5;
// Unit in which percentages are kept: thousandths of a per cent.
inline constexpr std::int64_t kPercent = 1000;

// Bytes in front of a Buffer's data: the u32 number of bytes that are valid, then 4 bytes of padding.
inline constexpr std::uint32_t kBufferHeader = 8;

// What the byte behind the capacity of a string says that has one, see Type::may_be_cut(). Everything but kWhole prints with
// the trailer of cut strings. A map key holds no kCutByScript: `@[str($p, 5)]` groups by five characters, whatever follows.
enum StringEnd : std::uint8_t {
  kWhole = 0,
  kCutByScript = 1,  // At a length that the script asked for.
  kCutByLimit = 2,   // At max_strlen.
};

class Type {
 public:
  [[nodiscard]] TypeKind kind() const { return kind_; }
  // Bytes that a value takes in maps and event records.
  [[nodiscard]] std::uint32_t size() const;
  [[nodiscard]] std::uint32_t alignment() const;
  // As the user writes it: "uint32", "string[64]", "struct task_struct *", "(int64,string[16])", "count_t".
  [[nodiscard]] std::string name() const;

  [[nodiscard]] bool is(TypeKind kind) const { return kind_ == kind; }
  [[nodiscard]] bool is_integer() const { return kind_ == TypeKind::Integer; }
  // Integer, Enum or Bool: a value that arithmetic takes.
  [[nodiscard]] bool is_integral() const {
    return kind_ == TypeKind::Integer || kind_ == TypeKind::Enum || kind_ == TypeKind::Bool;
  }
  [[nodiscard]] bool is_pointer() const { return kind_ == TypeKind::Pointer; }
  [[nodiscard]] bool is_string() const { return kind_ == TypeKind::String; }
  [[nodiscard]] bool is_record() const { return kind_ == TypeKind::Record; }
  [[nodiscard]] bool is_tuple() const { return kind_ == TypeKind::Tuple; }
  [[nodiscard]] bool is_void() const { return kind_ == TypeKind::Void; }
  // What a pointer to a function points to: void with a meaning, see Context::function_type().
  [[nodiscard]] bool is_function() const { return is_void() && bits_ != 0; }
  [[nodiscard]] bool is_aggregation() const { return kind_ >= TypeKind::Count; }
  [[nodiscard]] bool is_stack() const {
    return kind_ == TypeKind::KernelStack || kind_ == TypeKind::UserStack;
  }
  // Kept in an LLVM register (integers, pointers, timestamps, kernel symbols, user names, kernel stacks);
  // everything else lives in memory.
  [[nodiscard]] bool is_scalar() const;

  // Integer, Enum, Sum, Min, Max, Average, Stats, StdDev, TimeSeries.
  [[nodiscard]] bool is_signed() const { return signed_; }
  // Array of 16 or 32 bits: characters (wchar_t, char16_t, char32_t), which print as text.
  [[nodiscard]] bool is_wide_text() const { return is(TypeKind::Array) && wide_text_; }
  // Integer, Enum, Bool, Float, Pointer: width in bits (8, 16, 32, 64).
  [[nodiscard]] std::uint32_t bits() const { return bits_; }
  // String, Buffer: capacity in bytes. For Buffer without the header.
  [[nodiscard]] std::uint32_t capacity() const { return count_; }
  // String: its source may have been longer; a StringEnd behind the capacity tells. Texts that the compiler knows, `comm` and
  // arrays of characters are always whole.
  [[nodiscard]] bool may_be_cut() const { return cuttable_; }
  // What sizeof() gives: of a string its capacity.
  [[nodiscard]] std::uint32_t visible_size() const { return is_string() ? capacity() : size(); }
  // Array: number of elements (0 for a flexible array).
  [[nodiscard]] std::uint32_t count() const { return count_; }
  // Pointer, Array: what it holds. Top: its keys.
  [[nodiscard]] const Type* element() const { return element_; }
  [[nodiscard]] AddressSpace address_space() const { return address_space_; }
  // Tuple.
  [[nodiscard]] const std::vector<const Type*>& elements() const { return elements_; }
  // Tuple: byte offset of each element, C layout.
  [[nodiscard]] std::uint32_t element_offset(std::size_t index) const;
  // Record. Completed on first use through the record's source; never null for Kind::Record.
  [[nodiscard]] Record* record() const { return record_; }
  [[nodiscard]] const Enum* enumeration() const { return enum_; }
  // KernelStack, UserStack.
  [[nodiscard]] StackMode stack_mode() const { return stack_mode_; }
  // KernelStack, UserStack: the most frames to take.
  [[nodiscard]] std::uint32_t stack_limit() const { return count_; }
  // Timestamp, CgroupPath: index into the plan's format strings.
  [[nodiscard]] std::uint32_t format_index() const { return count_; }
  // Hist: log2 of the number of linear steps per power of two, 0 to 5.
  [[nodiscard]] std::uint32_t hist_bits() const { return bits_; }
  // LinearHist.
  [[nodiscard]] std::int64_t lhist_min() const { return parameters_[0]; }
  [[nodiscard]] std::int64_t lhist_max() const { return parameters_[1]; }
  [[nodiscard]] std::int64_t lhist_step() const { return parameters_[2]; }
  // TimeSeries: nanoseconds of one interval, and how many of them are kept.
  [[nodiscard]] std::int64_t series_interval() const { return parameters_[0]; }
  [[nodiscard]] std::uint32_t series_count() const {
    return static_cast<std::uint32_t>(parameters_[1]);
  }
  // Top: how many keys are shown, of how many that are counted; the bytes that a key takes. element() is the key's type.
  [[nodiscard]] std::uint32_t top_shown() const { return count_; }
  [[nodiscard]] std::uint32_t top_counters() const {
    return static_cast<std::uint32_t>(parameters_[0]);
  }
  [[nodiscard]] std::uint32_t top_key_bytes() const;
  // Bytes from the start of the value.
  [[nodiscard]] std::uint32_t top_keys_offset() const {
    return 8 * (kTopHeader + kTopCounterWords * top_counters());
  }
  [[nodiscard]] SeriesKind series_kind() const { return static_cast<SeriesKind>(parameters_[2]); }
  // Quantiles: each above 0 and at most 100 * kPercent.
  [[nodiscard]] const std::vector<std::int64_t>& percentages() const { return parameters_; }

 private:
  friend class Context;
  Type() = default;

  TypeKind kind_ = TypeKind::Void;
  bool signed_ = false;
  bool cuttable_ = false;
  bool wide_text_ = false;
  AddressSpace address_space_ = AddressSpace::Unknown;
  StackMode stack_mode_ = StackMode::Bpftrace;
  std::uint32_t bits_ = 0;
  std::uint32_t count_ = 0;
  const Type* element_ = nullptr;
  Record* record_ = nullptr;
  const Enum* enum_ = nullptr;
  std::vector<const Type*> elements_;
  std::vector<std::int64_t> parameters_;  // Of LinearHist, TimeSeries, Quantiles and Top.
};

struct BitField {
  std::uint32_t shift =
      0;  // From the least significant bit of the storage unit (the field's type at its offset).
  std::uint32_t width = 0;
};

// How a field is found; plain C layout but for what trace events do.
enum class FieldAccess : std::uint8_t {
  Direct,
  DataLoc,  // Trace event __data_loc: the u32 at `offset` is (length << 16 | offset from the record's start).
  RelDataLoc,  // Trace event __rel_loc: as DataLoc, but the offset counts from the end of the u32 itself.
};

struct Field {
  std::string
      name;  // Empty for an anonymous struct or union, whose members are found through find_field().
  const Type* type = nullptr;
  std::uint32_t offset = 0;  // Bytes from the start of the record.
  std::optional<BitField> bit_field;
  FieldAccess access = FieldAccess::Direct;
  std::string c_type;  // How listings show it ("const char *"); may be empty.
};

// A field as listings show it: "const char * filename", "char comm[16]", "__data_loc char[] name".
[[nodiscard]] std::string declaration(const Field& field);

// Completes records on first use: the kernel's BTF holds 10,000 structs and a script needs three of them.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  // Fills in size and fields. False if the record is only declared.
  virtual bool complete(Record& record) = 0;
};

struct Record {
  enum class Keyword : std::uint8_t { Struct, Union, Arguments };

  std::string name;  // Without the keyword; "" if anonymous.
  Keyword keyword = Keyword::Struct;
  std::uint32_t size = 0;
  std::uint32_t alignment = 0;  // Bytes; 0 if the source does not tell, see c_alignment().
  std::vector<Field> fields;
  RecordSource* source = nullptr;  // Null when complete or when there is nothing more to know.
  std::uint32_t source_id = 0;     // For the source: e.g. the BTF type id.

  // Ensures that `size` and `fields` are filled in. False for a struct that is only declared.
  bool complete();

  // A field by name, looking through anonymous members; `offset` counts from this record's start.
  struct Found {
    Field field;
  };
  [[nodiscard]] std::optional<Found> find_field(std::string_view field_name);
  // All names that find_field() would find.
  [[nodiscard]] std::vector<std::string> field_names();

 private:
  bool known_ = true;
};

struct Enum {
  std::string name;
  std::vector<std::pair<std::string, std::uint64_t>>
      values;  // Sign-extended when the enum is signed.
  // The name of `value`, or "" if it has none.
  [[nodiscard]] std::string_view name_of(std::uint64_t value) const;
  // The same; of flags "A|B|0x40" where the value has some of them: an enum whose values are single bits, one above 2 among them.
  [[nodiscard]] std::string text_of(std::uint64_t value) const;
};

// Names of C's types for characters of 16 and 32 bits.
[[nodiscard]] bool is_wide_character(std::string_view name);

// Owns and interns types. Not thread-safe.
class Context {
 public:
  Context();
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  [[nodiscard]] const Type* void_type() const { return void_; }
  // Nothing that can be read: pointers to it are as those to void, and print the function's name.
  [[nodiscard]] const Type* function_type() const { return function_; }
  [[nodiscard]] const Type* bool_type() const { return bool_; }
  [[nodiscard]] const Type* integer(std::uint32_t bits, bool is_signed);
  [[nodiscard]] const Type* int64() { return integer(64, true); }
  [[nodiscard]] const Type* uint64() { return integer(64, false); }
  [[nodiscard]] const Type* uint32() { return integer(32, false); }
  [[nodiscard]] const Type* pointer(const Type* pointee, AddressSpace space);
  // The same pointer into another address space.
  [[nodiscard]] const Type* with_space(const Type* pointer_type, AddressSpace space);
  [[nodiscard]] const Type* string(std::uint32_t capacity, bool may_be_cut = false);
  [[nodiscard]] const Type* buffer(std::uint32_t capacity);
  [[nodiscard]] const Type* array(const Type* element, std::uint32_t count,
                                  bool is_wide_text = false);
  // Of 32 or 64 bits.
  [[nodiscard]] const Type* floating(std::uint32_t bits);
  [[nodiscard]] const Type* tuple(std::vector<const Type*> elements);
  [[nodiscard]] const Type* timestamp(std::uint32_t format_index);
  [[nodiscard]] const Type* cgroup_path(std::uint32_t format_index);
  // KernelSymbol, Username, GfpFlags, ProcessName, UserSymbol, Inet, MacAddress, Count, Distinct.
  [[nodiscard]] const Type* simple(TypeKind kind);
  // Sum, Min, Max, Average, Stats, StdDev.
  [[nodiscard]] const Type* aggregation(TypeKind kind, bool is_signed);
  [[nodiscard]] const Type* hist(std::uint32_t bits);
  [[nodiscard]] const Type* lhist(std::int64_t min, std::int64_t max, std::int64_t step);
  [[nodiscard]] const Type* time_series(std::int64_t interval_ns, std::uint32_t count,
                                        SeriesKind kind, bool is_signed);
  [[nodiscard]] const Type* top(const Type* key, std::uint32_t shown);
  [[nodiscard]] const Type* quantiles(std::vector<std::int64_t> percentages);
  [[nodiscard]] const Type* stack(TypeKind kind, StackMode mode, std::uint32_t limit);
  // A new record (never interned: identity is the address). The context owns it.
  [[nodiscard]] const Type* new_record(Record record);
  [[nodiscard]] const Type* new_enum(Enum enumeration, std::uint32_t bits, bool is_signed);

 private:
  struct Impl;
  const Type* intern(Type type);
  std::unique_ptr<Impl> impl_;
  const Type* void_ = nullptr;
  const Type* function_ = nullptr;
  const Type* bool_ = nullptr;
};

// --- layouts of aggregation values, shared by codegen (writes) and runtime (reads) ---

// Buckets of hist(x, bits): [0] negative, [1] zero, then 2^bits linear steps per power of two.
[[nodiscard]] std::uint32_t hist_bucket_count(std::uint32_t bits);
// Bucket of `value`; what the generated code computes, for tests and replay.
[[nodiscard]] std::uint32_t hist_bucket(std::int64_t value, std::uint32_t bits);
struct BucketRange {
  std::int64_t low = 0;   // Inclusive; INT64_MIN means "no lower end".
  std::int64_t high = 0;  // Exclusive; INT64_MAX means "no upper end".
};
[[nodiscard]] BucketRange hist_bucket_range(std::uint32_t bucket, std::uint32_t bits);

// Buckets of lhist: [0] below min, then the steps, last: max and above. Saturates at UINT32_MAX: far too many to trace with.
[[nodiscard]] std::uint32_t lhist_bucket_count(std::int64_t min, std::int64_t max,
                                               std::int64_t step);
[[nodiscard]] BucketRange lhist_bucket_range(std::uint32_t bucket, std::int64_t min,
                                             std::int64_t max, std::int64_t step);

}  // namespace sonde::types
