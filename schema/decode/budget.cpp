// "budget" and "retry": how much may be spent, and how often an attempt may fail.
// See sections.hpp.
#include <array>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

using std::chrono::seconds;

constexpr Range<int> trials_range{.low = 1, .high = 10'000'000};
constexpr Range<int> failures_range{.low = 0, .high = 10'000'000};
constexpr Range<seconds> time_range{.low = seconds(1), .high = std::chrono::hours(24 * 3650)};
constexpr Range<double> node_hours_range{.low = 0.001, .high = 1e9};
constexpr Range<double> scale_range{.low = 1.0, .high = 10.0};
constexpr Range<int> retry_range{.low = 0, .high = 20};
constexpr std::size_t retry_words_max = 32;

constexpr std::array<std::string_view, 5> budget_keys{"trials", "time", "patience",
                                                      "max_failures", "node_hours"};
constexpr std::array<std::string_view, 3> retry_keys{"max", "on", "scale"};
constexpr std::array<std::string_view, 2> scale_keys{"memory", "time"};

void decode_on(const Cursor& at, std::vector<FailureClass>& out) {
  if (!expect_list(at, {.low = 0, .high = retry_words_max}, "write [\"lost\", \"timeout\"]")) {
    return;
  }
  out.clear();
  for (const Cursor& item : at.items()) {
    const std::string_view ours = find_familiar(Section::retry, item.node().string);
    if (!ours.empty()) {
      item.add({.code = Code::unknown_word,
                .message = "no failure is called " + quoted(item.node().string),
                .suggestion = std::string(ours)});
      continue;
    }
    if (const auto failure = read_enum<FailureClass>(item)) out.push_back(*failure);
  }
}

void decode_scale(const Cursor& at, RetryScale& out) {
  if (!expect_object(at, "write {\"memory\": 1.5, \"time\": 2}")) return;
  check_keys(at, Section::scale, scale_keys);
  if (const auto memory = at.find("memory")) assign(read_number(*memory, scale_range), out.memory);
  if (const auto time = at.find("time")) assign(read_number(*time, scale_range), out.time);
}

}  // namespace

void decode_budget(const Cursor& at, Budget& out) {
  if (!expect_object(at, "write {\"trials\": 100}")) return;
  check_keys(at, Section::budget, budget_keys);
  if (const auto trials = at.find("trials")) assign(read_int(*trials, trials_range), out.trials);
  if (const auto time = at.find("time")) out.time = read_duration(*time, time_range);
  if (const auto patience = at.find("patience")) out.patience = read_int(*patience, trials_range);
  if (const auto failures = at.find("max_failures")) {
    assign(read_int(*failures, failures_range), out.max_failures);
  }
  if (const auto hours = at.find("node_hours")) {
    out.node_hours = read_number(*hours, node_hours_range);
  }
}

void decode_retry(const Cursor& at, Retry& out) {
  if (!expect_object(at, "write {\"max\": 2}")) return;
  check_keys(at, Section::retry, retry_keys);
  if (const auto max = at.find("max")) assign(read_int(*max, retry_range), out.max);
  if (const auto on = at.find("on")) decode_on(*on, out.on);
  if (const auto scale = at.find("scale")) decode_scale(*scale, out.scale);
}

}  // namespace hpo::decode
