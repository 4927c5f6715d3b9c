// Whether the other end of a connection is there, for threads that have no business with its
// socket: who grants a trial looks first whether anybody would hear of it.
//
// The lock keeps a look from a descriptor that was closed meanwhile, and may be another file's.
#pragma once

#include <mutex>

namespace hpo::http {

class Line {
 public:
  explicit Line(int fd) : fd_(fd) {}

  // True: the other end has closed the connection, or its sending half, or it is closed here.
  // False proves nothing: a network that was cut says no word. Any thread; does not wait.
  bool is_cut() const;

  // Before the descriptor is closed. Io thread.
  void cut();

 private:
  mutable std::mutex mutex_{};
  int fd_;  // -1: closed
};

}  // namespace hpo::http
