// A connection that never blocks past its deadline, by the Unix socket or by TLS: the stream under
// Beast's HTTP.
//
// Beast wants write_some and read_some; POSIX calls below them see Ctrl-C as EINTR at once.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "cli/tls.hpp"
#include "cli/way.hpp"
#include "executors/runner/fd.hpp"
#include "schema/result.hpp"

namespace hpo::cli {

class Stream {
 public:
  using Clock = std::chrono::steady_clock;

  Stream() = default;

  // By TCP it does not wait: whether somebody listens shows in the first put() or take().
  // Error: unavailable (nobody listens), invalid_argument (not a socket of this user).
  static Result<Stream> connect(const Way& way);

  bool is_open() const { return static_cast<bool>(fd_); }
  void close();

  // As send(2) and recv(2), never waiting: -1 with errno; EAGAIN: poll for wanted(otherwise).
  ssize_t put(const void* data, std::size_t size);
  ssize_t take(void* data, std::size_t size);
  // TLS may have to read to write, and to write to read.
  short wanted(short otherwise) const {
    return tls_ && tls_->wanted() != 0 ? tls_->wanted() : otherwise;
  }
  bool is_met() const { return !tls_ || tls_->is_through(); }      // the daemon has answered
  bool is_of_another() const { return tls_ && tls_->is_of_another(); }  // daemon than was meant

  int fd() const { return fd_.get(); }  // does not block
  int peer_pid() const { return peer_pid_; }
  void expires_after(std::chrono::milliseconds limit) { deadline_ = Clock::now() + limit; }
  // Calls it once, if it waits for longer than that from now on.
  void remark_after(std::chrono::milliseconds time, std::function<void()> remark) {
    remark_at_ = Clock::now() + time;
    remark_ = std::move(remark);
  }

  // Beast's concept asks for the throwing pair too; never called, so never defined.
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers);
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers);

  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, boost::system::error_code& error) {
    const boost::asio::mutable_buffer buffer = first(boost::asio::buffer_sequence_begin(buffers),
                                                     boost::asio::buffer_sequence_end(buffers));
    return receive(buffer.data(), buffer.size(), error);
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, boost::system::error_code& error) {
    const boost::asio::const_buffer buffer = first(boost::asio::buffer_sequence_begin(buffers),
                                                   boost::asio::buffer_sequence_end(buffers));
    return send(buffer.data(), buffer.size(), error);
  }

 private:
  template <class Iterator>
  static auto first(Iterator begin, Iterator end) {
    while (begin != end && (*begin).size() == 0) ++begin;
    using Buffer = std::decay_t<decltype(*begin)>;
    return begin == end ? Buffer{} : Buffer(*begin);
  }
  std::size_t receive(void* data, std::size_t size, boost::system::error_code& error);
  std::size_t send(const void* data, std::size_t size, boost::system::error_code& error);
  bool wait(short events, boost::system::error_code& error);
  int poll_until(Clock::time_point until, short events);  // as poll(2)

  static Result<Stream> connect_here(const std::string& path);
  static Result<Stream> connect_by_tcp(const ConnectFile& daemon);

  runner::Fd fd_{};
  std::unique_ptr<Tls> tls_{};  // by TCP
  int peer_pid_ = 0;
  Clock::time_point deadline_{};
  Clock::time_point remark_at_{};
  std::function<void()> remark_{};  // empty: there is none, or it has been made
};

}  // namespace hpo::cli
