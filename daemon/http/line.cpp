// See line.hpp.
#include "daemon/http/line.hpp"

#include <poll.h>

namespace hpo::http {

bool Line::is_cut() const {
  const std::lock_guard held(mutex_);
  if (fd_ < 0) return true;
  pollfd looked{.fd = fd_, .events = POLLRDHUP, .revents = 0};
  return ::poll(&looked, 1, 0) > 0;  // POLLERR and POLLHUP are told unasked
}

void Line::cut() {
  const std::lock_guard held(mutex_);
  fd_ = -1;
}

}  // namespace hpo::http
