// The tables say what the events say, and what they say about each other is true.
//
// Counters are counted again by SQL: the engine made both events and counters, so a fold alone
// would compare it with itself.
#include <chrono>

#include "schema/codec/codec.hpp"
#include "tests/simulation/verification.hpp"

namespace hpo::sim {
namespace {

using namespace std::chrono_literals;

// No row without its event, and no event without its row.
void compare(Facts& facts, std::int64_t id, const Folded& folded) {
  const std::string of_study = " WHERE study = " + std::to_string(id);
  const Rows trials = facts.query("SELECT number, state, params, attempts FROM trials" + of_study);
  if (trials.size() != folded.trials.size()) facts.broken("I2: events and table differ in trials");
  for (const auto& row : trials) {
    const auto found = folded.trials.find(std::stoi(row[0]));
    if (found == folded.trials.end()) return facts.broken("I2: no event of trial " + row[0]);
    const Trial& trial = found->second;
    const bool is_same = row[1] == word(trial.state) && std::stoi(row[3]) == trial.attempts &&
                         row[2] == params_to_json(folded.spec->space, trial.values);
    if (!is_same) facts.broken("I2: events and table differ in trial " + row[0]);
  }
  for (const auto& row : facts.query("SELECT trial, number, state, ifnull(time_s, 0) FROM "
                                     "attempts" + of_study)) {
    const auto found = folded.attempts.find({std::stoi(row[0]), std::stoi(row[1])});
    const bool is_same = found != folded.attempts.end() && row[2] == word(found->second.state) &&
                         std::stoll(row[3]) == found->second.asked.time.value_or(0s).count();
    if (!is_same) facts.broken("I2: events and table differ in an attempt of trial " + row[0]);
  }
}

// Begun milliseconds count, so that each attempt may add up to one of each node.
void check_node_hours(Facts& facts, std::int64_t id, const Folded& folded) {
  constexpr std::int64_t ms = 1'000'000;
  const std::int64_t sum_ns = node_ns(folded);
  const std::int64_t spent_ns = ms * facts.number(
      "SELECT spent_node_ms FROM studies WHERE id = " + std::to_string(id));
  const auto jobs = std::ssize(folded.attempts) + std::ssize(folded.workers.jobs);
  const std::int64_t rounded_ns = jobs * 2 * ms;
  if (spent_ns >= sum_ns && spent_ns <= sum_ns + rounded_ns) return;
  facts.broken("I6: the node-hours of a study are not those of its attempts");
}

void check_counters(Facts& facts) {
  for (const char* state : {"completed", "pruned", "infeasible", "failed", "cancelled"}) {
    const std::string s(state);
    facts.must_be_empty("I6: the counter of trials " + s + " is not their number",
                        "SELECT name FROM studies s WHERE s." + s + " <> (SELECT count(*) FROM "
                        "trials t WHERE t.study = s.id AND t.state = '" + s + "')");
  }
  facts.must_be_empty("I6: a counter of trials or attempts is not their number",
                      "SELECT name FROM studies s WHERE "
                      "created <> (SELECT count(*) FROM trials t WHERE t.study = s.id) OR "
                      "attempts <> (SELECT count(*) FROM attempts a WHERE a.study = s.id) OR "
                      "trials_more > (SELECT count(*) FROM trials t WHERE t.study = s.id AND "
                      "t.origin = 'retry')");
  facts.must_be_empty("I6: retries do not add to the budget of a study that was not cancelled",
                      "SELECT name FROM studies s WHERE "
                      "trials_more <> (SELECT count(*) FROM trials t WHERE t.study = s.id AND "
                      "t.origin = 'retry') AND NOT EXISTS (SELECT 1 FROM events e WHERE "
                      "e.study = s.id AND e.kind = 'study_cancelling')");
  facts.must_be_empty("I6: the counter of stand-ins is not the number of their trials",
                      "SELECT name FROM studies s WHERE stand_ins <> (SELECT count(*) FROM "
                      "trials t WHERE t.study = s.id AND t.asked_instead_of <> '')");
  facts.must_be_empty("I6: the best value is not the best",
                      "SELECT name FROM studies s WHERE best_value IS NOT (SELECT min(value) FROM "
                      "trials t WHERE t.study = s.id)");
  facts.must_be_empty("I6: attempts of a trial were not counted",
                      "SELECT number FROM trials t WHERE attempts <> (SELECT count(*) FROM "
                      "attempts a WHERE a.study = t.study AND a.trial = t.number)");
}

void check_results(Facts& facts) {
  const std::string of_trial = "a.study = t.study AND a.trial = t.number AND ";
  facts.must_be_empty("I6: a trial took two results",
                      "SELECT number FROM trials t WHERE 1 < (SELECT count(*) FROM attempts a "
                      "WHERE " + of_trial + "a.state = 'succeeded' AND a.verdict = 'go_on')");
  facts.must_be_empty("I2: a trial has a result that no attempt brought",
                      "SELECT number FROM trials t WHERE state IN ('completed', 'pruned', "
                      "'infeasible') AND NOT EXISTS (SELECT 1 FROM attempts a WHERE " + of_trial +
                      "(a.state IN ('succeeded', 'late') OR "
                      "(t.state = 'pruned' AND a.verdict <> 'go_on')))");
}

void check_budget(Facts& facts, std::int64_t id, const Folded& folded) {
  const std::string of_study = std::to_string(id);
  const std::int64_t asked = facts.number(
      "SELECT count(*) FROM trials WHERE origin <> 'retry' AND study = " + of_study);
  if (asked > folded.spec->budget.trials) facts.broken("I10: more trials than the budget allows");
  facts.must_be_empty("I10: more attempts than retries allow",
                      "SELECT number FROM trials WHERE study = " + of_study +
                          " AND attempts - resumes > " +
                          std::to_string(1 + folded.spec->retry.max));
}

}  // namespace

void check_tables(Facts& facts) {
  for (const auto& [id, folded] : facts.studies) {
    compare(facts, id, folded);
    check_budget(facts, id, folded);
    check_node_hours(facts, id, folded);
  }
  check_counters(facts);
  check_results(facts);
  facts.must_be_empty("I3: a job is live though its study has ended",
                      "SELECT job FROM attempts WHERE state IN ('submitting', 'unknown', "
                      "'submitted', 'queued', 'running')");
}

}  // namespace hpo::sim
