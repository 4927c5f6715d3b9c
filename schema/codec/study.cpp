// StudySpec -> the effective study.json: every default filled in, what is unset left out.
//
// schema/decode reads it back equal, which a test checks for many random studies. Any thread.
#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"
#include "schema/memory_text.hpp"
#include "schema/words.hpp"

namespace hpo {
namespace {

using json::Writer;

std::string duration_text(std::chrono::seconds duration) {
  return std::to_string(duration.count()) + "s";
}

void text_member(Writer& to, std::string_view name, const std::string& text) {
  if (!text.empty()) to.member(name, text);
}

template <class T>
void optional_member(Writer& to, std::string_view name, const std::optional<T>& maybe) {
  if (maybe) to.member(name, *maybe);
}

void write(Writer& to, const FloatDomain& domain) {
  to.key("float").array().value(domain.low).value(domain.high).end();
  if (domain.scale == Scale::log) to.member("log", true);
  optional_member(to, "step", domain.step);
}

void write(Writer& to, const IntDomain& domain) {
  to.key("int").array().value(domain.low).value(domain.high).end();
  if (domain.scale == Scale::log) to.member("log", true);
  if (domain.step != 1) to.member("step", domain.step);
}

void write(Writer& to, const ChoiceDomain& domain) { to.member("choice", domain.choices); }
void write(Writer& to, const OrdinalDomain& domain) { to.member("ordinal", domain.levels); }
void write(Writer& to, const BoolDomain&) { to.member("bool", true); }
void write(Writer& to, const FixedDomain& domain) { to.member("fixed", domain.value); }

void write(Writer& to, const Condition& condition) {
  to.key(condition.parent);
  if (!condition.values.empty()) {
    to.value(condition.values);
    return;
  }
  to.object();
  optional_member(to, "min", condition.min);
  optional_member(to, "max", condition.max);
  to.end();
}

void write(Writer& to, const SearchSpace& space) {
  to.object();
  for (const Parameter& parameter : space.parameters()) {
    to.key(parameter.name).object();
    std::visit([&](const auto& domain) { write(to, domain); }, parameter.domain);
    optional_member(to, "default", parameter.default_value);
    text_member(to, "unit", parameter.unit);
    text_member(to, "description", parameter.description);
    if (!parameter.when.empty()) {
      to.key("when").object();
      for (const Condition& condition : parameter.when) write(to, condition);
      to.end();
    }
    to.end();
  }
  to.end();
}

void write(Writer& to, const Objective& objective) {
  to.object().member(word(objective.direction), objective.metric);
  to.member("noise", word(objective.noise)).end();
}

void write(Writer& to, const ExternalSpec& external) {
  to.member("command", external.command).key("options").raw(external.options);
  to.member("time", duration_text(external.time));
  to.member("memory", memory_text(external.memory_bytes));
}

void write(Writer& to, const StrategySpec& strategy) {
  to.object().member("type", strategy.type);
  if (strategy.type == "external") {
    write(to, strategy.external);
    to.end();
    return;
  }
  to.key("options").object();
  for (const auto& [name, value] : strategy.options) to.member(name, value);
  if (!strategy.grid_values.empty()) to.member("values", strategy.grid_values);
  to.end().end();
}

void write(Writer& to, const FidelitySpec& fidelity) {
  to.object().member("name", fidelity.name).member("min", fidelity.min);
  to.member("max", fidelity.max).member("eta", fidelity.eta);
  to.member("checkpoint", fidelity.checkpoint).end();
}

void write(Writer& to, const PrunerSpec& pruner) {
  to.object().member("type", pruner.type).member("options", pruner.options).end();
}

void write(Writer& to, const SimulatedSpec& simulated) {
  to.key("seconds").array().value(simulated.seconds_min).value(simulated.seconds_max).end();
  to.member("failures", simulated.failures).member("losses", simulated.losses);
}

void write(Writer& to, const BatchSpec& batch) {
  text_member(to, "account", batch.account);
  text_member(to, "partition", batch.partition);
  text_member(to, "qos", batch.qos);
  text_member(to, "constraint", batch.constraint);
  text_member(to, "licenses", batch.licenses);
  text_member(to, "reservation", batch.reservation);
  to.member("nodes", batch.nodes).member("tasks_per_node", batch.tasks_per_node);
  if (batch.memory_bytes) to.member("memory", memory_text(*batch.memory_bytes));
  to.member("exclusive", batch.is_exclusive).member("max_queued", batch.max_queued);
  to.member("submit_rate", batch.submit_rate).member("extra", batch.extra);
}

void write(Writer& to, const ExecutorSpec& executor, bool is_pulled) {
  to.object().member("type", executor.type);
  optional_member(to, "slots", executor.slots);
  to.member("cpus", executor.cpus).member("gpus", executor.gpus);
  if (executor.time) to.member("time", duration_text(*executor.time));
  to.member("grace", duration_text(executor.grace));
  if (is_pulled) to.member("lease", duration_text(executor.lease));
  if (executor.type == "simulated") write(to, executor.simulated);
  if (is_batch(executor.type)) write(to, executor.batch);
  to.end();
}

void write(Writer& to, const ContainerSpec& container) {
  to.object().member("runtime", word(container.runtime)).member("image", container.image);
  to.member("binds", container.binds).member("gpu", container.has_gpu).end();
}

// What only batch systems take is left out where it is empty: elsewhere it may not even be named.
void write(Writer& to, const EnvironmentSpec& environment) {
  to.object().member("vars", environment.vars).member("inherit", environment.inherit);
  to.member("captured", environment.captured);
  if (!environment.modules.empty()) to.member("modules", environment.modules);
  text_member(to, "conda", environment.conda);
  text_member(to, "venv", environment.venv);
  text_member(to, "setup", environment.setup);
  if (!environment.secrets.empty()) to.member("secrets", environment.secrets);
  if (environment.container) write(to.key("container"), *environment.container);
  to.end();
}

void write(Writer& to, const Budget& budget) {
  to.object().member("trials", budget.trials);
  if (budget.time) to.member("time", duration_text(*budget.time));
  optional_member(to, "patience", budget.patience);
  to.member("max_failures", budget.max_failures);
  optional_member(to, "node_hours", budget.node_hours);
  to.end();
}

void write(Writer& to, const Retry& retry) {
  to.object().member("max", retry.max).key("on").array();
  for (const FailureClass failure : retry.on) to.value(word(failure));
  to.end();
  if (retry.scale != RetryScale{}) {
    to.key("scale").object().member("memory", retry.scale.memory);
    to.member("time", retry.scale.time).end();
  }
  to.end();
}

void write(Writer& to, const ResultSpec& result) {
  to.object();
  text_member(to, "file", result.file);
  to.member("stdout", result.from_stdout).member("max_bytes", result.bytes_max).end();
}

void write_initial(Writer& to, const StudySpec& spec) {
  to.array();
  for (const Values& values : spec.initial) to.raw(params_to_json(spec.space, values));
  to.end();
}

}  // namespace

std::string study_to_json(const StudySpec& spec) {
  Writer to;
  to.object().member("name", spec.name);
  text_member(to, "description", spec.description);
  to.member("tags", spec.tags);
  write(to.key("space"), spec.space);
  if (!spec.space.constraints().empty()) {
    to.key("space_constraints").array();
    for (const Constraint& constraint : spec.space.constraints()) to.value(constraint.text());
    to.end();
  }
  write(to.key("objective"), spec.objective);
  if (!spec.command.empty()) to.member("command", spec.command);
  text_member(to, "workdir", spec.workdir);
  write(to.key("strategy"), spec.strategy);
  if (spec.fidelity) write(to.key("fidelity"), *spec.fidelity);
  if (spec.pruner != PrunerSpec{}) write(to.key("pruner"), spec.pruner);
  write(to.key("executor"), spec.executor, spec.is_pulled());
  if (spec.has_worker_jobs()) {
    to.member("dispatch", word(spec.dispatch)).member("workers", spec.workers);
  }
  if (spec.is_warm) to.member("warm", true);
  write(to.key("environment"), spec.environment);
  write(to.key("budget"), spec.budget);
  to.member("parallel", spec.parallel).member("seed", spec.seed);
  write(to.key("retry"), spec.retry);
  write_initial(to.key("initial"), spec);
  write(to.key("result"), spec.result);
  for (const auto& [name, json] : spec.extras) to.key(name).raw(json);
  return std::move(to.end()).text();
}

}  // namespace hpo
