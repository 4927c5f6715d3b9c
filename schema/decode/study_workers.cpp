// What worker jobs need, and what a study cannot have with them. See sections.hpp.
#include "schema/decode/display.hpp"
#include "schema/decode/duration.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

std::optional<Cursor> key_in(const Cursor& root, std::string_view section, std::string_view key) {
  const auto object = root.find(section);
  return object ? object->find(key) : std::nullopt;
}

void refuse_at(const std::optional<Cursor>& at, const std::string& what, const std::string& mend) {
  if (at) at->add_to_key({.code = Code::bad_workers, .message = what, .suggestion = mend});
}

// Of a study without worker jobs: the keys that only they have.
void refuse_keys(const Cursor& root, const StudySpec& spec) {
  if (spec.executor.type == "external") {
    return refuse_at(root.find("workers"),
                     "workers of the executor \"external\" are started by hand",
                     "remove it; each is one: hpo worker --study " +
                         (spec.name.empty() ? "NAME" : visible(spec.name)));
  }
  const std::string only = " is for worker jobs, and each trial of this study is a job of its own";
  const std::string mend = "remove it, or write \"dispatch\": \"workers\", \"workers\": 4";
  refuse_at(root.find("workers"), "\"workers\"" + only, mend);
  const auto executor = root.find("executor");
  const bool is_known = executor && executor_name(*executor) == spec.executor.type;
  if (!is_known || spec.executor.type == "simulated") return;
  refuse_at(key_in(root, "executor", "lease"), "\"lease\"" + only, mend);
  if (spec.executor.type != "slurm") return;
  refuse_at(key_in(root, "executor", "slots"), "\"slots\" of \"slurm\"" + only,
         mend + "; \"parallel\" bounds the jobs");
}

void refuse_others(const Cursor& root, const BatchSpec& batch) {
  const std::string jobs = "remove \"dispatch\" and \"workers\": then each trial is a job ";
  for (const auto& [key, value] : {std::pair("nodes", batch.nodes),
                                   {"tasks_per_node", batch.tasks_per_node}}) {
    if (value == 1) continue;
    refuse_at(key_in(root, "executor", key),
              quoted(key) + " is " + std::to_string(value) +
                  ", but a worker job is one process on one node, and its trials train there",
              "remove it, and raise \"workers\" to have more of them; for trainings on several "
              "nodes or of several tasks " + jobs + "with its own");
  }
  refuse_at(key_in(root, "retry", "scale"),
            "\"scale\" asks for a larger job, but with workers a retry has no job of its own",
            "remove it, and give the executor \"memory\" and \"time\" enough for any trial; or " +
                jobs + "that can grow");
}

void need_count(const Cursor& root) {
  if (root.find("workers")) return;
  refuse_at(root.find("dispatch"), "it is not said how many worker jobs there are",
            "add \"workers\": 4, each with the executor's \"slots\"");
}

// A worker must know when its job's time is over, or it could not hand back what it has.
void check_time(const Cursor& root, const StudySpec& spec) {
  if (!is_batch(spec.executor.type) || spec.executor.time) return;
  const auto executor = root.find("executor");
  if (key_in(root, "executor", "time")) return;  // it is wrong, which has been said
  refuse_at(executor, "a worker job of a batch system needs to know its wall time",
         "add \"time\" to the executor: {\"type\": \"slurm\", \"time\": \"4h\", …}");
}

void warn_parallel(const Cursor& at, const StudySpec& spec) {
  const std::string slots = std::to_string(spec.workers * spec.slots_per_worker());
  at.add({.code = Code::limit_without_effect,
          .message = "\"parallel\" " + std::to_string(spec.parallel) + " is never reached: " +
                     std::to_string(spec.workers) + " worker(s) of " +
                     std::to_string(spec.slots_per_worker()) + " slot(s) train " + slots +
                     " at a time",
          .suggestion = "raise \"workers\" or \"slots\", or leave \"parallel\" out to have " +
                        slots});
}

// A job that is over is known to be: then its trials go to others at once, whatever the lease.
void warn_lease(const Cursor& root, const StudySpec& spec) {
  const auto lease = key_in(root, "executor", "lease");
  const ExecutorSpec& executor = spec.executor;
  if (!lease || !executor.time || executor.lease <= *executor.time) return;
  const std::string whose = spec.executor.type == "external" ? "a trial's" : "a worker job's";
  lease->add({.code = Code::limit_without_effect,
              .message = "a lease of " + duration_text(executor.lease) + " is longer than " +
                         whose + " time of " + duration_text(*executor.time) +
                         ": a worker that hangs keeps its trials until then",
              .suggestion = "lower \"lease\" to a few minutes, or leave it out to have " +
                            duration_text(lease_default)});
}

}  // namespace

void check_workers(const Cursor& root, StudySpec& spec) {
  const bool is_by_hand = spec.executor.type == "external";
  if (is_by_hand || !spec.is_pulled()) {
    refuse_keys(root, spec);
    spec.workers = 0;
    if (is_by_hand) warn_lease(root, spec);
    return;
  }
  if (spec.executor.type == "simulated") {
    return refuse_at(root.find("dispatch"), "the executor \"simulated\" starts no workers",
                     "write \"executor\": \"local\", or leave \"dispatch\" out");
  }
  need_count(root);
  refuse_others(root, spec.executor.batch);
  check_time(root, spec);
  warn_lease(root, spec);
  if (spec.workers == 0) return;  // it has been said
  const std::int64_t slots = std::int64_t{spec.workers} * spec.slots_per_worker();
  if (slots > parallel_max) {
    return refuse_at(root.find("workers"), std::to_string(slots) + " slots are too many; " +
                  std::to_string(parallel_max) + " is the limit",
                  "lower \"workers\", or \"slots\" of the executor");
  }
  const auto parallel = root.find("parallel");
  if (!parallel) spec.parallel = static_cast<int>(slots);
  else if (spec.parallel > slots) warn_parallel(*parallel, spec);
}

}  // namespace hpo::decode
