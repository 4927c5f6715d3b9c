// Plain translation from rows to what `hpo exec` reads. Pure functions, any thread.
//
// The training sees the environment of the submitting shell and of the study, never the daemon's.
#include "daemon/loop/job_request.hpp"

#include "schema/codec/codec.hpp"
#include "schema/paths.hpp"

namespace hpo::loop {
namespace {

std::uint64_t mix(std::uint64_t x) {  // SplitMix64's finaliser (Steele, Lea, Flood 2014)
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

}  // namespace

std::string attempt_directory(const LoopConfig& config, const StudySpec& spec, const Attempt& a) {
  return StatePaths{config.state_directory}.attempt(spec.name, a.trial, a.number);
}

std::string attempt_identity(const std::string& installation, const engine::Study& study,
                             const Attempt& a) {
  return installation + "-" + std::to_string(study.progress.created_ns) + "-" +
         std::to_string(study.open.at(a.trial).trial.created_ns) + "-" + std::to_string(a.trial) +
         "-" + std::to_string(a.number);
}

std::uint64_t trial_seed(std::uint64_t study_seed, int trial) {
  return mix(mix(study_seed) + static_cast<std::uint64_t>(trial)) >> 33U;
}

std::string leased_job_name(const std::string& installation, const engine::Study& study, int trial,
                            std::int64_t fence) {
  return "hpo" + installation + "-" + std::to_string(study.id) + "-" + std::to_string(trial) + "-" +
         std::to_string(fence);
}

std::string job_name(const std::string& installation, std::uint64_t bits) {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::string name = "hpo" + installation;
  for (int i = 0; i < 8; ++i, bits >>= 5U) name += alphabet[bits & 31U];
  return name;
}

JobRequest job_request(const LoopConfig& config, const std::string& installation,
                       const engine::Study& study, int number,
                       std::vector<std::string> predecessors) {
  const StudySpec& spec = *study.spec;
  const engine::LiveTrial& live = study.open.at(number);
  const Attempt& attempt = *live.attempt;
  JobRequest request{.job = {.name = attempt.job,
                             .directory = attempt_directory(config, spec, attempt),
                             .native_id = {},
                             .identity = attempt_identity(installation, study, attempt),
                             .grace = spec.executor.grace},
                     .executor = spec.executor, .environment = spec.environment,
                     .predecessors = std::move(predecessors)};
  if (attempt.asked.time) request.executor.time = attempt.asked.time;
  if (attempt.asked.memory_bytes) request.executor.batch.memory_bytes = attempt.asked.memory_bytes;
  AttemptSpec& out = request.spec = attempt_spec_of(spec);
  out.time = request.executor.time;
  out.trial = number;
  out.attempt = attempt.number;
  out.job = attempt.job;
  out.identity = request.job.identity;
  out.command = command_of(spec, live.trial.values);
  out.params = params_to_json(spec.space, live.trial.values);
  out.seed = trial_seed(spec.seed, number);
  out.slot = attempt.slot;
  out.devices = attempt.devices;
  out.ended_directory = StatePaths{config.state_directory}.ended();
  return request;
}

}  // namespace hpo::loop
