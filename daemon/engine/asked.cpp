// What an attempt asks of a batch system: as much as the study says, and after out_of_memory or
// timeout so many times what the attempt before it asked for.
#include "schema/asked.hpp"

#include "daemon/engine/apply.hpp"

namespace hpo::engine {

Asked next_asked(const StudySpec& spec, const LiveTrial& live) {
  const ExecutorSpec& executor = spec.executor;
  if (!is_batch(executor.type) || spec.is_pulled()) return {};  // there, workers have the jobs
  if (!live.attempt) return {.time = executor.time, .memory_bytes = executor.batch.memory_bytes};
  const auto& failure = live.attempt->outcome.failure;
  return failure ? asked_after(live.attempt->asked, *failure, spec.retry.scale)
                 : live.attempt->asked;
}

}  // namespace hpo::engine
