// Stands for the engine, which lies outside of the room: answers on a thread of its own, as the
// engine does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/loop/commands.hpp"

namespace hpo::http::test {

class FakeSink : public loop::CommandSink {
 public:
  using Answer = std::function<Result<loop::Reply>(const loop::Command&)>;

  FakeSink();
  ~FakeSink() override;
  void post(loop::Command command, loop::Done done) override;
  Health health() const override;
  std::vector<Wait> waits(const std::string&) const override;
  std::string wait_of(const std::string&, int) const override;
  int unheard(const std::string&) const override { return 1; }
  int loading(const std::string&) const override { return 1; }
  Asks asks(const std::string&) const override;
  void wait_for_event(std::int64_t after_seq, int wait_ms, std::function<void()> wake) override;

  void answer_with(Answer answer);        // default: {"study": "jets", "state": "running"}
  void throw_at_post(bool throws);        // each command meets a bug
  void hold_answers();                    // until answer_held()
  void answer_held();
  void set_health(Health health);
  void set_last_event(std::int64_t seq);  // and wakes who waits
  std::vector<loop::Command> commands() const;
  std::size_t waiting() const;

 private:
  struct Engine;  // its thread, and who waits there
  void wake_due();  // REQUIRES: mutex_ is held

  mutable std::mutex mutex_{};
  std::unique_ptr<Engine> engine_;
  Answer answer_{};
  bool holds_ = false;
  bool throws_ = false;
  std::vector<std::function<void()>> held_{};
  std::vector<loop::Command> commands_{};
  Health health_{.ready = true, .started_ns = 1'700'000'000'000'000'000};
};

}  // namespace hpo::http::test
