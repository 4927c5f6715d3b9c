// The daemon's end of the spool (schema/spool.hpp): requests of workers as files, answers as files.
//
// What a file asks is handed over as the same request by HTTP, so there is one way of reading it.
// Files are touched on a thread of its own, since a file server may hang; all else is on the thread
// of `io`. inotify does not see other nodes, so the directory is read again and again: ten times a
// second while workers speak, every two seconds while nobody does, and at most a tenth of the time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/spool/inbox.hpp"

namespace boost::asio {
class io_context;
}

namespace hpo::spool {

// A request as over HTTP; names in it are such that they need no escapes.
struct AsHttp {
  bool is_post = false;
  std::string target{};
  std::string body{};
};
AsHttp as_http(const Inbox::Taken& taken);

class Spool {
 public:
  // Called once, from any thread.
  using Answer = std::function<void(SpoolAnswer)>;
  struct Config {
    std::string root{};  // STATE/spool; made where it is missing
    InboxLimits limits{};
    std::chrono::milliseconds interval_min{100};
    std::chrono::milliseconds interval_max{2000};
    std::function<void(AsHttp request, Answer answer)> ask{};                      // on io's thread
    std::function<void(std::string_view level, const std::string& line)> log{};  // likewise
  };
  static std::unique_ptr<Spool> start(boost::asio::io_context& io, Config config);

  // On io's thread, or when that has ended. Waits for the file that is being read or written.
  virtual ~Spool() = default;

  // On io's thread. No more requests are taken; answers that are due are still written.
  virtual void stop() = 0;
};

}  // namespace hpo::spool
