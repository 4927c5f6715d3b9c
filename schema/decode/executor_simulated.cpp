// The executor "simulated": {"seconds": [1, 9], "failures": 0.1, "losses": 0.05}.
// See sections.hpp.
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

constexpr Range<double> seconds_range{.low = 0.0, .high = 86400.0};
constexpr Range<double> fraction_range{.low = 0.0, .high = 1.0};
constexpr double rounding = 1e-9;  // 0.9 + 0.1 may be a little above 1

void read_seconds(const Cursor& at, SimulatedSpec& out) {
  if (!expect_list(at, {.low = 2, .high = 2}, "write [min, max]")) return;
  const std::vector<Cursor> items = at.items();
  const auto low = read_number(items[0], seconds_range);
  const auto high = read_number(items[1], seconds_range);
  if (!low || !high) return;
  out.seconds_min = *low;
  out.seconds_max = *high;
  if (*low <= *high) return;
  at.add({.code = Code::bad_simulation,
          .message = "the least " + value_words(items[0].node()) + " s are more than the most " +
                     value_words(items[1].node()) + " s",
          .suggestion = "write [min, max]"});
}

}  // namespace

void decode_simulated(const Cursor& executor, SimulatedSpec& out) {
  if (const auto seconds = executor.find("seconds")) read_seconds(*seconds, out);
  const auto failures = executor.find("failures");
  const auto losses = executor.find("losses");
  if (failures) assign(read_number(*failures, fraction_range), out.failures);
  if (losses) assign(read_number(*losses, fraction_range), out.losses);
  if (out.failures + out.losses <= 1.0 + rounding) return;
  const Cursor& at = losses ? *losses : *failures;  // either alone is at most 1
  at.add({.code = Code::bad_simulation,
          .message = "failures and losses together are more than all attempts",
          .suggestion = "keep their sum at 1 or below"});
}

}  // namespace hpo::decode
