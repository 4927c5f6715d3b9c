// A batch system of our own making, and its clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "executors/batch/scheduler.hpp"

namespace hpo::test {

// What is there, what it answers, and what it was asked.
struct World {
  std::int64_t now_ns = 1'000'000'000'000;
  std::chrono::nanoseconds list_takes{};
  std::vector<batch::Sighting> jobs{};
  std::vector<batch::Sighting> accounting{};
  std::optional<Error> submit_error{};  // the job may be there all the same
  bool is_down = false;
  bool is_mute = false;  // to a question by id
  bool is_accounting_down = false;
  bool keeps_accounting = true;
  int next_id = 100;
  int listings = 0;
  std::vector<AttemptSpec> submitted{};
  std::vector<batch::Sighting> hidden{};  // from listings; a question by id finds it
  std::vector<std::string> looked_up{};   // by id
  std::vector<std::vector<std::string>> accounted{};
  std::vector<std::string> cancelled{};  // "id name"
  std::vector<std::string> told{};       // likewise: its runner alone
  std::vector<std::string> log{};

  batch::Sighting& add(const std::string& id, const std::string& name, batch::Phase phase,
                       const std::string& state = "RUNNING", const std::string& node = "n1");
  // Accounting knows its end.
  void account_end(const std::string& id, const std::string& name, const std::string& state,
                   const std::string& node = "") {
    accounting.push_back({.id = id, .name = name, .phase = batch::Phase::ended, .state = state,
                          .node_list = node});
  }
};

class FakeScheduler final : public batch::Scheduler {
 public:
  explicit FakeScheduler(World& world) : world_(world) {}

  void prepare(AttemptSpec& spec) override { spec.id_variable = "FAKE_ID"; }
  Result<std::string> submit(const JobRequest& request) override;
  Result<std::vector<batch::Sighting>> list() override;
  Result<std::optional<batch::Sighting>> look_up(const batch::Sighting& job) override;
  Result<std::vector<batch::Sighting>> account(std::span<const std::string> names) override;
  bool keeps_accounting() const override { return world_.keeps_accounting; }
  Result<void> cancel(std::span<const batch::Sighting> jobs) override;
  Result<void> tell_runners(std::span<const batch::Sighting> jobs) override;
  std::string wait_text(const batch::Sighting& job) override { return "waits: " + job.reason; }
  bool waits_for_ever(const batch::Sighting& job) override { return job.reason == "Never"; }
  Outcome outcome_of(const batch::Sighting& job, const batch::Traces& traces) override;

 private:
  World& world_;
};

}  // namespace hpo::test
