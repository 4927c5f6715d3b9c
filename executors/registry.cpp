// The list of executors, made from executors.def. Any thread.
#include <array>

#include "executors/executor.hpp"

namespace hpo {

#define HPO_EXECUTOR(name) \
  Result<std::unique_ptr<Executor>> make_##name(const ExecutorConfig& config);
#include "executors/executors.def"
#undef HPO_EXECUTOR

std::span<const ExecutorEntry> executors() {
  static constexpr std::array entries{
#define HPO_EXECUTOR(name) ExecutorEntry{#name, make_##name},
#include "executors/executors.def"
#undef HPO_EXECUTOR
  };
  return entries;
}

}  // namespace hpo
