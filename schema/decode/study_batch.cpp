// What has a meaning only on a batch system. See sections.hpp.
#include <algorithm>

#include "schema/decode/display.hpp"
#include "schema/decode/sections.hpp"
#include "schema/json/writer.hpp"
#include "schema/node_time.hpp"

namespace hpo::decode {
namespace {

constexpr double hour_parts = 1000.0;  // what people are advised to write

void refuse(const Cursor& root, std::string_view section, std::string_view key) {
  const auto object = root.find(section);
  const auto at = object ? object->find(key) : std::nullopt;
  if (!at) return;
  at->add_to_key({.code = Code::batch_only,
                  .message = quoted(key) + " is for batch systems, and this study has none",
                  .suggestion = "remove it, or write \"executor\": {\"type\": \"slurm\", …}"});
}

bool is_retried(const Retry& retry, FailureClass failure) {
  return std::find(retry.on.begin(), retry.on.end(), failure) != retry.on.end();
}

// A factor does nothing if the failure is not tried again, or nothing was asked for.
void warn_scale(const Cursor& scale, std::string_view key, FailureClass failure, bool is_asked_for,
                const Retry& retry) {
  const auto at = scale.find(key);
  if (!at) return;
  if (!is_retried(retry, failure)) {
    at->add_to_key({.code = Code::limit_without_effect,
                    .message = quoted(key) + " never grows: " + std::string(word(failure)) +
                               " is not tried again",
                    .suggestion = "add " + quoted(word(failure)) + " to \"on\" of \"retry\""});
  } else if (!is_asked_for) {
    at->add_to_key({.code = Code::limit_without_effect,
                    .message = quoted(key) + " never grows: the executor asks for none",
                    .suggestion = "write " + quoted(key) + " in the executor"});
  }
}

// The study does run, by fewer worker jobs than it names.
void warn_workers(const Cursor& at, const StudySpec& spec, std::int64_t one_ms) {
  const std::int64_t jobs = node_ms_of_hours(*spec.budget.node_hours) / one_ms;
  if (!spec.has_worker_jobs() || jobs >= spec.workers) return;
  const double all = node_hours_of_ms(one_ms) * spec.workers;
  const std::string enough = json::number_text(std::ceil(all * hour_parts) / hour_parts);
  at.add({.code = Code::limit_without_effect,
          .message = json::number_text(*spec.budget.node_hours) + " node-hours are enough for " +
                     std::to_string(jobs) + " worker job(s) at a time, not " +
                     std::to_string(spec.workers) + ": each asks for " +
                     json::number_text(node_hours_of_ms(one_ms)),
          .suggestion = "raise \"node_hours\" to " + enough + ", lower \"time\" of the executor, "
                        "or write \"workers\": " + std::to_string(jobs)});
}

// What a job may use must be known before it starts, or the cap could only be missed.
void check_node_hours(const Cursor& root, const StudySpec& spec) {
  const auto budget = root.find("budget");
  const auto at = budget ? budget->find("node_hours") : std::nullopt;
  if (!at || !spec.budget.node_hours) return;
  const auto executor = root.find("executor");
  if (!executor || !executor->find("time")) {
    return at->add_to_key({.code = Code::node_hours_without_time,
                           .message = "node-hours cannot be bounded: the executor has no \"time\"",
                           .suggestion = "say how long a trial may take: \"executor\": {\"type\": "
                                         "\"slurm\", \"time\": \"4h\", …}"});
  }
  if (!spec.executor.time) return;  // it is wrong, which has been said
  const std::int64_t one_ms = node_ms(spec.executor.batch.nodes, *spec.executor.time);
  if (one_ms <= node_ms_of_hours(*spec.budget.node_hours)) return warn_workers(*at, spec, one_ms);
  const std::string one = json::number_text(node_hours_of_ms(one_ms));
  at->add({.code = Code::node_hours_below_one_job,
           .message = std::string(spec.is_pulled() ? "no worker job" : "no trial") +
                      " could start: one asks for " + one + " node-hours",
           .suggestion = "raise \"node_hours\", or lower \"time\" or \"nodes\" of the executor"});
}

}  // namespace

void check_batch(const Cursor& root, const StudySpec& spec) {
  if (has_no_batch(root)) {
    refuse(root, "budget", "node_hours");
    refuse(root, "retry", "scale");
    return;
  }
  if (!is_batch(spec.executor.type)) return;
  check_node_hours(root, spec);
  const auto retry = root.find("retry");
  const auto scale = retry ? retry->find("scale") : std::nullopt;
  if (!scale) return;
  warn_scale(*scale, "memory", FailureClass::out_of_memory,
             spec.executor.batch.memory_bytes.has_value(), spec.retry);
  warn_scale(*scale, "time", FailureClass::timeout, spec.executor.time.has_value(), spec.retry);
}

}  // namespace hpo::decode
