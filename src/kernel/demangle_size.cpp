#include "kernel/demangle_size.h"

#include <llvm/Demangle/ItaniumDemangle.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <type_traits>
#include <unordered_map>
#include <vector>

namespace sonde::kernel {
namespace {

using llvm::itanium_demangle::Node;
using llvm::itanium_demangle::NodeArray;

constexpr std::uint64_t kLongest = 65536;  // Bytes of a name.
constexpr std::uint64_t kOwnText =
    16;  // What a node adds to what its parts print: brackets, "const", "operator".

// The parser's nodes are a graph, in which a part that is referred to stands once and is printed many times: parsing takes little,
// printing may take for ever. Each node is made of finished ones, so that its length is known when it is made. A null node ends the
// parsing.
class Measure {
 public:
  void reset() {}

  template <class T, class... Args>
  Node* makeNode(Args&&... args) {
    // What it will refer to is known later only.
    if constexpr (std::is_same_v<T, llvm::itanium_demangle::ForwardTemplateReference>)
      return nullptr;
    std::uint64_t bytes = (kOwnText + ... + length(args));
    // Its part is printed for each member of the pack.
    if constexpr (std::is_same_v<T, llvm::itanium_demangle::ParameterPackExpansion>)
      bytes *= std::max<std::uint64_t>(1, longest_array_);
    if (bytes > kLongest) return nullptr;
    struct Holder final : Owner {
      T node;
      explicit Holder(Args&&... values) : node(std::forward<Args>(values)...) {}
    };
    auto holder = std::make_unique<Holder>(std::forward<Args>(args)...);
    Node* made = &holder->node;
    owned_.push_back(std::move(holder));
    lengths_.emplace(made, bytes);
    return made;
  }

  void* allocateNodeArray(std::size_t count) {
    longest_array_ = std::max<std::uint64_t>(longest_array_, count);
    return arrays_.emplace_back(count).data();
  }

 private:
  struct Owner {
    virtual ~Owner() = default;
  };

  [[nodiscard]] std::uint64_t length_of(const Node* node) const {
    const auto known = lengths_.find(node);
    return known != lengths_.end() ? known->second : 0;
  }
  template <class T>
  [[nodiscard]] std::uint64_t length(const T& part) const {
    if constexpr (std::is_convertible_v<T, const Node*>) {
      return length_of(part);
    } else if constexpr (std::is_same_v<T, NodeArray>) {
      std::uint64_t bytes = 0;
      for (const Node* node : part) bytes += length_of(node) + 2;
      return bytes;
    } else if constexpr (std::is_convertible_v<T, std::string_view>) {
      return std::string_view(part).size();
    } else {
      return 0;
    }
  }

  std::unordered_map<const Node*, std::uint64_t> lengths_;
  std::vector<std::unique_ptr<Owner>> owned_;
  std::deque<std::vector<Node*>> arrays_;
  std::uint64_t longest_array_ = 0;
};

}  // namespace

bool has_readable_name(std::string_view symbol) {
  llvm::itanium_demangle::ManglingParser<Measure> parser(symbol.data(),
                                                         symbol.data() + symbol.size());
  return parser.parse() != nullptr;
}

}  // namespace sonde::kernel
