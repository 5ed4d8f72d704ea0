#include "kernel/kernel_btf.h"

#include <dirent.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/glob.h"
#include "base/text.h"

namespace sonde::kernel {
namespace {

const std::string kVmlinux = "vmlinux";

std::vector<std::string> names_of(const Btf& btf, std::uint32_t kinds, std::string_view glob,
                                  std::string_view prefix = {}) {
  std::vector<std::string> names;
  btf.walk([&](const BtfEntry& entry) {
    if ((kinds & kind_bit(entry.kind())) == 0) return false;
    std::string_view name = btf.string(entry.name());
    if (!name.starts_with(prefix) || name.size() == prefix.size()) return false;
    name.remove_prefix(prefix.size());
    if (glob_match(glob, name)) names.emplace_back(name);
    return false;
  });
  return names;
}

void sort_unique(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

std::uint32_t kinds_of(TypeTag tag) {
  switch (tag) {
    case TypeTag::Struct: return kind_bit(BtfKind::Struct);
    case TypeTag::Union: return kind_bit(BtfKind::Union);
    case TypeTag::Enum: break;
  }
  return kind_bit(BtfKind::Enum) | kind_bit(BtfKind::Enum64);
}

}  // namespace

struct KernelBtf::Loaded {
  Loaded(Btf blob, types::Context& context, Loaded* base)
      : btf(std::move(blob)), types(btf, context, base != nullptr ? &base->types : nullptr) {}
  Btf btf;
  BtfTypes types;
};

KernelBtf::KernelBtf(types::Context& types, std::string folder, std::string file)
    : types_(types), folder_(std::move(folder)), file_(std::move(file)) {}
KernelBtf::~KernelBtf() = default;

KernelBtf::Loaded* KernelBtf::load(const std::string& name, Loaded* base) {
  const auto [slot, is_new] = loaded_.try_emplace(name, nullptr);
  if (is_new) {
    const std::string path = base == nullptr && !file_.empty() ? file_ : folder_ + "/" + name;
    auto btf = Btf::open(path, base != nullptr ? &base->btf : nullptr);
    if (btf) {
      slot->second = std::make_unique<Loaded>(std::move(*btf), types_, base);
      slot->second->types.set_fallback(base == nullptr ? this : nullptr);
    } else if (base == nullptr) {
      error_ = btf.error();
      error_->hint = "the kernel must be built with CONFIG_DEBUG_INFO_BTF=y";
    }
  }
  return slot->second.get();
}

BtfTypes* KernelBtf::vmlinux() {
  Loaded* loaded = load(kVmlinux, nullptr);
  return loaded != nullptr ? &loaded->types : nullptr;
}

BtfTypes* KernelBtf::module(const std::string& name) {
  Loaded* base = load(kVmlinux, nullptr);
  if (base == nullptr || name.empty() || name.find('/') != std::string::npos) return nullptr;
  if (!file_.empty() && name != kVmlinux) return nullptr;
  Loaded* loaded = name == kVmlinux ? base : load(name, base);
  return loaded != nullptr ? &loaded->types : nullptr;
}

const std::vector<std::string>& KernelBtf::module_names() {
  if (modules_) return *modules_;
  modules_.emplace();
  if (!file_.empty()) return *modules_;
  DIR* folder = ::opendir(folder_.c_str());
  if (folder == nullptr) return *modules_;
  while (const dirent* file = ::readdir(folder)) {
    const std::string name = file->d_name;
    if (name[0] != '.' && name != kVmlinux) modules_->push_back(name);
  }
  ::closedir(folder);
  std::sort(modules_->begin(), modules_->end());
  return *modules_;
}

template <class Find>
auto KernelBtf::first_of(Find&& find) -> decltype(find(std::declval<BtfTypes&>())) {
  BtfTypes* base = vmlinux();
  if (base == nullptr) return {};
  if (auto found = find(*base)) return found;
  for (const std::string& name : module_names()) {
    if (BtfTypes* types = module(name)) {
      if (auto found = find(*types)) return found;
    }
  }
  return {};
}

template <class Find>
std::optional<Signature> KernelBtf::first_signature(Find&& find) {
  const auto in = [&](const std::string& name) -> std::optional<Signature> {
    BtfTypes* types = module(name);
    std::optional<Signature> found = types != nullptr ? find(*types) : std::nullopt;
    if (found) found->module = name;
    return found;
  };
  if (auto found = in(kVmlinux)) return found;
  for (const std::string& name : module_names()) {
    if (auto found = in(name)) return found;
  }
  return std::nullopt;
}

const types::Type* KernelBtf::find_record(std::string_view name, types::Record::Keyword keyword) {
  return first_of([&](BtfTypes& types) { return types.find_record(name, keyword); });
}

const types::Type* KernelBtf::find_enum(std::string_view name) {
  return first_of([&](BtfTypes& types) { return types.find_enum(name); });
}

const types::Type* KernelBtf::find_typedef(std::string_view name) {
  return first_of([&](BtfTypes& types) { return types.find_typedef(name); });
}

std::optional<View::EnumConstant> KernelBtf::find_enum_constant(std::string_view name) {
  return first_of([&](BtfTypes& types) { return types.find_enum_constant(name); });
}

std::optional<Signature> KernelBtf::raw_tracepoint(std::string_view name) {
  return first_signature([&](BtfTypes& types) { return types.raw_tracepoint(name); });
}

std::optional<Signature> KernelBtf::function(std::string_view module_name, std::string_view name) {
  if (module_name.empty() || module_name == "*") {
    return first_signature([&](BtfTypes& types) { return types.function(name); });
  }
  BtfTypes* types = module(std::string(module_name));
  auto found = types != nullptr ? types->function(name) : std::nullopt;
  if (found) found->module = module_name;
  return found;
}

std::vector<std::string> KernelBtf::similar_types(std::string_view name) {
  constexpr std::uint32_t kNamed = kind_bit(BtfKind::Struct) | kind_bit(BtfKind::Union) |
                                   kind_bit(BtfKind::Enum) | kind_bit(BtfKind::Enum64) |
                                   kind_bit(BtfKind::Typedef);
  BtfTypes* base = vmlinux();
  if (base == nullptr) return {};
  std::vector<std::string> names = names_of(base->btf(), kNamed, "*");
  sort_unique(names);
  return nearest(name, names);
}

std::vector<std::string> KernelBtf::type_names(TypeTag tag, std::string_view glob) {
  BtfTypes* base = vmlinux();
  if (base == nullptr) return {};
  std::vector<std::string> names = names_of(base->btf(), kinds_of(tag), glob);
  for (const std::string& module_name : module_names()) {
    BtfTypes* types = module(module_name);
    if (types == nullptr) continue;
    for (std::string& name : names_of(types->btf(), kinds_of(tag), glob))
      names.push_back(std::move(name));
  }
  sort_unique(names);
  return names;
}

std::string KernelBtf::type_definition(TypeTag tag, const std::string& name) {
  const std::string main_file = file_.empty() ? folder_ + "/" + kVmlinux : file_;
  std::string text = definitions_.find(main_file, {}, tag, name);
  for (const std::string& module_name : module_names()) {
    if (!text.empty()) break;
    BtfTypes* types = module(module_name);
    if (types == nullptr || names_of(types->btf(), kinds_of(tag), name).empty()) continue;
    text = definitions_.find(folder_ + "/" + module_name, main_file, tag, name);
  }
  return text;
}

std::vector<std::string> KernelBtf::raw_tracepoints(std::string_view glob) {
  constexpr std::string_view kPrefix = "btf_trace_";
  std::vector<std::string> names;
  BtfTypes* base = vmlinux();
  if (base == nullptr) return names;
  const auto add = [&](const Btf& btf) {
    for (std::string& name : names_of(btf, kind_bit(BtfKind::Typedef), glob, kPrefix)) {
      names.push_back(std::move(name));
    }
  };
  if (!is_glob(glob)) {
    const std::string alias = fmt::format("{}{}", kPrefix, glob);
    if (find_typedef(alias) != nullptr) names.emplace_back(glob);
    return names;
  }
  add(base->btf());
  for (const std::string& name : module_names()) {
    if (BtfTypes* types = module(name)) add(types->btf());
  }
  sort_unique(names);
  return names;
}

// An iterator is known by the struct of its context and by a function that stands for its programs (DEFINE_BPF_ITER_FUNC of
// include/linux/bpf.h, 5.8).
std::vector<std::string> KernelBtf::iterators(std::string_view glob) {
  std::vector<std::string> names;
  if (!is_glob(glob)) {
    const auto has = [&](const BtfTypes& types) {
      constexpr std::uint32_t kStruct = kind_bit(BtfKind::Struct);
      return types.btf().find(fmt::format("bpf_iter__{}", glob), kStruct).has_value() &&
             types.btf().function_prototype(fmt::format("bpf_iter_{}", glob)).has_value();
    };
    if (first_of(has)) names.emplace_back(glob);
    return names;
  }
  const auto add = [&](const Btf& btf) {
    for (std::string& name : names_of(btf, kind_bit(BtfKind::Struct), glob, "bpf_iter__")) {
      if (btf.function_prototype("bpf_iter_" + name)) names.push_back(std::move(name));
    }
  };
  if (BtfTypes* base = vmlinux()) add(base->btf());
  for (const std::string& name : module_names()) {
    if (BtfTypes* types = module(name)) add(types->btf());
  }
  sort_unique(names);
  return names;
}

std::vector<std::string> KernelBtf::functions(const std::string& module_name,
                                              std::string_view glob) {
  std::vector<std::string> names;
  BtfTypes* types = module(module_name);
  if (types == nullptr) return names;
  if (!is_glob(glob)) {
    if (types->btf().function_prototype(glob)) names.emplace_back(glob);
    return names;
  }
  names = names_of(types->btf(), kind_bit(BtfKind::Function), glob);
  sort_unique(names);
  return names;
}

bool KernelBtf::has_marker(std::string_view marker) {
  BtfTypes* base = vmlinux();
  if (base == nullptr) return false;
  const std::size_t colon = marker.find(':');
  if (colon == std::string_view::npos) return base->btf().find_enum_of(marker).has_value();
  const std::string_view name = marker.substr(colon + 1);
  if (marker.starts_with("func:")) return base->btf().function_prototype(name).has_value();
  return base->btf().find(name, kind_bit(BtfKind::Struct)).has_value();
}

const types::Type* KernelBtf::lazy_record(std::string_view name, types::Record::Keyword keyword) {
  BtfTypes* base = vmlinux();
  return base != nullptr ? base->lazy_record(name, keyword) : nullptr;
}

bool KernelBtf::complete(types::Record& record) {
  if (record.source_id != 0) return false;  // An id of vmlinux that does not exist.
  for (const std::string& name : module_names()) {
    BtfTypes* types = module(name);
    if (types != nullptr && types->complete(record)) return true;
  }
  return false;
}

}  // namespace sonde::kernel
