// inotify and its queue of events, behind EndedWatch.
//
// A name may be told twice (events and reading overlap); the loop takes repeats. Thread of `io`.
#include "daemon/loop/ended_watch.hpp"

#include <sys/inotify.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace hpo::loop {
namespace {

constexpr std::size_t buffer_bytes = 64U << 10U;

class Watch final : public EndedWatch {
 public:
  Watch(boost::asio::io_context& io, int fd, std::string directory, Seen seen)
      : stream_(io, fd), directory_(std::move(directory)), seen_(std::move(seen)) {}

  void begin() {
    look();
    wait();
  }

  void look() override {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator(directory_, error)) {
      names.push_back(file.path().filename());
    }
    if (!names.empty()) seen_(std::move(names));
  }

 private:
  void wait() {
    stream_.async_read_some(boost::asio::buffer(buffer_),
                            [this](const boost::system::error_code& error, std::size_t bytes) {
      if (error) return;
      read_events(bytes);
      wait();
    });
  }

  void read_events(std::size_t bytes) {
    std::vector<std::string> names;
    bool has_overflown = false;
    for (std::size_t at = 0; at + sizeof(inotify_event) <= bytes;) {
      inotify_event event{};
      std::memcpy(&event, buffer_.data() + at, sizeof event);
      has_overflown |= (event.mask & IN_Q_OVERFLOW) != 0;
      if (event.len > 0) names.emplace_back(buffer_.data() + at + sizeof event);
      at += sizeof event + event.len;
    }
    if (!names.empty()) seen_(std::move(names));
    if (has_overflown) look();
  }

  boost::asio::posix::stream_descriptor stream_;
  std::string directory_;
  Seen seen_;
  std::array<char, buffer_bytes> buffer_{};
};

}  // namespace

Result<std::unique_ptr<EndedWatch>> EndedWatch::start(boost::asio::io_context& io,
                                                      const std::string& directory, Seen seen) {
  const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0 || ::inotify_add_watch(fd, directory.c_str(), IN_CREATE | IN_MOVED_TO) < 0) {
    return Error{ErrorCode::unavailable,
                 std::string("the directory cannot be watched: ") + std::strerror(errno),
                 directory, "raise fs.inotify.max_user_instances, or end other watchers"};
  }
  auto watch = std::make_unique<Watch>(io, fd, directory, std::move(seen));
  watch->begin();
  return std::unique_ptr<EndedWatch>(std::move(watch));
}

}  // namespace hpo::loop
