// Answers as the engine does, on a thread of its own.
#include "tests/daemon/http/fake_sink.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace hpo::http::test {

struct FakeSink::Engine {
  struct Waiter {
    std::int64_t after_seq = 0;
    std::shared_ptr<std::function<void()>> wake{};
    std::shared_ptr<boost::asio::steady_timer> timer{};
  };

  boost::asio::thread_pool thread{1};  // outlives the timers
  std::vector<Waiter> waiters{};
};

FakeSink::FakeSink() : engine_(std::make_unique<Engine>()) {}

FakeSink::~FakeSink() {
  engine_->thread.stop();
  engine_->thread.join();
}

void FakeSink::post(loop::Command command, loop::Done done) {
  const std::lock_guard lock(mutex_);
  if (throws_) throw std::runtime_error("planted bug");
  commands_.push_back(command);
  auto work = [this, command = std::move(command), done = std::move(done)] {
    Answer answer;
    {
      const std::lock_guard inner(mutex_);
      answer = answer_;
    }
    done(answer ? answer(command) : loop::Reply{.body = R"({"study":"jets","state":"running"})"});
  };
  if (holds_) held_.push_back(std::move(work));
  else boost::asio::post(engine_->thread, std::move(work));
}

std::vector<loop::CommandSink::Wait> FakeSink::waits(const std::string&) const {
  return {{.text = "waits for priority", .trials = 2}};
}

std::string FakeSink::wait_of(const std::string&, int) const { return "waits for priority"; }

loop::CommandSink::Asks FakeSink::asks(const std::string&) const {
  return {.waits = {.count = 7, .p50_ms = 0.0, .p99_ms = 1.5}, .strategy = {}};
}

loop::CommandSink::Health FakeSink::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

void FakeSink::wait_for_event(std::int64_t after_seq, int wait_ms, std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  auto timer = std::make_shared<boost::asio::steady_timer>(engine_->thread,
                                                           std::chrono::milliseconds(wait_ms));
  auto shared = std::make_shared<std::function<void()>>(std::move(wake));
  timer->async_wait([this, shared](auto) {
    std::function<void()> call;
    {
      const std::lock_guard inner(mutex_);
      call = std::exchange(*shared, nullptr);
      std::erase_if(engine_->waiters,
                    [&](const Engine::Waiter& each) { return each.wake == shared; });
    }
    if (call) call();
  });
  engine_->waiters.push_back({after_seq, shared, timer});
  wake_due();
}

void FakeSink::wake_due() {
  for (const Engine::Waiter& waiter : engine_->waiters) {
    if (waiter.after_seq < health_.last_event_seq) {
      boost::asio::post(engine_->thread, [weak = std::weak_ptr(waiter.timer)] {
        if (const auto timer = weak.lock()) timer->cancel();
      });
    }
  }
}

void FakeSink::answer_with(Answer answer) {
  const std::lock_guard lock(mutex_);
  answer_ = std::move(answer);
}

void FakeSink::throw_at_post(bool throws) {
  const std::lock_guard lock(mutex_);
  throws_ = throws;
}

void FakeSink::hold_answers() {
  const std::lock_guard lock(mutex_);
  holds_ = true;
}

void FakeSink::answer_held() {
  const std::lock_guard lock(mutex_);
  holds_ = false;
  for (auto& work : held_) boost::asio::post(engine_->thread, std::move(work));
  held_.clear();
}

void FakeSink::set_health(Health health) {
  const std::lock_guard lock(mutex_);
  health_ = std::move(health);
}

void FakeSink::set_last_event(std::int64_t seq) {
  const std::lock_guard lock(mutex_);
  health_.last_event_seq = seq;
  wake_due();
}

std::vector<loop::Command> FakeSink::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

std::size_t FakeSink::waiting() const {
  const std::lock_guard lock(mutex_);
  return engine_->waiters.size();
}

}  // namespace hpo::http::test
