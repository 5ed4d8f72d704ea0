#include "kernel/fixture_programs.h"

#include "base/glob.h"
#include "base/text.h"
#include "kernel/records.h"

namespace sonde::kernel {
namespace {

using types::AddressSpace;
using types::Record;
using types::Type;

// Offsets in struct pt_regs of x86-64.
constexpr std::uint32_t kDi = 112;
constexpr std::uint32_t kSi = 104;
constexpr std::uint32_t kDx = 96;
constexpr std::uint32_t kCx = 88;
constexpr std::uint32_t kAx = 80;
constexpr std::uint32_t kSp = 152;

struct LineRow {
  std::string_view file;
  std::uint32_t line, column;
  std::uint64_t address;
};
constexpr LineRow kLines[] = {
    {"/src/prog.c", 20, 5, 0x2000}, {"/src/prog.c", 41, 3, 0x2200},
    {"/src/prog.c", 42, 7, 0x2210}, {"/src/prog.c", 42, 22, 0x2240},
    {"/src/util.c", 5, 1, 0x2300},  {"/src/extra/util.c", 5, 1, 0x2110},
};
constexpr std::uint64_t kSegmentShift = 0x1000;

types::Field field(std::string_view name, const Type* type, std::uint32_t offset,
                   std::string_view c_type) {
  types::Field made;
  made.name = name;
  made.type = type;
  made.offset = offset;
  made.c_type = c_type;
  return made;
}

}  // namespace

FixturePrograms::FixturePrograms(types::Context& context) : types_(context) {
  define_types();
  define_functions();
}

void FixturePrograms::define_types() {
  color_ = types_.new_enum({.name = "color", .values = {{"RED", 0}, {"GREEN", 5}}}, 32, false);
  Record range = named_record("range", Record::Keyword::Struct);
  range.size = 16;
  range.fields = {field("first", types_.int64(), 0, "long"),
                  field("last", types_.int64(), 8, "long")};
  range_ = types_.new_record(std::move(range));
  request_ = types_.new_record(named_record("request", Record::Keyword::Struct));
  const Type* name = types_.pointer(types_.integer(8, true), AddressSpace::User);
  Record& request = *request_->record();
  request.size = 64;
  request.fields = {
      field("name", name, 0, "const char *"),
      field("id", types_.integer(32, true), 8, "int"),
      field("color", color_, 12, "enum color"),
      field("next", types_.pointer(request_, AddressSpace::User), 16, "struct request *"),
      field("range", range_, 24, "struct range"),
      field("tag", types_.array(types_.integer(8, true), 16), 40, "char[16]"),
      field("urgent", types_.uint32(), 56, "unsigned int")};
  request.fields.back().bit_field = types::BitField{2, 3};
}

plan::UserSignature FixturePrograms::begin(std::string_view name) {
  plan::UserSignature signature;
  signature.args = types_.new_record(named_record(name, Record::Keyword::Arguments));
  return signature;
}

void FixturePrograms::add_argument(plan::UserSignature& signature, std::string_view name,
                                   const Type* type, std::string_view c_type,
                                   plan::ArgumentPlace place) {
  Record& args = *signature.args->record();
  types::Field made = field(name, type, args.size, c_type);
  signature.parameters.push_back(made);
  args.size += (type->size() + 7) / 8 * 8;
  args.fields.push_back(std::move(made));
  signature.places.push_back(std::move(place));
}

void FixturePrograms::define_functions() {
  const Type* text = types_.pointer(types_.integer(8, true), AddressSpace::User);
  const Type* number = types_.integer(32, true);
  const Type* request = types_.pointer(request_, AddressSpace::User);
  const auto add = [&](std::string_view name, plan::UserSignature signature) {
    functions_.emplace(name, std::make_shared<const plan::UserSignature>(std::move(signature)));
  };

  plan::UserSignature work = begin("work");
  add_argument(work, "req", request, "struct request *", {{kDi}});
  add_argument(work, "count", number, "int", {{kSi}});
  work.parameters.push_back(field("scale", types_.uint64(), 0, "double"));
  work.missing.push_back(
      {"scale", "it is passed in a floating-point register, which the kernel does not hand over"});
  add_argument(work, "range", range_, "struct range", {{kDx, kCx}});
  add_argument(work, "copy", request_, "struct request", {{}, kSp, 8});
  work.result = number;
  work.result_text = "int";
  work.result_place.registers = {kAx};
  add("work", std::move(work));

  plan::UserSignature inside = begin("work");
  add_argument(inside, "count", number, "int", {{}, kSp, 44});
  inside.missing.push_back({"req", "it is not kept: the code is optimized"});
  inside.result_text = "int";
  add("work+", std::move(inside));

  plan::UserSignature readline = begin("readline");
  add_argument(readline, "prompt", text, "const char *", {{kDi}});
  readline.result = text;
  readline.result_text = "char *";
  readline.result_place.registers = {kAx};
  add("readline", std::move(readline));

  plan::UserSignature shape = begin("shape");
  add_argument(shape, "corners", number, "int", {{kDi}});
  shape.result_text = "void";
  add("_ZN4draw5shapeEi", std::move(shape));

  plan::UserSignature main = begin("main");
  add_argument(main, "argc", number, "int", {{kDi}});
  add_argument(main, "argv", types_.pointer(text, AddressSpace::User), "char **", {{kSi}});
  main.result_text = "double";
  main.result_problem =
      "it is returned in a floating-point register, which the kernel does not hand over";
  add("main", std::move(main));
}

std::shared_ptr<const plan::UserSignature> FixturePrograms::signature(std::string_view symbol,
                                                                      bool at_entry) const {
  const auto found = functions_.find(std::string(symbol) + (at_entry ? "" : "+"));
  return found != functions_.end() ? found->second : nullptr;
}

InstructionStart FixturePrograms::instruction_start(std::uint64_t file_offset) {
  constexpr std::uint64_t kCodeEnd = 0x7000;
  using Answer = InstructionStart::Answer;
  if (file_offset >= kCodeEnd) return {Answer::Unknown};
  const auto back = static_cast<std::uint32_t>(file_offset % 4);
  return back == 0 ? InstructionStart{} : InstructionStart{Answer::No, back, 4 - back};
}

std::optional<plan::ProgramSymbol> FixturePrograms::symbol(std::uint64_t file_offset,
                                                           std::string_view name) {
  const std::uint64_t here = file_offset + kSegmentShift;
  if (name == "counter") return plan::ProgramSymbol{0x8100 - here, std::nullopt, 4};
  if (name == "table") return plan::ProgramSymbol{0x8200 - here, std::nullopt, 64};
  return std::nullopt;
}

SourcePlaces FixturePrograms::source_places(const SourceLine& line) {
  SourcePlaces found;
  for (const LineRow& row : kLines) {
    auto& files = row.file.ends_with("/" + line.file) || row.file == line.file ? found.files
                                                                               : found.other_files;
    if (files.empty() || files.back() != row.file) files.emplace_back(row.file);
  }
  if (found.files.size() != 1) return found;
  for (const LineRow& row : kLines) {
    if (row.file != found.files.front()) continue;
    if (row.line != line.line) {
      if (row.line < line.line) found.nearest_lines.assign(1, row.line);
      continue;
    }
    found.columns.push_back(row.column);
    if (line.column == 0 || line.column == row.column)
      found.places.push_back({row.address, row.address - kSegmentShift, row.line, row.column});
  }
  if (!found.columns.empty()) found.nearest_lines.clear();
  return found;
}

std::vector<std::string> FixturePrograms::inlined_into(std::string_view function) {
  if (function == "helper") return {"main", "work"};
  return {};
}

const Type* FixturePrograms::find_record(std::string_view name, Record::Keyword keyword) {
  if (keyword != Record::Keyword::Struct) return nullptr;
  return name == "request" ? request_ : name == "range" ? range_ : nullptr;
}

const Type* FixturePrograms::find_enum(std::string_view name) {
  return name == "color" ? color_ : nullptr;
}

const Type* FixturePrograms::find_typedef(std::string_view name) {
  return name == "request_t" ? request_ : nullptr;
}

std::optional<NamedTypes::EnumConstant> FixturePrograms::find_enum_constant(std::string_view name) {
  for (const auto& [constant, value] : color_->enumeration()->values) {
    if (constant == name) return EnumConstant{color_, value};
  }
  return std::nullopt;
}

std::vector<std::string> FixturePrograms::similar_types(std::string_view name) {
  const std::vector<std::string> names{"request", "range", "color", "request_t"};
  return nearest(name, names);
}

std::vector<BpfFunction> FixturePrograms::bpf_functions(std::string_view program,
                                                        std::string_view name) {
  std::vector<BpfFunction> found;
  for (const auto& [id, function] :
       {std::pair{7U, "set_time"}, std::pair{12U, "set_time"}, std::pair{12U, "vfs_read"}}) {
    if (glob_match(program, std::to_string(id)) && glob_match(name, function))
      found.push_back({id, function});
  }
  return found;
}

}  // namespace sonde::kernel
