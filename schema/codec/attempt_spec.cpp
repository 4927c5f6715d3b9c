// AttemptSpec <-> attempt.json: what the daemon hands to `hpo exec`. Any thread.
//
// A contract between two builds: members may be added, never re-used; unknown ones are ignored.
#include "schema/codec/archive.hpp"

namespace hpo {

template <class A>
void fields(A& archive, codec::Of<A, ResultSpec>& it) {
  archive("file", it.file);
  archive("from_stdout", it.from_stdout);
  archive("bytes_max", it.bytes_max);
}

template <class A>
void fields(A& archive, codec::Of<A, ContainerSpec>& it) {
  archive.need("runtime", it.runtime);
  archive.need("image", it.image);
  archive("binds", it.binds);
  archive("gpu", it.has_gpu);
}

template <class A>
void fields(A& archive, codec::Of<A, AttemptSpec>& it) {
  archive.need("study", it.study);
  archive("is_worker", it.is_worker);
  archive.need("trial", it.trial);
  archive.need("attempt", it.attempt);
  archive.need("job", it.job);
  archive("identity", it.identity);
  archive.need("metric", it.metric);
  archive.need("command", it.command);
  archive("workdir", it.workdir);
  archive("environment", it.environment);
  archive("secrets", it.secrets);
  archive("container", it.container);
  archive("adds_to_own", it.adds_to_own);
  archive("id_variable", it.id_variable);
  archive("job_variables", it.job_variables);
  archive("launcher", it.launcher);
  archive("tell_ranks", it.tell_ranks);
  archive("syncs_files", it.syncs_files);
  archive.raw("params", it.params);
  archive("seed", it.seed);
  archive("fidelity_max", it.fidelity_max);
  archive("slot", it.slot);
  archive("devices", it.devices);
  archive("cpus", it.cpus);
  archive("hides_devices", it.hides_devices);
  archive("time_s", it.time);
  archive("job_time_s", it.job_time);
  archive("grace_s", it.grace);
  archive("result", it.result);
  archive("warm", it.is_warm);
  archive("checkpoint_from", it.checkpoint_from);
  archive("ended_directory", it.ended_directory);
}

std::string attempt_spec_to_json(const AttemptSpec& spec) { return codec::to_text(spec); }

Result<AttemptSpec> attempt_spec_from_json(std::string_view text) {
  return codec::from_text<AttemptSpec>(text, "attempt.json");
}

}  // namespace hpo
