// The loop on real threads, with a real store: what the simulation cannot show is whether two
// threads ever touch the same thing. The thread sanitiser watches this test.
#include "daemon/loop/orchestrator.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <future>

#include "daemon/loop/asio_threads.hpp"
#include "schema/decode/decode.hpp"

using namespace hpo;
using namespace std::chrono_literals;

namespace {

constexpr auto limit = 60s;  // far above what is needed

class Rig {
 public:
  Rig() {
    std::filesystem::create_directories(root_ / "ended");
    auto store = store::Store::open({.path = database()});
    REQUIRE(store);
    loop::Executors executors;
    for (const ExecutorEntry& entry : hpo::executors()) {
      if (entry.name != "simulated") continue;
      executors.emplace("simulated", *entry.make({.ended_directory = (root_ / "ended").string(),
          .monotonic_ns = [this] { return threads_.monotonic_ns(); }}));
    }
    orchestrator_ = std::make_unique<loop::Orchestrator>(
        loop::Orchestrator::Parts{
            .config = {.state_directory = root_.string(), .database = database(),
                       .poll_interval = 5ms, .checkpoint_interval = 20ms},
            .store = std::move(*store), .executors = std::move(executors),
            .readers = [path = database()] { return store::Reader::open(path); },
            .fatal = [](const Error& error) { FAIL(error.what); },
            .log = [](std::string_view, const std::string&) {}},
        threads_);
    threads_.engine([this] { REQUIRE(orchestrator_->start()); });
  }
  ~Rig() {
    std::promise<void> stopped;
    threads_.engine([&] { orchestrator_->stop([&] { stopped.set_value(); }); });
    stopped.get_future().wait_for(limit);
    threads_.stop();
    orchestrator_.reset();
    std::filesystem::remove_all(root_);
  }

  // A command and its answer; waits for the COMMIT.
  Result<loop::Reply> ask(decltype(loop::Command::body) body) {
    auto answer = std::make_shared<std::promise<Result<loop::Reply>>>();
    auto future = answer->get_future();
    orchestrator_->post({.body = std::move(body)},
                        [answer](Result<loop::Reply> r) { answer->set_value(std::move(r)); });
    REQUIRE(future.wait_for(limit) == std::future_status::ready);
    return future.get();
  }

  // The study's row, once `reached` says so; waits for events in between.
  template <class Reached>
  store::StudyRow wait_for(const std::string& name, Reached reached) {
    auto reader = store::Reader::open(database());
    REQUIRE(reader);
    const auto end = std::chrono::steady_clock::now() + limit;
    for (;;) {
      const std::int64_t seq = *(*reader)->last_event_seq();
      auto row = (*reader)->study(name);
      REQUIRE(row);
      if (reached(*row)) return *row;
      REQUIRE(std::chrono::steady_clock::now() < end);
      auto woken = std::make_shared<std::promise<void>>();
      auto future = woken->get_future();
      orchestrator_->wait_for_event(seq, 1000, [woken] { woken->set_value(); });
      future.wait_for(limit);
    }
  }

 private:
  std::string database() const { return root_ / "hpo.db"; }
  std::filesystem::path root_ = [] {
    std::string pattern = "/tmp/hpo-loop-XXXXXX";
    return std::filesystem::path(::mkdtemp(pattern.data()));
  }();
  loop::AsioThreads threads_{};
  std::unique_ptr<loop::Orchestrator> orchestrator_{};
};

StudySpec study(const std::string& name, int trials, const std::string& more = "") {
  return *decode_study(R"({"name":")" + name + R"(","space":{"x":{"float":[0,1]}},)"
                       R"("command":["true"],"workdir":"/","objective":{"minimize":"loss"},)"
                       R"("executor":{"type":"simulated","seconds":[0,0.01]},"parallel":8,)"
                       R"("budget":{"trials":)" + std::to_string(trials) + "}" + more + "}").spec;
}

}  // namespace

SCENARIO("studies side by side finish on real threads", "[loop]") {
  Rig rig;
  for (const char* name : {"a", "b", "c"}) REQUIRE(rig.ask(loop::SubmitStudy{study(name, 60)}));
  for (const char* name : {"a", "b", "c"}) {
    const auto row = rig.wait_for(name, [](const store::StudyRow& r) {
      return is_ended(r.progress.state);
    });
    CHECK(row.progress.completed == 60);
    CHECK(row.progress.attempts == 60);
    CHECK(row.progress.best_value.has_value());
  }
}

SCENARIO("submitting the same study twice gives one; another of its name is renamed", "[loop]") {
  Rig rig;
  const std::string slow = R"(,"description":"waits")";
  REQUIRE(rig.ask(loop::SubmitStudy{study("s", 1000)})->created);
  CHECK_FALSE(rig.ask(loop::SubmitStudy{study("s", 1000)})->created);
  const auto other = rig.ask(loop::SubmitStudy{study("s", 1001, slow)});
  REQUIRE(other);
  CHECK(other->created);
  CHECK(other->body.find("\"s-2\"") != std::string::npos);
}

SCENARIO("commands are refused with a reason and a remedy", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{study("s", 3)}));
  rig.wait_for("s", [](const store::StudyRow& r) { return is_ended(r.progress.state); });
  const auto check = [&](decltype(loop::Command::body) body, ErrorCode code) {
    const auto answer = rig.ask(std::move(body));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == code);
    CHECK_FALSE(answer.error().remedy.empty());
  };
  check(loop::PauseStudy{"nobody"}, ErrorCode::not_found);
  check(loop::PauseStudy{"s"}, ErrorCode::conflict);
  check(loop::CancelStudy{"s"}, ErrorCode::conflict);
  check(loop::CancelTrial{"s", 0}, ErrorCode::conflict);
  check(loop::CancelTrial{"s", 99}, ErrorCode::not_found);
  check(loop::RetryTrials{"s", {}}, ErrorCode::conflict);
  check(loop::EnqueueTrials{"s", {json::Node{}}}, ErrorCode::conflict);
}

SCENARIO("pause stops starts, resume goes on, cancel ends", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{study("s", 100000)}));
  rig.wait_for("s", [](const store::StudyRow& r) { return r.progress.completed > 20; });
  REQUIRE(rig.ask(loop::PauseStudy{"s"}));
  const auto paused = rig.wait_for("s", [](const store::StudyRow& r) { return r.running == 0; });
  CHECK(paused.progress.state == StudyState::paused);
  REQUIRE(rig.ask(loop::ResumeStudy{"s"}));
  rig.wait_for("s", [&](const store::StudyRow& r) {
    return r.progress.completed > paused.progress.completed;
  });
  REQUIRE(rig.ask(loop::CancelStudy{"s"}));
  const auto ended = rig.wait_for("s", [](const store::StudyRow& r) {
    return is_ended(r.progress.state);
  });
  CHECK(ended.progress.state == StudyState::cancelled);
}
