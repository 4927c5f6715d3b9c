// See reasons.hpp.
#include "executors/slurm/reasons.hpp"

#include <algorithm>
#include <iterator>

#include "executors/runner/text.hpp"
#include "executors/slurm/limits.hpp"

namespace hpo::slurm {
namespace {

enum class Clears { itself, by_a_person, never };

struct ReasonText {
  std::string_view word{};
  Clears clears = Clears::itself;
  std::string_view sentence{};
};

constexpr ReasonText table[] = {
    {"None", Clears::itself, "waits for the scheduler to look at it"},
    {"(null)", Clears::itself, "waits for the scheduler to look at it"},
    {"Priority", Clears::itself, "waits for priority"},
    {"Resources", Clears::itself, "is next in line, and waits for resources"},
    {"Nodes required for job are DOWN", Clears::itself,
     "waits for nodes that are down or reserved"},
    {"ReqNodeNotAvail", Clears::itself, "waits for nodes that are down or reserved"},
    {"Reserved for maintenance", Clears::itself, "waits for the end of a maintenance"},
    {"Reservation", Clears::itself, "waits for its reservation to begin"},
    {"ReservationDeleted", Clears::never, "its reservation was deleted; correct \"reservation\""},
    {"Licenses", Clears::itself, "waits for a free licence"},
    {"BeginTime", Clears::itself, "its time to begin has not come"},
    {"Dependency", Clears::itself, "waits for another job"},
    {"DependencyNeverSatisfied", Clears::never,
     "what it depends on has failed, so it never starts; take the dependency out of \"extra\""},
    {"PartitionDown", Clears::itself, "the partition is down"},
    {"PartitionInactive", Clears::itself, "the partition is closed"},
    {"PartitionNodeLimit", Clears::never,
     "the partition does not give as many nodes; lower \"nodes\" or choose another \"partition\""},
    {"PartitionTimeLimit", Clears::never,
     "the partition does not give as much time; lower \"time\" or choose another \"partition\""},
    {"BadConstraints", Clears::never,
     "no node has what it asks for; correct \"constraint\", \"cpus\", \"gpus\" or \"memory\""},
    {"InvalidAccount", Clears::never, "its account is not valid any more; correct \"account\""},
    {"InvalidQOS", Clears::never, "its QOS is not valid any more; correct \"qos\""},
    {"AccountNotAllowed", Clears::never,
     "its account may not use the partition; correct \"account\" or \"partition\""},
    {"QOSNotAllowed", Clears::never,
     "its QOS may not use the partition; correct \"qos\" or \"partition\""},
    {"QOSUsageThreshold", Clears::itself, "your account has used more than its QOS allows for now"},
    {"MaxMemPerLimit", Clears::never,
     "it asks for more memory than the site gives; lower \"memory\""},
    {"JobHeldUser", Clears::by_a_person, "is held by you; 'scontrol release {job}' lets it go"},
    {"JobHeldAdmin", Clears::by_a_person, "is held by an administrator; ask the site why"},
    {"JobHoldMaxRequeue", Clears::by_a_person, "is held: it was requeued too often"},
    {"launch failed requeued held", Clears::by_a_person,
     "is held: Slurm could not start it; look whether its nodes share the file system, then "
     "'scontrol release {job}'"},
    {"user env retrieval failed", Clears::by_a_person,
     "is held: Slurm could not read your login environment; then 'scontrol release {job}'"},
    {"job requeued in held state", Clears::by_a_person,
     "is held after it was requeued; 'scontrol release {job}' lets it go"},
    {"Prolog", Clears::itself, "its nodes are prepared"},
    {"Cleaning", Clears::itself, "its nodes are cleaned up after its last run"},
    {"SchedDefer", Clears::itself, "waits for the scheduler's next round"},
    {"NodeDown", Clears::itself, "waits for a node that is down"},
    {"FrontEndDown", Clears::itself, "waits for a front end that is down"},
    {"SystemFailure", Clears::itself, "Slurm failed inside; if it stays, tell the site"},
    {"JobArrayTaskLimit", Clears::itself, "the array lets only so many of its jobs run"},
    {"BurstBufferResources", Clears::itself, "waits for space in the burst buffer"},
    {"BurstBufferStageIn", Clears::itself, "waits for its burst buffer to be filled"},
    {"BurstBufferOperation", Clears::never, "its burst buffer failed; look at \"extra\""},
    {"PartitionConfig", Clears::itself, "the partition does not take it as it is"},
    {"AccountingPolicy", Clears::itself, "waits for a limit of your account or QOS"},
    {"ReservationInvalid", Clears::never, "its reservation is not valid; correct \"reservation\""},
    {"Constraints", Clears::never, "no node has its features; correct \"constraint\""},
    {"FedJobLock", Clears::itself, "another cluster of the federation decides"},
    {"MpiPortsBusy", Clears::itself, "waits for free network ports"},
    {"MaxPoweredUpNodes", Clears::itself, "waits for nodes that may be powered up"},
};

const ReasonText* known(std::string_view reason) {
  const auto row = std::find_if(std::begin(table), std::end(table), [&](const ReasonText& each) {
    return starts_with_word(reason, each.word);
  });
  return row == std::end(table) ? nullptr : &*row;
}

std::string sentence_of(const Wait& wait) {
  constexpr std::size_t quoted_bytes = 200;
  const std::string quote = " (" + runner::excerpt(wait.reason, quoted_bytes) + ")";
  if (const ReasonText* row = known(wait.reason)) {
    const bool is_plain = row->word == wait.reason && row->clears == Clears::itself;
    return std::string(row->sentence) + (is_plain ? "" : quote);
  }
  if (const auto limit = limit_reason(wait.reason)) {
    return limit_sentence(*limit, wait.limit) + quote;
  }
  return wait.reason.empty() ? "waits" : "waits" + quote;
}

}  // namespace

bool starts_with_word(std::string_view reason, std::string_view word) {
  if (reason.size() < word.size()) return false;
  const auto is_same = [](char a, char b) { return a == b || (a == ' ' && b == '_'); };
  if (!std::equal(word.begin(), word.end(), reason.begin(), is_same)) return false;
  const std::string_view rest = reason.substr(word.size());
  return rest.empty() || rest.front() == ',' || rest.front() == ' ' || rest.front() == '_';
}

std::string explain_wait(const Wait& wait) {
  std::string text = sentence_of(wait);
  if (!wait.expected_start.empty() && !never_clears(wait.reason) && !is_held(wait.reason)) {
    text += "; the scheduler expects a start at " + std::string(wait.expected_start);
  }
  return text;
}

bool never_clears(std::string_view reason) {
  if (const ReasonText* row = known(reason)) return row->clears == Clears::never;
  const auto limit = limit_reason(reason);
  return limit && limit->is_of_job;
}

bool is_held(std::string_view reason) {
  const ReasonText* row = known(reason);
  return row != nullptr && row->clears == Clears::by_a_person;
}

}  // namespace hpo::slurm
