// The world's own list of jobs, held against what the database knows about them.
#include <algorithm>
#include <cmath>
#include <set>

#include "schema/codec/codec.hpp"
#include "strategies/strategy.hpp"
#include "tests/simulation/verification.hpp"

namespace hpo::sim {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

bool is_result(OutcomeStatus status) {
  return status == OutcomeStatus::completed || status == OutcomeStatus::pruned ||
         status == OutcomeStatus::infeasible;
}

bool has_result(const World::Job& job) {
  const bool lacks_value = job.outcome.status == OutcomeStatus::completed && !job.outcome.value;
  return job.has_claim && is_result(job.outcome.status) && !lacks_value;
}

int number_of(const World::Job& job) {
  return std::stoi(job.trial.substr(job.trial.find('/') + 1));
}

const Trial* trial_of(Facts& facts, const World::Job& job) {
  const Folded* folded = facts.study(job.study);
  if (!folded) return nullptr;
  const auto trial = folded->trials.find(number_of(job));
  return trial == folded->trials.end() ? nullptr : &trial->second;
}

// I2: every job was announced by its intent row, and every start of user code belongs to one.
void check_submissions(Facts& facts) {
  std::set<std::string> announced;
  for (const auto& row : facts.query("SELECT name FROM submissions")) announced.insert(row[0]);
  for (const char* table : {"SELECT job FROM attempts", "SELECT name FROM worker_submissions"}) {
    for (const auto& row : facts.query(table)) announced.insert(row[0]);
  }
  for (const auto& [name, job] : facts.evidence.world.jobs()) {
    if (job.is_pulled && job.vanishes) continue;  // its worker had yet to tell of it
    if (!announced.contains(name)) facts.broken("I2: job " + name + " has no intent row");
  }
}

// I14: at the end of a study its worker jobs are over, but for those that were given up as absent.
void check_outlived(Facts& facts) {
  for (const auto& row : facts.query(
           "SELECT s.name, e.at_ns, max(e.seq) FROM studies s JOIN events e ON e.study = s.id "
           "WHERE e.kind = 'study_ended' GROUP BY s.id")) {
    const std::int64_t ended_ns = SimThreads::instant_of(std::stoll(row[1]));
    for (const auto& [name, job] : facts.evidence.world.jobs()) {
      const bool is_its = job.study == row[0] && !job.worker.empty() && job.absent_ns == 0;
      const bool goes_on = job.has_claim && job.begin_ns < ended_ns && job.end_ns > ended_ns;
      if (is_its && goes_on) facts.broken("I14: worker job " + name + " outlived its study");
    }
  }
}

// What a training brings that was told to stop or to pause is no result of its trial's.
bool was_pruned(const Folded& folded, int trial) {
  return std::ranges::any_of(folded.attempts, [&](const auto& entry) {
    return entry.first.first == trial && entry.second.decision.verdict != Verdict::go_on;
  });
}

// Nor what one brings whose trial a user had cancelled by then.
bool was_cancelled(const Folded& folded, int trial) {
  return folded.trials.at(trial).state == TrialState::cancelled &&
         std::ranges::any_of(folded.attempts, [&](const auto& entry) {
           return entry.first.first == trial && entry.second.cancelling;
         });
}

// I5: a training that brought a result is a trial that has one. Not of a job that turned up after
// it had counted as absent, when nobody waited for its attempt any more.
void check_result_kept(Facts& facts, const World::Job& job) {
  if (!has_result(job) || job.vanishes || job.absent_ns > 0) return;
  const Trial* trial = trial_of(facts, job);
  if (trial && was_pruned(*facts.study(job.study), trial->number)) return;
  if (trial && was_cancelled(*facts.study(job.study), trial->number)) return;
  const bool is_kept = trial && trial->state >= TrialState::completed &&
                       trial->state <= TrialState::infeasible;
  if (!is_kept) facts.broken("I5: the result of trial " + job.trial + " was lost");
}

bool has_trouble(const World& world, std::int64_t from_ns, std::int64_t to_ns) {
  return std::ranges::any_of(world.troubles_ns(), [&](std::int64_t at_ns) {
    return at_ns >= from_ns && at_ns <= to_ns;
  });
}

// I5, of a result that came late: a daemon that asked four times with a sound disk, while the trial
// was open, has taken it.
void check_late_result(Facts& facts, const World::Job& job) {
  if (!has_result(job) || job.returns_ns == 0 || job.absent_ns > 0) return;
  const Trial* trial = trial_of(facts, job);
  if (!trial) return;
  const auto& polls = facts.evidence.world.polls_ns();
  const auto first = std::ranges::upper_bound(polls, job.returns_ns);
  if (polls.end() - first < 4) return;
  const std::int64_t limit_ns = *std::next(first, 3) + second_ns / 2;
  const bool was_open = SimThreads::instant_of(trial->ended_ns) > limit_ns;
  if (!was_open || has_trouble(facts.evidence.world, job.returns_ns, limit_ns)) return;
  ++facts.counts["late result while its trial was open"];
  const int attempt = std::stoi(job.attempt.substr(job.attempt.rfind('/') + 1));
  const Folded& folded = *facts.study(job.study);
  const auto stored = folded.attempts.find({number_of(job), attempt});
  const bool is_kept = stored != folded.attempts.end() &&
                       (stored->second.state == AttemptState::late ||
                        stored->second.state == AttemptState::succeeded);
  if (!is_kept) facts.broken("I5: the late result of " + job.attempt + " was not taken");
}

// I6: a completed trial has the value of its own params, whatever happened on the way; and one of
// its jobs ended as the trial did.
void check_values(Facts& facts, const Folded& folded) {
  std::set<std::pair<std::string, OutcomeStatus>> ends;
  for (const auto& [name, job] : facts.evidence.world.jobs()) {
    if (has_result(job)) ends.insert({job.trial, job.outcome.status});
  }
  for (const auto& [number, trial] : folded.trials) {
    const std::string name = folded.spec->name + "/" + std::to_string(number);
    const auto status = from_word<OutcomeStatus>(word(trial.state));
    const bool is_by_pruner = trial.state == TrialState::pruned && was_pruned(folded, number);
    if (status && is_result(*status) && !is_by_pruner && !ends.contains({name, *status})) {
      facts.broken("I2: no job of trial " + name + " ended as " + std::string(word(trial.state)));
    }
    const bool is_its_own =
        trial.state != TrialState::completed ||
        trial.value == value_of(params_to_json(folded.spec->space, trial.values));
    if (!is_its_own) facts.broken("I6: trial " + name + " has a value that is not its own");
  }
}

// What trials had told at rungs by then, in that order: each time the first step that reached it.
void add_rungs(Facts& facts, std::int64_t study, const StudySpec& spec, std::int64_t seq_max,
               History& history) {
  const auto steps = rungs_of(*find_strategy(spec), spec);
  std::set<std::pair<int, std::size_t>> known;
  for (const auto& row : facts.query(
           "SELECT seq, trial, step, value FROM reports WHERE study = " + std::to_string(study) +
           " AND seq <= " + std::to_string(seq_max) + " ORDER BY seq")) {
    const int trial = std::stoi(row[1]);
    for (std::size_t rung = 0; rung < steps.size(); ++rung) {
      if (std::stoll(row[2]) < steps[rung] || !known.emplace(trial, rung).second) continue;
      const double value = row[3].empty() ? std::nan("") : std::stod(row[3]);
      history.append(RungValue{.trial = trial, .rung = static_cast<int>(rung), .value = value,
                               .history_seq = std::stoll(row[0])});
      ++facts.counts["value at a rung known to an ask"];
    }
  }
}

// What an ask for these trials could see: those finished by then, and those open.
History history_of(const Folded& folded, const Suggestion& asked) {
  std::map<std::int64_t, const Trial*> finished;
  std::vector<OpenTrial> open;
  for (const auto& [number, trial] : folded.trials) {
    const bool was_finished = trial.history_seq > 0 && trial.history_seq <= asked.history_seq;
    if (was_finished) finished[trial.history_seq] = &trial;
    else if (number < asked.first_number) open.push_back({number, trial.values});
  }
  History history(folded.spec->space.size());
  for (const auto& [seq, trial] : finished) {
    history.append({trial->number, trial->state, trial->origin, trial->value.value_or(0.0), seq},
                   trial->values);
  }
  history.set_open(std::move(open));
  history.set_model_seq(asked.model_seq);
  return history;
}

}  // namespace

void check_world(Facts& facts) {
  check_submissions(facts);
  check_outlived(facts);
  for (const auto& [name, job] : facts.evidence.world.jobs()) {
    check_result_kept(facts, job);
    check_late_result(facts, job);
  }
  for (const auto& [id, folded] : facts.studies) check_values(facts, folded);
}

void check_suggestions(Facts& facts) {
  for (const auto& [id, folded] : facts.studies) {
    for (const auto& [number, trial] : folded.trials) {
      if (trial.origin != Origin::strategy) continue;
      const Suggestion& s = trial.suggestion;
      const bool is_own = s.instead_of.empty();
      if (!is_own) ++facts.counts["suggested by a stand-in"];
      if (s.model_seq > 0 && s.model_seq < s.history_seq) ++facts.counts["suggested by older fits"];
      if (s.count > 1 && number > s.first_number) ++facts.counts["suggested in a batch"];
      auto strategy = make_strategy(is_own ? *folded.spec
                                           : with_strategy(*folded.spec, s.strategy));
      History history = history_of(folded, s);
      add_rungs(facts, id, *folded.spec, s.history_seq, history);
      if (history.seen_seq() != s.history_seq) facts.broken("I9: an ask saw what is not stored");
      auto again = (*strategy)->ask(history, s.first_number, s.count);
      const auto at = static_cast<std::size_t>(number - s.first_number);
      if (!again || again->proposals.size() <= at || again->proposals[at].values != trial.values) {
        facts.broken("I9: trial " + std::to_string(number) + " cannot be proposed again");
      }
    }
  }
}

}  // namespace hpo::sim
