// A network namespace of a test's own: what the test does to interfaces there touches nothing else.
#pragma once

#include <string>

namespace sonde::test {

class NetworkNamespace {
 public:
  // This process, and the children that it starts, are in the new namespace until the object is gone.
  NetworkNamespace();
  ~NetworkNamespace();
  NetworkNamespace(const NetworkNamespace&) = delete;
  NetworkNamespace& operator=(const NetworkNamespace&) = delete;
  // Empty, or why it could not be made.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  int before_ = -1;
  std::string problem_;
};

}  // namespace sonde::test
