// Watches <state>/ended, where a runner's last act is a file named as its job.
//
// inotify tells within a millisecond on this node. What was there before the start, and what an
// overflow of the queue hid, is found by reading the directory. Its own thread of an io_context;
// `seen` is called there.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "schema/result.hpp"

namespace boost::asio {
class io_context;
}

namespace hpo::loop {

class EndedWatch {
 public:
  using Seen = std::function<void(std::vector<std::string> jobs)>;

  // Starts watching; the files that are there already are told first.
  static Result<std::unique_ptr<EndedWatch>> start(boost::asio::io_context& io,
                                                   const std::string& directory, Seen seen);
  virtual ~EndedWatch() = default;

  // Reads the directory: inotify does not see what another node writes on a shared file system.
  // To be called about once a second. Thread of `io`.
  virtual void look() = 0;
};

}  // namespace hpo::loop
