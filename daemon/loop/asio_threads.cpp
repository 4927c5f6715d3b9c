// Asio's thread pools behind the Threads interface: the only place that starts threads.
//
// Any thread may post; executors' strands are made on the engine strand.
#include "daemon/loop/asio_threads.hpp"

#include <sys/random.h>
#include <sys/resource.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <map>
#include <utility>

#include "daemon/loop/work_line.hpp"
#include "schema/assert.hpp"

namespace hpo::loop {
namespace asio = boost::asio;
namespace {

constexpr int strategies_max = 4;            // at work at once, as others are stuck
constexpr std::size_t compute_threads = 8;   // for them, a fit, and histories
constexpr std::size_t instant_threads = 2;
constexpr std::size_t blocking_threads = 4;  // executors side by side
constexpr std::size_t waiting_threads = 8;   // each for a program that is a study's strategy
constexpr int compute_nice = 10;

void be_nice() {
  thread_local const bool is_nice = ::setpriority(PRIO_PROCESS, 0, compute_nice) == 0;
  static_cast<void>(is_nice);  // Linux: 0 is this thread, not the process
}

}  // namespace

struct AsioThreads::Pools {
  using Strand = asio::strand<asio::thread_pool::executor_type>;
  asio::thread_pool engine{1};
  asio::thread_pool compute{compute_threads};
  WorkLine strategies{[this](Work work) { post_nice(std::move(work)); },
                      [this](Work work) { asio::post(engine, std::move(work)); }, strategies_max};
  WorkLine fits{[this](Work work) { post_nice(std::move(work)); },
                [this](Work work) { asio::post(engine, std::move(work)); }, 1};
  asio::thread_pool instant{instant_threads};
  asio::thread_pool blocking{blocking_threads};
  asio::thread_pool waiting{waiting_threads};
  // Timers wait here: a thread that also waits for them sleeps in epoll, from which each post has
  // to wake it by two system calls; the engine's sleeps on a condition.
  asio::thread_pool clock{1};
  std::map<std::string, Strand> strands{};  // engine strand only

  void post_nice(Work work) {
    asio::post(compute, [work = std::move(work)] {
      be_nice();
      work();
    });
  }
};

AsioThreads::AsioThreads() : pools_(std::make_unique<Pools>()) {}
AsioThreads::~AsioThreads() { stop(); }

void AsioThreads::stop() {
  for (asio::thread_pool* pool :
       {&pools_->clock, &pools_->engine, &pools_->blocking, &pools_->waiting, &pools_->instant,
        &pools_->compute}) {
    pool->stop();
    pool->join();
  }
}

void AsioThreads::engine(Work work) { asio::post(pools_->engine, std::move(work)); }

void AsioThreads::compute(Work work) { pools_->post_nice(std::move(work)); }

void AsioThreads::strategy(Work work, Work begins) {
  pools_->strategies.add(std::move(work), std::move(begins));
}

void AsioThreads::elsewhere(Work work) { asio::post(pools_->waiting, std::move(work)); }

void AsioThreads::strategy_is_stuck() { pools_->strategies.widen(); }

void AsioThreads::fit(Work work) { pools_->fits.add(std::move(work)); }

void AsioThreads::at_once(Work work) { asio::post(pools_->instant, std::move(work)); }

void AsioThreads::executor(const std::string& name, Work work) {
  auto [strand, is_new] =
      pools_->strands.try_emplace(name, asio::make_strand(pools_->blocking.get_executor()));
  asio::post(strand->second, std::move(work));
}

void AsioThreads::after(std::chrono::nanoseconds delay, Work work) {
  auto timer = std::make_shared<asio::steady_timer>(pools_->clock.get_executor(), delay);
  timer->async_wait([this, timer, work = std::move(work)](const auto& error) mutable {
    if (!error) engine(std::move(work));
  });
}

std::int64_t AsioThreads::monotonic_ns() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

std::int64_t AsioThreads::utc_ns() {
  return std::chrono::system_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

std::uint64_t AsioThreads::random_bits() {
  std::uint64_t bits = 0;
  const auto got = ::getrandom(&bits, sizeof bits, 0);
  HPO_ASSERT(got == sizeof bits, "getrandom gives 8 bytes at once");
  return bits;
}

}  // namespace hpo::loop
