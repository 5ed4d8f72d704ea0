// Reading memory of every kind, and moving bytes about in BPF memory.
#pragma once

#include "codegen/function.h"
#include "codegen/value.h"

namespace sonde::codegen {

// --- raw bytes ---
void zero(Function& f, const Memory& to, std::uint32_t size);
void copy(Function& f, const Memory& to, const Memory& from, std::uint32_t size);
// bpf_probe_read_kernel() or _user(); the destination is zeroed if the address is bad. Returns the helper's result.
IrValue probe_read(Function& f, Space space, const Memory& to, IrValue size, IrValue address);
// At most `size` bytes up to and with the NUL; always terminated if the read works. Nothing is written if it fails.
IrValue probe_read_string(Function& f, Space space, const Memory& to, IrValue size,
                          IrValue address);

// --- places ---
// The place's address as an i64, bit fields aside.
[[nodiscard]] IrValue address(Function& f, const Place& place);
// A place of Space::Bpf as memory.
[[nodiscard]] Memory memory(Function& f, const Place& place);
// The object that `pointer` points to.
[[nodiscard]] Place dereference(Function& f, const Value& pointer, const types::Type* pointee);
[[nodiscard]] Space space_of(Function& f, const types::Type& pointer);
// `bytes` further, as `type`.
[[nodiscard]] Place move(const Place& place, std::int64_t bytes, const types::Type* type);
// `bytes` further, which is known at run time only. The caller keeps it within the object.
[[nodiscard]] Place move(Function& f, const Place& place, IrValue bytes, const types::Type* type);
// Where the data of a __data_loc or __rel_loc field lies.
[[nodiscard]] Place follow_data_loc(Function& f, const Place& place);

// The scalar at a place of scalar type; for other types the place itself.
[[nodiscard]] Value load(Function& f, const Place& place);
// All bytes of the place's type; of a string those up to its NUL.
void read(Function& f, const Place& place, const Memory& to);
// The place itself if it lies in BPF memory, else a copy in a temporary.
[[nodiscard]] Memory in_memory(Function& f, const Place& place);

}  // namespace sonde::codegen
