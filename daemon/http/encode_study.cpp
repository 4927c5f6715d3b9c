// A study as JSON: its columns, and what a list of studies needs of its spec.
#include "daemon/http/encode.hpp"
#include "daemon/http/encode_time.hpp"
#include "schema/automatic.hpp"
#include "schema/node_time.hpp"

namespace hpo::http {
namespace {

Result<StudySpec> spec_of(const store::StudyRow& row) {
  DecodedStudy decoded = decode_study(row.spec, {.comments = false});
  if (decoded.spec) return std::move(*decoded.spec);
  const std::string why = decoded.problems.empty() ? "" : ": " + decoded.problems.front().message;
  return Error{ErrorCode::corrupt, "the stored spec cannot be read" + why,
               "study " + row.name,
               "check a copy of hpo.db: sqlite3 COPY 'PRAGMA integrity_check'"};
}

void write_spec(json::Writer& writer, const StudySpec& spec) {
  writer.member("description", spec.description).member("tags", spec.tags);
  writer.key("objective").object().member("metric", spec.objective.metric);
  writer.member("direction", word(spec.objective.direction));
  writer.member("noise", word(spec.objective.noise)).end();
  writer.member("strategy", spec.strategy.type).member("pruner", spec.pruner.type);
  writer.member("executor", spec.executor.type);
  writer.member("parallel", spec.parallel).member("slots", spec.slots());
}

// What auto stands for, and why. An older hpod may have chosen otherwise: what was proposed tells.
void write_chosen(json::Writer& writer, const store::StudyRow& row, const StudySpec& spec) {
  writer.key("strategy_chosen");
  if (spec.strategy.type != "auto") return void(writer.null());
  const StudyShape shape = shape_of(spec);
  const std::string_view chosen = auto_rule(shape).strategy;
  const bool was_another = is_ended(row.progress.state) && !row.strategies.empty() &&
                           row.strategies.find(chosen) == std::string::npos;
  writer.object().member("name", was_another ? std::string_view(row.strategies) : chosen);
  writer.member("because", was_another ? "the version of hpo that ran this study chose so"
                                       : auto_words(shape)).end();
}

void write_budget(json::Writer& writer, const Budget& budget) {
  writer.key("budget").object().member("trials", budget.trials).key("time_s");
  if (budget.time) writer.value(static_cast<std::int64_t>(budget.time->count()));
  else writer.null();
  writer.member("patience", budget.patience).member("max_failures", budget.max_failures);
  writer.member("node_hours", budget.node_hours).end();
}

void write_counts(json::Writer& writer, const store::StudyRow& row, const Budget& budget) {
  const engine::Progress& progress = row.progress;
  writer.key("trials").object().member("total", budget.trials + progress.trials_more);
  writer.member("created", progress.created).member("waiting", row.waiting);
  writer.member("paused", row.paused);
  writer.member("running", row.running).member("queued", row.queued);
  writer.member("completed", progress.completed);
  writer.member("pruned", progress.pruned).member("infeasible", progress.infeasible);
  writer.member("failed", progress.failed).member("cancelled", progress.cancelled).end();
  writer.member("attempts", progress.attempts);
}

// Of worker jobs that hpod starts; null if it starts none.
void write_workers(json::Writer& writer, const store::WorkerCounts& counts,
                   const StudySpec& spec) {
  writer.key("workers");
  if (!spec.has_worker_jobs()) return void(writer.null());
  writer.object().member("jobs", spec.workers).member("slots", spec.slots_per_worker());
  writer.member("running", counts.running).member("queued", counts.queued);
  writer.member("ended", counts.ended).member("lost", counts.lost).end();
}

// `trial_node_hours` is what a trial asks for at first, so that one can tell whether there is room.
void write_node_hours(json::Writer& writer, const engine::Progress& progress,
                      const StudySpec& spec) {
  const ExecutorSpec& executor = spec.executor;
  writer.member("spent_node_hours", node_hours_of_ms(progress.spent_node_ms));
  writer.key("trial_node_hours");
  const bool is_job = is_batch(executor.type) && !spec.is_pulled();
  if (!is_job || !executor.time) return void(writer.null());
  writer.value(node_hours_of_ms(node_ms(executor.batch.nodes, *executor.time)));
}

void write_best(json::Writer& writer, const store::StudyRow& row) {
  writer.key("best");
  if (!row.progress.best_trial) {
    writer.null();
    return;
  }
  writer.object().member("trial", *row.progress.best_trial);
  writer.member("value", row.progress.best_value).key("params");
  if (row.best_params.empty()) writer.null();
  else writer.raw(row.best_params);
  writer.end();
}

}  // namespace

void write_recommended(json::Writer& writer, const store::StudyRow& row) {
  writer.key("recommended");
  if (!row.progress.recommended_trial) return void(writer.null());
  writer.object().member("trial", *row.progress.recommended_trial);
  writer.member("value", row.progress.recommended_value);
  writer.member("finished", row.progress.recommended_at).key("params");
  if (row.recommended_params.empty()) writer.null();
  else writer.raw(row.recommended_params);
  writer.end();
}

namespace {

void write_waits(json::Writer& writer, const std::vector<loop::CommandSink::Wait>& waits) {
  writer.key("waits_for").array();
  for (const auto& wait : waits) {
    writer.object().member("text", wait.text).member("trials", wait.trials).end();
  }
  writer.end();
}

void write_quantiles(json::Writer& writer, std::string_view key,
                     const loop::CommandSink::Quantiles& times) {
  writer.key(key);
  if (times.count == 0) return void(writer.null());
  writer.object().member("count", times.count).member("p50", times.p50_ms);
  writer.member("p99", times.p99_ms).end();
}

void write_suggestions(json::Writer& writer, const loop::CommandSink::Asks& asks, int stand_ins) {
  writer.key("suggestions").object().member("stand_ins", stand_ins);
  write_quantiles(writer, "slot_waited_ms", asks.waits);
  write_quantiles(writer, "strategy_took_ms", asks.strategy);
  writer.end();
}

}  // namespace

Result<void> write_study(json::Writer& writer, const store::StudyRow& row,
                         const StudyExtras& extras) {
  const auto spec = spec_of(row);
  if (!spec) return spec.error();
  const engine::Progress& progress = row.progress;
  writer.object().member("name", row.name).member("state", word(progress.state));
  writer.member("reason", word(progress.reason)).member("detail", progress.detail);
  write_spec(writer, *spec);
  write_chosen(writer, row, *spec);
  write_budget(writer, spec->budget);
  write_counts(writer, row, spec->budget);
  write_workers(writer, row.workers, *spec);
  write_best(writer, row);
  write_recommended(writer, row);
  writer.member("spent_s", seconds_of(progress.spent_ns));
  write_node_hours(writer, progress, *spec);
  writer.member("history_seq", row.history_seq);
  write_time(writer, "created_at", progress.created_ns);
  write_time(writer, "started_at", progress.started_ns);
  write_time(writer, "ended_at", progress.ended_ns);
  write_waits(writer, extras.waits);
  writer.member("unheard", extras.unheard).member("loading", extras.loading);
  write_suggestions(writer, extras.asks, progress.stand_ins);
  if (extras.spec) writer.key("spec").raw(row.spec);
  writer.end();
  return {};
}

}  // namespace hpo::http
