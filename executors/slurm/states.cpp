// See states.hpp.
#include "executors/slurm/states.hpp"

#include <algorithm>
#include <iterator>

#include "executors/slurm/reasons.hpp"

namespace hpo::slurm {
namespace {

struct StateWord {
  std::string_view word{};
  Phase phase = Phase::unknown;
};

constexpr StateWord state_words[] = {
    {"PENDING", Phase::queued},        {"REQUEUED", Phase::queued},
    {"REQUEUE_FED", Phase::queued},    {"CONFIGURING", Phase::queued},
    {"POWER_UP_NODE", Phase::queued},  {"SPECIAL_EXIT", Phase::held},
    {"REQUEUE_HOLD", Phase::held},     {"RESV_DEL_HOLD", Phase::held},
    {"RUNNING", Phase::running},       {"SIGNALING", Phase::running},
    {"RESIZING", Phase::running},      {"STAGE_OUT", Phase::running},
    {"SUSPENDED", Phase::running},     {"STOPPED", Phase::running},
    {"COMPLETING", Phase::completing}, {"COMPLETED", Phase::ended},
    {"FAILED", Phase::ended},          {"TIMEOUT", Phase::ended},
    {"DEADLINE", Phase::ended},        {"OUT_OF_MEMORY", Phase::ended},
    {"NODE_FAIL", Phase::ended},       {"BOOT_FAIL", Phase::ended},
    {"LAUNCH_FAILED", Phase::ended},   {"RECONFIG_FAIL", Phase::ended},
    {"PREEMPTED", Phase::ended},       {"CANCELLED", Phase::ended},
    {"REVOKED", Phase::held},
};

}  // namespace

std::string_view bare_state(std::string_view state) {
  return state.substr(0, state.find_first_of(" +"));
}

Phase phase_of(std::string_view state, std::string_view reason) {
  const std::string_view word = bare_state(state);
  const auto row = std::find_if(std::begin(state_words), std::end(state_words),
                                [&](const StateWord& each) { return each.word == word; });
  if (row == std::end(state_words)) return Phase::unknown;
  return row->phase == Phase::queued && is_held(reason) ? Phase::held : row->phase;
}

}  // namespace hpo::slurm
