// Wires the loop as the daemon does, with short intervals, and waits for what it does.
#include "tests/daemon/loop/rig.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <future>
#include <utility>

#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"

namespace hpo::test {
namespace {

loop::ExecutorRules fast() {
  return {.poll_interval = 5ms, .locate_interval = 5ms, .absent_after = 100ms, .backoff = 20ms,
          .backoff_max = 20ms};
}

template <class T>
std::unique_ptr<T> decorated(const Decorator<T>& decorator, std::unique_ptr<T> real) {
  return decorator ? decorator(std::move(real)) : std::move(real);
}

}  // namespace

Rig::Rig(const Seams& seams) {
  std::filesystem::create_directories(ended());
  threads_.ask_deadline = seams.ask_deadline;
  auto store = store::Store::open({.path = database()});
  REQUIRE(store);
  orchestrator_ = std::make_unique<loop::Orchestrator>(
      loop::Orchestrator::Parts{
          .config = {.state_directory = root_.path(), .database = database(),
                     .tcp_address = "10.0.0.5:4711", .tcp_fingerprint = std::string(64, 'f'),
                     .tcp_job_secret = std::string(32, 's'),
                     .rules = {{"local", fast()}, {"simulated", fast()}, {"slurm", fast()}},
                     .strategy_limit = RigThreads::strategy_limit,
                     .ask_deadline = seams.ask_deadline,
                     .model_bytes_max = seams.model_bytes_max,
                     .checkpoint_interval = 20ms},
          .store = decorated(seams.store, std::move(*store)), .executors = executors(seams),
          .readers = [path = database()] { return store::Reader::open(path); },
          .fatal = [](const Error& error) { FAIL(error.what); },
          .log = [this](std::string_view level, const std::string& text) {
            const std::lock_guard lock(log_mutex_);
            log_.push_back(std::string(level) + " " + text);
          },
          .strategies = seams.strategies},
      threads_);
  std::promise<Result<void>> started;  // asserted on the test's own thread, as Catch demands
  threads_.engine([&] { started.set_value(orchestrator_->start()); });
  REQUIRE(started.get_future().get());
}

Rig::~Rig() {
  std::promise<void> stopped;
  threads_.engine([&] { orchestrator_->stop([&] { stopped.set_value(); }); });
  stopped.get_future().wait_for(limit);
  threads_.stop();
  orchestrator_.reset();
}

std::vector<std::string> Rig::log() const {
  const std::lock_guard lock(log_mutex_);
  return log_;
}

loop::Executors Rig::executors(const Seams& seams) {
  loop::Executors all;
  for (const ExecutorEntry& entry : hpo::executors()) {
    if (entry.name != "simulated") continue;
    for (const char* name : {"simulated", "slurm"}) {  // none is a real batch system
      auto made = entry.make({.ended_directory = ended(),
                              .monotonic_ns = [this] { return threads_.monotonic_ns(); }});
      all.emplace(name, decorated(seams.executor, *std::move(made)));
    }
  }
  return all;
}

std::future<Result<loop::Reply>> Rig::post(decltype(loop::Command::body) body) {
  auto answer = std::make_shared<std::promise<Result<loop::Reply>>>();
  auto future = answer->get_future();
  orchestrator_->post({.body = std::move(body)},
                      [answer](Result<loop::Reply> r) { answer->set_value(std::move(r)); });
  return future;
}

Result<loop::Reply> Rig::ask(decltype(loop::Command::body) body) {
  auto future = post(std::move(body));
  REQUIRE(future.wait_for(limit) == std::future_status::ready);
  return future.get();
}

loop::Held Rig::lease_of_next(const std::string& study) {
  const auto reply = ask(loop::Exchange{.study = study, .worker = "w", .start = 1, .wait = 20s});
  REQUIRE(reply);
  const auto root = *json::parse_own(reply->body, "reply");
  const json::Node& item = root.find("trials")->items.at(0);
  return {static_cast<int>(json::integer_at(item, "trial")), json::integer_at(item, "fence")};
}

std::unique_ptr<store::Reader> Rig::reader() const {
  auto opened = store::Reader::open(database());
  REQUIRE(opened);
  return *std::move(opened);
}

store::StudyRow Rig::wait_for(const std::string& name, const Reached& reached) {
  const auto rows = reader();
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const std::int64_t seq = *rows->last_event_seq();
    auto row = rows->study(name);
    REQUIRE(row);
    if (reached(*row)) return *row;
    REQUIRE(std::chrono::steady_clock::now() < end);
    auto woken = std::make_shared<std::promise<void>>();
    auto future = woken->get_future();
    orchestrator_->wait_for_event(seq, 1000, [woken] { woken->set_value(); });
    future.wait_for(limit);
  }
}

store::StudyRow Rig::wait_for_end(const std::string& name) {
  return wait_for(name, [](const store::StudyRow& r) { return is_ended(r.progress.state); });
}

store::StudyRow Rig::wait_for_pause(const std::string& name) {
  return wait_for(name, [](const store::StudyRow& r) {
    return r.progress.state == StudyState::paused;
  });
}

StudySpec study(const std::string& name, int trials, const std::string& more,
                const std::string& executor) {
  return *decode_study(R"({"name":")" + name + R"(","space":{"x":{"float":[0,1]}},)"
                       R"("command":["true"],"workdir":"/","objective":{"minimize":"loss"},)"
                       R"("executor":{"type":"simulated","seconds":[0,0.01])" + executor +
                       R"(},"parallel":8,"budget":{"trials":)" + std::to_string(trials) + "}" +
                       more + "}").spec;
}

}  // namespace hpo::test
