// See exchange_reply.hpp. Engine strand.
#include "daemon/loop/exchange_reply.hpp"

#include "daemon/loop/job_request.hpp"
#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"

namespace hpo::loop {
namespace {

void write(json::Writer& w, const Held& lease, std::string_view reason) {
  w.object().member("trial", lease.trial).member("fence", lease.fence);
  w.member("reason", reason).end();
}

void write_trial(json::Writer& w, const StudyLoop& loop, int number,
                 const std::string& installation) {
  const engine::Study& study = loop.study;
  const Trial& trial = study.open.at(number).trial;
  const bool has_begun = study.running.contains(number);
  const int attempt = trial.attempts + (has_begun ? 0 : 1);
  const StudySpec& spec = loop.spec();
  w.object().member("trial", number).member("attempt", attempt);
  w.member("fence", trial.lease.fence).member("is_started", has_begun);
  w.member("job", leased_job_name(installation, study, number, trial.lease.fence));
  w.member("identity",
           attempt_identity(installation, study, Attempt{.trial = number, .number = attempt}));
  w.key("params").raw(params_to_json(spec.space, trial.values));
  w.member("seed", trial_seed(spec.seed, number));
  if (spec.fidelity) w.member("fidelity_max", spec.fidelity->max);
  if (spec.space.has_conditions()) w.member("command", command_of(spec, trial.values));
  w.end();
}

}  // namespace

std::string text_of(const Given& given, const StudyLoop& loop, const std::string& installation) {
  json::Writer w;
  w.object().member("state", word(loop.study.progress.state));
  w.member("lease_s", loop.spec().executor.lease.count());
  w.key("trials").array();
  for (const int number : given.trials) write_trial(w, loop, number, installation);
  w.end().key("stop").array();
  for (const Dropped& each : given.stop) write(w, each.lease, each.reason);
  w.end().key("dropped").array();
  for (const Dropped& each : given.dropped) write(w, each.lease, each.reason);
  w.end();
  if (!given.ignored.empty()) {
    w.key("ignored").array();
    for (const Ignored& each : given.ignored) {
      w.object().member("trial", each.lease.trial).member("fence", each.lease.fence);
      w.member("step", each.step).member("reason", each.reason).end();
    }
    w.end();
  }
  if (given.leave) w.member("leave", true);
  return std::move(w.end()).text();
}

std::string why_unwanted(const engine::LiveTrial& live) {
  const Decision& decision = live.attempt->decision;
  const bool is_pruned = !decision.goes_on() && !live.attempt->cancelling;
  return is_pruned ? decision.reason : "it is not wanted any more";
}

}  // namespace hpo::loop
