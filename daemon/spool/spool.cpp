// See spool.hpp.
#include "daemon/spool/spool.hpp"

#include <time.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <set>
#include <utility>

#include "executors/runner/text.hpp"

namespace hpo::spool {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::chrono::hours clean_interval{1};
constexpr int share = 10;            // of the time, at most one part is spent reading
constexpr int status_unavailable = 503;
constexpr std::size_t known_max = 100'000;   // workers that have been noted
constexpr std::size_t why_bytes_max = 256;

// What one look has found; made on the files' thread.
struct Look {
  std::vector<Inbox::Taken> taken{};
  std::vector<std::string> complaints{};
  std::string error{};
  milliseconds took{};
};

// One line; "": it tells none.
std::string reason_in(const SpoolRequest& request) {
  if (request.verb == SpoolVerb::exchange) return {};
  std::string why = runner::excerpt(request.body, why_bytes_max);
  std::ranges::replace(why, '\n', ' ');
  return why;
}

class Poller : public std::enable_shared_from_this<Poller> {
 public:
  Poller(asio::io_context& io, Spool::Config config)
      : io_(io), timer_(io), config_(std::move(config)),
        inbox_({.root = config_.root}, config_.limits), interval_(config_.interval_min) {}

  void look() {
    asio::post(files_, [this] {
      asio::post(io_, [weak = weak_from_this(), found = read()]() mutable {
        if (const auto self = weak.lock()) self->carry_out(std::move(found));
      });
    });
  }

  void stop() {
    is_stopped_ = true;
    timer_.cancel();
  }

  void end() {
    stop();
    files_.stop();
    files_.join();
  }

 private:
  Look read() {
    const auto begin = Clock::now();
    Look look;
    if (begin >= clean_at_) {
      inbox_.clean(::time(nullptr));
      clean_at_ = begin + clean_interval;
    }
    auto taken = inbox_.take();
    if (taken) look.taken = *std::move(taken);
    else look.error = taken.error().what + " path=\"" + taken.error().where + "\"";
    look.complaints = inbox_.take_complaints();
    look.took = std::chrono::ceil<milliseconds>(Clock::now() - begin);
    return look;
  }

  void carry_out(Look look) {
    if (is_stopped_) return;
    for (const std::string& line : look.complaints) config_.log("warn", line);
    if (look.error != error_ && !look.error.empty()) config_.log("warn", look.error);
    error_ = look.error;
    for (const Inbox::Taken& taken : look.taken) ask(taken);
    interval_ = look.taken.empty() ? std::min(interval_ * 2, config_.interval_max)
                                   : config_.interval_min;
    timer_.expires_after(std::max(interval_, look.took * share));
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& failed) {
      const auto self = weak.lock();
      if (self && !failed) self->look();
    });
  }

  // Once each: that workers ask by files is slower, and may not be what their user wants.
  void note_worker(const Inbox::Taken& taken) {
    if (known_.size() >= known_max) known_.clear();
    if (!known_.insert(taken.name.worker).second) return;
    const std::string why = reason_in(taken.request);
    config_.log("info", "worker asks by files study=" + taken.request.study + " worker=" +
                            taken.name.worker + (why.empty() ? "" : " why=\"" + why + "\""));
  }

  void ask(const Inbox::Taken& taken) {
    note_worker(taken);
    config_.ask(as_http(taken), [weak = weak_from_this(), name = taken.name](SpoolAnswer answer) {
      if (const auto self = weak.lock()) self->write(name, std::move(answer));
    });
  }

  // Any thread. That the daemon cannot answer now is no answer: it is asked again, by itself or by
  // the next daemon.
  void write(const SpoolName& name, SpoolAnswer answer) {
    asio::post(files_, [this, name, answer = std::move(answer)] {
      if (answer.status == status_unavailable) return inbox_.give_back(name);
      const auto written = inbox_.answer(name, answer);
      if (written) return;
      asio::post(io_, [weak = weak_from_this(), error = written.error()] {
        if (const auto self = weak.lock()) self->tell(error);
      });
    });
  }

  void tell(const Error& error) {
    if (std::exchange(told_, error.what) != error.what) {
      config_.log("warn", error.what + " path=\"" + error.where + "\"");
    }
  }

  asio::io_context& io_;
  asio::steady_timer timer_;
  Spool::Config config_;
  Inbox inbox_;               // of the files' thread
  Clock::time_point clean_at_{};  // likewise
  milliseconds interval_;
  std::set<std::string> known_{};
  std::string error_{};
  std::string told_{};
  bool is_stopped_ = false;
  asio::thread_pool files_{1};  // last: its thread uses what is above
};

class Running final : public Spool {
 public:
  explicit Running(std::shared_ptr<Poller> poller) : poller_(std::move(poller)) {}
  ~Running() override { poller_->end(); }
  void stop() override { poller_->stop(); }

 private:
  std::shared_ptr<Poller> poller_;
};

}  // namespace

AsHttp as_http(const Inbox::Taken& taken) {
  const std::string study = "/v1/studies/" + taken.request.study;
  switch (taken.request.verb) {
    case SpoolVerb::work: return {.is_post = false, .target = study + "/work", .body = {}};
    case SpoolVerb::study: return {.is_post = false, .target = study, .body = {}};
    case SpoolVerb::exchange: break;
  }
  return {.is_post = true, .target = study + "/workers/" + taken.name.worker + ":exchange",
          .body = taken.request.body};
}

std::unique_ptr<Spool> Spool::start(asio::io_context& io, Config config) {
  auto poller = std::make_shared<Poller>(io, std::move(config));
  poller->look();
  return std::make_unique<Running>(std::move(poller));
}

}  // namespace hpo::spool
