// What all pruners promise.
#include "strategies/pruners/pruner.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <limits>

#include "tests/cpu_time.hpp"
#include "tests/strategies/pruners/events.hpp"

namespace hpo {
namespace {

using test::make_pruner;
using test::pruned_study;
using test::report_of;

StudySpec study_of(const PrunerEntry& entry, Direction direction) {
  StudySpec spec = pruned_study(std::string(entry.name));
  spec.objective.direction = direction;
  return spec;
}

template <class Check>
void for_all(Check check) {
  for (const PrunerEntry& entry : pruners()) {
    for (const Direction direction : {Direction::minimize, Direction::maximize}) {
      INFO(entry.name << ", " << word(direction));
      check(study_of(entry, direction));
    }
  }
}

}  // namespace

TEST_CASE("a single trial is never stopped for its numbers", "[pruner]") {
  for_all([](const StudySpec& spec) {
    Pruner pruner = make_pruner(spec);
    CHECK_FALSE(pruner.take_up());
    for (std::int64_t step = 0; step <= 30; ++step) {
      const double value = 100.0 * std::pow(-1.0, static_cast<double>(step));
      CHECK(pruner.report(report_of(0, step, value)).verdict == Verdict::go_on);
    }
    pruner.finished(0, TrialState::completed, 1.0);
    CHECK_FALSE(pruner.take_up());
  });
}

TEST_CASE("a decision is told again until the trial ends, whatever it reports", "[pruner]") {
  for_all([](const StudySpec& spec) {
    Pruner pruner = make_pruner(spec);
    for (int trial = 0; trial < 8; ++trial) {
      for (std::int64_t step = 0; step < 27; ++step) {
        const double good = spec.objective.direction == Direction::minimize ? trial : -trial;
        if (pruner.report(report_of(trial, step, good)).verdict != Verdict::go_on) break;
      }
      pruner.finished(trial, TrialState::completed, 0.0);
    }
    const double bad = spec.objective.direction == Direction::minimize ? 1e9 : -1e9;
    Decision decision;
    for (std::int64_t step = 0; step < 27; ++step) {
      const Decision now = pruner.report(report_of(9, step, bad));
      if (decision.verdict != Verdict::go_on) CHECK(now == decision);
      decision = now;
    }
    CHECK((decision.verdict == Verdict::stop) == (spec.pruner.type != "none"));
    CHECK((decision.reason.empty() == (spec.pruner.type == "none")));
  });
}

TEST_CASE("a whole training is not stopped at max or beyond", "[pruner]") {
  constexpr std::int64_t max = 27;  // of the study's fidelity
  for_all([](const StudySpec& spec) {
    const double sign = spec.objective.direction == Direction::minimize ? 1.0 : -1.0;
    Pruner pruner = make_pruner(spec);
    StudySpec longer = spec;
    longer.fidelity->max = 81;
    Pruner unbounded = make_pruner(longer);
    const auto both = [&](const Report& report) {
      const bool is_stopped = !unbounded.report(report).goes_on();
      CHECK(pruner.report(report) == Decision{});
      return is_stopped;
    };
    for (int trial = 0; trial < 8; ++trial) {
      for (std::int64_t step = max; step < max + 6; ++step) both(report_of(trial, step, sign));
      for (Pruner* each : {&pruner, &unbounded}) each->finished(trial, TrialState::completed, sign);
    }
    bool is_stopped = false;
    for (std::int64_t step = max; step < max + 6; ++step) {
      is_stopped |= both(report_of(9, step, sign * 1e9 + static_cast<double>(step)));
    }
    CHECK(is_stopped == (spec.pruner.type != "none"));  // where max is another one
    CHECK_FALSE(pruner.take_up());
  });
}

TEST_CASE("late reports decide nothing, and others are compared with them", "[pruner]") {
  for_all([](const StudySpec& spec) {
    Pruner pruner = make_pruner(spec);
    const double sign = spec.objective.direction == Direction::minimize ? 1.0 : -1.0;
    for (int trial = 0; trial < 8; ++trial) {
      for (std::int64_t step = 0; step < 27; ++step) {
        Report late = report_of(trial, step, sign * trial);
        late.is_late = true;
        CHECK(pruner.report(late) == Decision{});
      }
      CHECK_FALSE(pruner.take_up());
      pruner.finished(trial, TrialState::completed, sign * trial);
    }
    bool is_told = false;
    for (std::int64_t step = 0; step < 27; ++step) {
      is_told |= !pruner.report(report_of(9, step, sign * 1e9)).goes_on();
    }
    CHECK(is_told == (spec.pruner.type != "none"));
  });
}

TEST_CASE("steps that go back, come again or are below zero change nothing", "[pruner]") {
  for_all([](const StudySpec& spec) {
    Pruner pruner = make_pruner(spec);
    Pruner plain = make_pruner(spec);
    for (int trial = 0; trial < 20; ++trial) {
      for (std::int64_t step = 1; step < 12; ++step) {
        const double value = static_cast<double>((trial * 7 + step * 5) % 11);
        const Decision decision = plain.report(report_of(trial, step, value));
        REQUIRE(pruner.report(report_of(trial, step, value)) == decision);
        if (decision.verdict != Verdict::go_on) break;
        for (const std::int64_t again : {step, std::int64_t{1}, std::int64_t{-1}}) {
          REQUIRE(pruner.report(report_of(trial, again, 1e6)) == Decision{});
          REQUIRE(pruner.report(report_of(trial, again, -1e6)) == Decision{});
        }
      }
      plain.finished(trial, TrialState::completed, trial);
      pruner.finished(trial, TrialState::completed, trial);
      pruner.finished(trial, TrialState::failed, 0.0);  // the second time
    }
  });
}

TEST_CASE("reports of a trial that has ended leave no trace", "[pruner]") {
  for_all([](const StudySpec& spec) {
    Pruner pruner = make_pruner(spec);
    pruner.finished(3, TrialState::cancelled, 0.0);
    const std::size_t bytes = pruner.kept_bytes();
    CHECK(pruner.report(report_of(3, 9, 0.0)).verdict == Verdict::stop);
    CHECK(pruner.report(report_of(3, 9, 0.0)).reason == "the trial has ended");
    CHECK(pruner.kept_bytes() == bytes);
    pruner.taken_up(3);
    pruner.taken_up(12);
  });
}

TEST_CASE("values that are no finite numbers stop no other trial and crash nothing", "[pruner]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for_all([](const StudySpec& spec) {
    Pruner pruner = make_pruner(spec);
    for (int trial = 0; trial < 30; ++trial) {
      const double odd = trial % 3 == 0 ? NAN : trial % 3 == 1 ? infinity : -infinity;
      for (std::int64_t step = 1; step <= 27; ++step) pruner.report(report_of(trial, step, odd));
      pruner.finished(trial, trial % 2 == 0 ? TrialState::completed : TrialState::failed, odd);
    }
    for (std::int64_t step = 1; step <= 27; ++step) {
      CHECK(pruner.report(report_of(30, step, 1.0)).verdict == Verdict::go_on);
    }
  });
}

TEST_CASE("a million reports of one trial, or of ten thousand, are bounded in memory", "[pruner]") {
  constexpr std::size_t megabyte = std::size_t{1} << 20U;
  for (const PrunerEntry& entry : pruners()) {
    StudySpec spec = pruned_study(std::string(entry.name));
    spec.fidelity->max = 1'000'000;
    Pruner one = make_pruner(spec);
    const test::CpuTime time;
    for (std::int64_t step = 0; step < 1'000'000; ++step) {
      one.report(report_of(0, step, 1.0 / static_cast<double>(step + 1)));
    }
    one.finished(0, TrialState::completed, 0.0);
    CHECK(one.kept_bytes() < megabyte);
    const double middle = time.seconds();
    Pruner many = make_pruner(spec);
    for (int trial = 0; trial < 10'000; ++trial) {
      for (std::int64_t step = 0; step < 100; ++step) {
        const auto value = static_cast<double>(trial % 97 * 100 - step);
        many.report(report_of(trial, step, value));
      }
      many.finished(trial, TrialState::completed, static_cast<double>(trial % 97));
    }
    CHECK(many.kept_bytes() < 64 * megabyte);
    std::cout << entry.name << ": " << middle << " s for 10^6 reports of one trial, "
              << time.seconds() - middle << " s of 10,000\n";
  }
}

}  // namespace hpo
