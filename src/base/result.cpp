#include "base/result.h"

#include <cerrno>
#include <cstring>

namespace sonde {

std::string Error::message() const { return code == 0 ? what : what + ": " + std::strerror(code); }

std::unexpected<Error> fail(std::string what, int code, std::string hint) {
  return std::unexpected(Error{std::move(what), code, std::move(hint)});
}

std::unexpected<Error> fail_errno(std::string what, std::string hint) {
  const int code = errno;
  return fail(std::move(what), code, std::move(hint));
}

}  // namespace sonde
