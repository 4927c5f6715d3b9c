// See worker_spec.hpp.
#include "schema/worker_spec.hpp"

#include <algorithm>
#include <chrono>

#include "schema/paths.hpp"

namespace hpo {
namespace {

// Of a job's wall time: what passes before the worker runs, and after it until its end is told.
constexpr std::chrono::seconds job_margin{10};

std::string list_of(const std::vector<int>& devices) {
  std::string text;
  for (const int device : devices) text += (text.empty() ? "" : ",") + std::to_string(device);
  return text;
}

std::vector<std::string> command_of_worker(const StudySpec& spec, const WorkerWords& words) {
  std::vector<std::string> command{escaped_word(words.hpo_program), "worker", "--study", spec.name,
                                   "--slots", std::to_string(spec.slots_per_worker()), "--name",
                                   words.name};
  if (is_batch(spec.executor.type) && spec.executor.time) {
    const auto time = std::max(*spec.executor.time - job_margin, std::chrono::seconds(1));
    command.insert(command.end(), {"--max-time", std::to_string(time.count()) + "s"});
  }
  if (spec.executor.gpus > 0) {  // a batch system chooses them: the job's environment tells
    command.insert(command.end(), {"--gpus", is_batch(spec.executor.type)
                                                 ? "job" : list_of(words.devices)});
  }
  return command;
}

}  // namespace

std::string escaped_word(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '{' || c == '}' ? std::string(2, c) : std::string(1, c);
  return out;
}

AttemptSpec worker_spec_of(const StudySpec& spec, const WorkerWords& words) {
  AttemptSpec out = attempt_spec_of(spec);
  out.is_worker = true;
  out.trial = words.number;
  out.job = words.job;
  out.command = command_of_worker(spec, words);
  out.params = "{}";
  out.secrets.clear();
  out.container.reset();
  out.result = {};
  out.hides_devices = false;  // by slots, it does that itself
  if (!is_batch(spec.executor.type)) out.time.reset();  // there it is each trial's
  out.environment.insert_or_assign("HPO_STATE_DIR", words.state_directory);
  out.ended_directory = StatePaths{words.state_directory}.ended();
  return out;
}

}  // namespace hpo
