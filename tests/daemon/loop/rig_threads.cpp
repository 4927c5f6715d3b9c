// See rig_threads.hpp.
#include "tests/daemon/loop/rig_threads.hpp"

namespace hpo::test {

void RigThreads::executor(const std::string& name, loop::Work work) {
  real_.executor(name, std::move(work));
}

void RigThreads::after(std::chrono::nanoseconds delay, loop::Work work) {
  if (delay == strategy_limit) limits_.push_back(std::move(work));
  else if (is_deadline(delay)) deadlines_.push_back(std::move(work));
  else real_.after(delay, std::move(work));
}

void RigThreads::pass_strategy_limit() {
  engine([this] { for (const loop::Work& work : std::exchange(limits_, {})) work(); });
}

// Of a slot that has waited a while, less than that is left; nothing else takes about so long.
bool RigThreads::is_deadline(std::chrono::nanoseconds delay) const {
  return delay <= ask_deadline && delay > ask_deadline - std::chrono::seconds(1);
}

void RigThreads::pass_ask_deadline() {
  engine([this] { for (const loop::Work& work : std::exchange(deadlines_, {})) work(); });
}

}  // namespace hpo::test
