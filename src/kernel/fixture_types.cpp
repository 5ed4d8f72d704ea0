#include "kernel/fixture_types.h"

#include "base/check.h"
#include "base/text.h"
#include "kernel/records.h"

namespace sonde::kernel {

using types::AddressSpace;
using types::BitField;
using types::Record;
using types::Type;
using Keyword = types::Record::Keyword;

FixtureTypes::FixtureTypes(types::Context& context) : types_(context) {
  define_typedefs();
  define_enums();
  define_task_records();
  define_socket_records();
  define_file_records();
  define_other_records();
  define_functions();
  define_iterators();
}

void FixtureTypes::define_typedefs() {
  struct Row {
    const char* name;
    std::uint32_t bits;
    bool is_signed;
  };
  static constexpr Row kRows[] = {
      {"u8", 8, false},        {"u16", 16, false},      {"u32", 32, false},
      {"u64", 64, false},      {"s8", 8, true},         {"s16", 16, true},
      {"s32", 32, true},       {"s64", 64, true},       {"__u8", 8, false},
      {"__u16", 16, false},    {"__u32", 32, false},    {"__u64", 64, false},
      {"__s32", 32, true},     {"__s64", 64, true},     {"uint8_t", 8, false},
      {"uint16_t", 16, false}, {"uint32_t", 32, false}, {"uint64_t", 64, false},
      {"int32_t", 32, true},   {"int64_t", 64, true},   {"__be16", 16, false},
      {"__be32", 32, false},   {"pid_t", 32, true},     {"uid_t", 32, false},
      {"gid_t", 32, false},    {"size_t", 64, false},   {"ssize_t", 64, true},
      {"loff_t", 64, true},    {"dev_t", 32, false},    {"sector_t", 64, false},
      {"umode_t", 16, false},  {"gfp_t", 32, false},    {"clockid_t", 32, true},
      {"time64_t", 64, true},  {"ino_t", 64, false}};
  for (const Row& row : kRows) typedefs[row.name] = types_.integer(row.bits, row.is_signed);
}

void FixtureTypes::define_enums() {
  enums["skb_drop_reason"] = types_.new_enum({.name = "skb_drop_reason",
                                              .values = {{"SKB_NOT_DROPPED_YET", 0},
                                                         {"SKB_CONSUMED", 1},
                                                         {"SKB_DROP_REASON_NOT_SPECIFIED", 2},
                                                         {"SKB_DROP_REASON_NO_SOCKET", 3},
                                                         {"SKB_DROP_REASON_SOCKET_FILTER", 6},
                                                         {"SKB_DROP_REASON_TCP_CSUM", 13}}},
                                             32, false);
  enums["pid_type"] = types_.new_enum({.name = "pid_type",
                                       .values = {{"PIDTYPE_PID", 0},
                                                  {"PIDTYPE_TGID", 1},
                                                  {"PIDTYPE_PGID", 2},
                                                  {"PIDTYPE_SID", 3},
                                                  {"PIDTYPE_MAX", 4}}},
                                      32, false);
  const auto minus_one = static_cast<std::uint64_t>(-1);
  enums["migrate_vma_direction"] = types_.new_enum({.name = "migrate_vma_direction",
                                                    .values = {{"MIGRATE_VMA_BACKWARD", minus_one},
                                                               {"MIGRATE_VMA_NONE", 0},
                                                               {"MIGRATE_VMA_FORWARD", 1}}},
                                                   32, true);
}

// A record that others point to before it is defined.
const Type* FixtureTypes::declared(std::string_view name) {
  const auto known = structs.find(name);
  if (known != structs.end()) return known->second;
  Record record = named_record(name, Keyword::Struct);
  record.source = &declared_only_;
  return structs.emplace(name, types_.new_record(std::move(record))).first->second;
}

const Type* FixtureTypes::define(Keyword keyword, std::string_view name, std::uint32_t size,
                                 std::initializer_list<Member> members) {
  const bool is_anonymous = name.starts_with('<');
  const Type* type = keyword == Keyword::Struct && !is_anonymous
                         ? declared(name)
                         : types_.new_record(named_record(is_anonymous ? "" : name, keyword));
  if (is_anonymous) anonymous_[std::string(name)] = type;
  if (keyword == Keyword::Union && !is_anonymous) unions[std::string(name)] = type;
  Record& record = *type->record();
  record.source = nullptr;
  record.size = size;
  for (const Member& member : members) {
    types::Field field;
    field.name = member.name;
    field.type = named(member.type);
    field.offset = member.offset;
    field.bit_field = member.bits;
    field.c_type = member.type.starts_with('<') ? "" : member.type;
    record.fields.push_back(std::move(field));
  }
  return type;
}

const Type* FixtureTypes::named(std::string_view text) {
  text = trim(text);
  if (text.ends_with(']')) {
    const std::size_t open = text.rfind('[');
    const auto count = parse_u64(text.substr(open + 1, text.size() - open - 2));
    SONDE_CHECK(count.has_value());
    return types_.array(named(text.substr(0, open)), static_cast<std::uint32_t>(*count));
  }
  if (text.ends_with('*')) {
    text = trim(text.substr(0, text.size() - 1));
    constexpr std::string_view kUser = " __user";
    const bool is_user = text.ends_with(kUser);
    if (is_user) text.remove_suffix(kUser.size());
    return types_.pointer(named(text), is_user ? AddressSpace::User : AddressSpace::Kernel);
  }
  for (const std::string_view qualifier : {"const ", "volatile "}) {
    if (text.starts_with(qualifier)) return named(text.substr(qualifier.size()));
  }
  if (text.starts_with("struct ")) return declared(text.substr(7));
  if (text.starts_with("enum ")) return enums.at(std::string(text.substr(5)));
  if (text.starts_with('<')) return anonymous_.at(std::string(text));
  if (text == "void") return types_.void_type();
  if (text == "bool") return types_.bool_type();
  if (text == "char") return types_.integer(8, true);
  if (text == "unsigned char") return types_.integer(8, false);
  if (text == "unsigned short") return types_.integer(16, false);
  if (text == "int") return types_.integer(32, true);
  if (text == "unsigned int") return types_.integer(32, false);
  if (text == "long") return types_.int64();
  if (text == "unsigned long") return types_.uint64();
  return typedefs.at(std::string(text));
}

void FixtureTypes::define_task_records() {
  define_struct("list_head", 16,
                {{"next", "struct list_head *", 0}, {"prev", "struct list_head *", 8}});
  define_struct("mm_struct", 1024,
                {{"pgd", "unsigned long *", 72}, {"total_vm", "unsigned long", 192}});
  define_struct("cred", 184, {{"uid", "uid_t", 8}, {"gid", "gid_t", 12}});
  define_struct("sched_entity", 256,
                {{"on_rq", "unsigned char", 0},
                 {"exec_start", "u64", 16},
                 {"sum_exec_runtime", "u64", 24},
                 {"vruntime", "u64", 40}});
  define(Keyword::Union, "<task_struct 1>", 8, {{"rcu_users", "int", 0}, {"rcu_word", "u64", 0}});
  define_struct("task_struct", 9792,
                {{"__state", "unsigned int", 24},
                 {"stack", "void *", 32},
                 {"flags", "unsigned int", 44},
                 {"se", "struct sched_entity", 128},
                 {"tasks", "struct list_head", 2000},
                 {"mm", "struct mm_struct *", 2360},
                 {"exit_code", "int", 2412},
                 {"in_execve", "unsigned int", 2440, BitField{0, 1}},
                 {"in_iowait", "unsigned int", 2440, BitField{1, 1}},
                 {"sched_class_bits", "unsigned int", 2440, BitField{4, 3}},
                 {"pid", "pid_t", 2464},
                 {"tgid", "pid_t", 2468},
                 {"real_parent", "struct task_struct *", 2480},
                 {"parent", "struct task_struct *", 2488},
                 {"group_leader", "struct task_struct *", 2528},
                 {"numa_faults_locality", "unsigned long[3]", 2560},
                 {"start_time", "u64", 2656},
                 {"", "<task_struct 1>", 2680},
                 {"cred", "const struct cred *", 2944},
                 {"comm", "char[16]", 2960},
                 {"hidden", "struct never_defined *", 2976}});
}

void FixtureTypes::define_socket_records() {
  define_struct("sock_common", 136,
                {{"skc_daddr", "__be32", 0},
                 {"skc_rcv_saddr", "__be32", 4},
                 {"skc_dport", "__be16", 12},
                 {"skc_num", "u16", 14},
                 {"skc_family", "unsigned short", 16}});
  define_struct("sock", 760,
                {{"__sk_common", "struct sock_common", 0}, {"sk_protocol", "u16", 532}});
  define_struct("sk_buff", 232,
                {{"next", "struct sk_buff *", 0},
                 {"sk", "struct sock *", 24},
                 {"len", "unsigned int", 112},
                 {"data_len", "unsigned int", 116},
                 {"protocol", "__be16", 176},
                 {"head", "unsigned char *", 200},
                 {"data", "unsigned char *", 208}});
}

void FixtureTypes::define_file_records() {
  define(Keyword::Struct, "<qstr 2>", 8, {{"hash", "u32", 0}, {"len", "u32", 4}});
  define(Keyword::Union, "<qstr 1>", 8, {{"", "<qstr 2>", 0}, {"hash_len", "u64", 0}});
  define_struct("qstr", 16, {{"", "<qstr 1>", 0}, {"name", "const unsigned char *", 8}});
  define_struct("dentry", 192,
                {{"d_parent", "struct dentry *", 24}, {"d_name", "struct qstr", 32}});
  define_struct(
      "inode", 600,
      {{"i_mode", "umode_t", 0}, {"i_ino", "unsigned long", 64}, {"i_size", "loff_t", 80}});
  define_struct("path", 16, {{"mnt", "struct vfsmount *", 0}, {"dentry", "struct dentry *", 8}});
  define_struct("file", 184,
                {{"f_mode", "unsigned int", 4},
                 {"f_inode", "struct inode *", 32},
                 {"f_flags", "unsigned int", 48},
                 {"f_path", "struct path", 64},
                 {"f_pos", "loff_t", 104}});
}

void FixtureTypes::define_other_records() {
  define_struct("__kernel_timespec", 16, {{"tv_sec", "s64", 0}, {"tv_nsec", "s64", 8}});
  define_struct("hrtimer_sleeper", 72, {{"task", "struct task_struct *", 64}});
  define_struct(
      "pt_regs", 168,
      {{"di", "unsigned long", 112}, {"ip", "unsigned long", 128}, {"sp", "unsigned long", 152}});
  define(Keyword::Union, "sigval", 8, {{"sival_int", "int", 0}, {"sival_ptr", "void __user *", 0}});
  define(Keyword::Struct, "<atomic_t>", 4, {{"counter", "int", 0}});
  typedefs["atomic_t"] = named("<atomic_t>");
}

Signature FixtureTypes::signature(std::string_view name, std::string_view result,
                                  std::initializer_list<Member> parameters) {
  Record args = named_record(name, Keyword::Arguments);
  for (const Member& parameter : parameters) {
    types::Field field;
    field.name = parameter.name;
    field.type = named(parameter.type);
    field.offset = args.size;
    field.c_type = parameter.type;
    args.size += (field.type->size() + 7) / 8 * 8;
    args.fields.push_back(std::move(field));
  }
  const Type* type = named(result);
  return {types_.new_record(std::move(args)), type->is_void() ? nullptr : type, "vmlinux"};
}

void FixtureTypes::define_functions() {
  const auto function = [&](std::string_view name, std::string_view result,
                            std::initializer_list<Member> parameters) {
    functions.emplace(name, signature(name, result, parameters));
  };
  const auto raw = [&](std::string_view name, std::initializer_list<Member> parameters) {
    raw_tracepoints.emplace(name, signature(name, "void", parameters));
  };
  function("vfs_read", "ssize_t",
           {{"file", "struct file *"},
            {"buf", "char __user *"},
            {"count", "size_t"},
            {"pos", "loff_t *"}});
  function("vfs_write", "ssize_t",
           {{"file", "struct file *"},
            {"buf", "const char __user *"},
            {"count", "size_t"},
            {"pos", "loff_t *"}});
  function("do_nanosleep", "int", {{"t", "struct hrtimer_sleeper *"}, {"mode", "unsigned int"}});
  function("bpf_lsm_file_open", "int", {{"file", "struct file *"}});
  function("bpf_lsm_file_free_security", "void", {{"file", "struct file *"}});
  function("tcp_connect", "int", {{"sk", "struct sock *"}});
  function("kfree", "void", {{"object", "const void *"}});
  function("shared_name", "int", {{"mode", "int"}});
  // A struct of 16 bytes takes two slots.
  function("set_time", "int",
           {{"clock", "clockid_t"}, {"time", "struct __kernel_timespec"}, {"flags", "int"}});
  raw("sys_enter", {{"regs", "struct pt_regs *"}, {"id", "long"}});
  raw("sys_exit", {{"regs", "struct pt_regs *"}, {"ret", "long"}});
  raw("sched_switch", {{"preempt", "bool"},
                       {"prev", "struct task_struct *"},
                       {"next", "struct task_struct *"},
                       {"prev_state", "unsigned int"}});
  raw("sched_wakeup", {{"p", "struct task_struct *"}});
  raw("netif_receive_skb", {{"skb", "struct sk_buff *"}});
  raw("nft_commit", {{"generation", "unsigned int"}});
  raw_tracepoints["nft_commit"].module = "nf_tables";
}

void FixtureTypes::define_iterators() {
  define_struct("seq_file", 144, {{"buf", "char *", 0}, {"size", "size_t", 8}});
  define(Keyword::Union, "<bpf_iter_meta 1>", 8, {{"seq", "struct seq_file *", 0}});
  define_struct("bpf_iter_meta", 24,
                {{"", "<bpf_iter_meta 1>", 0}, {"session_id", "u64", 8}, {"seq_num", "u64", 16}});
  define_struct("bpf_map", 320, {{"id", "u32", 48}, {"max_entries", "u32", 36}});
  const auto iterator = [&](std::string_view name, std::initializer_list<Member> fields) {
    iterators.emplace(name, signature("bpf_iter_" + std::string(name), "int", fields));
  };
  iterator("task", {{"meta", "struct bpf_iter_meta *"}, {"task", "struct task_struct *"}});
  iterator("task_file", {{"meta", "struct bpf_iter_meta *"},
                         {"task", "struct task_struct *"},
                         {"fd", "u32"},
                         {"file", "struct file *"}});
  iterator("bpf_map", {{"meta", "struct bpf_iter_meta *"}, {"map", "struct bpf_map *"}});
  iterator("bpf_map_elem", {{"meta", "struct bpf_iter_meta *"},
                            {"map", "struct bpf_map *"},
                            {"key", "void *"},
                            {"value", "void *"}});
}

}  // namespace sonde::kernel
