// Reports: those that were acknowledged are there, and what pruners said of them they say again.
#include <cmath>
#include <variant>

#include "strategies/pruners/pruner.hpp"
#include "tests/simulation/verification.hpp"

namespace hpo::sim {
namespace {

void check_kept(Facts& facts) {
  std::set<std::pair<std::string, std::int64_t>> stored;
  for (const auto& row : facts.query("SELECT (SELECT name FROM studies WHERE id = study), trial, "
                                     "step FROM reports")) {
    stored.insert({row[0] + "/" + row[1], std::stoll(row[2])});
  }
  for (const auto& [trial, step] : facts.evidence.world.steps()) {
    if (stored.contains({trial, step})) continue;
    facts.broken("I1: step " + std::to_string(step) + " of " + trial + " was said to be kept");
  }
}

struct End {
  int trial = 0;
  TrialState state{};
  double value = 0.0;
};

// By the numbers that order them.
std::map<std::int64_t, std::variant<End, JudgedReport>> all_told(Facts& facts, std::int64_t study,
                                                         const Folded& folded) {
  std::map<std::int64_t, std::variant<End, JudgedReport>> all;
  for (const auto& [number, trial] : folded.trials) {
    if (trial.history_seq == 0) continue;
    all[trial.history_seq] = End{number, trial.state, trial.value.value_or(std::nan(""))};
  }
  for (const auto& row : facts.query(
           "SELECT seq, trial, step, attempt, value, ifnull(verdict, 'go_on'), ifnull(rung, -1), "
           "ifnull(reason, ''), late FROM reports WHERE study = " + std::to_string(study))) {
    const double value = row[4].empty() ? std::nan("") : std::stod(row[4]);
    JudgedReport told{.report = {.trial = std::stoi(row[1]), .step = std::stoll(row[2]),
                                 .value = value, .attempt = std::stoi(row[3]),
                                 .is_late = row[8] == "1"},
                      .decision = {*from_word<Verdict>(row[5]), std::stoi(row[6]), row[7]}};
    const std::int64_t seq = std::stoll(row[0]);
    if (!all.emplace(seq, std::move(told)).second) facts.broken("I9: a number was given twice");
  }
  return all;
}

// I9: with the same reports in the same order, the pruner decides the same.
void check_decisions(Facts& facts, std::int64_t study, const Folded& folded) {
  auto pruner = Pruner::make(*folded.spec);
  for (const auto& [seq, what] : all_told(facts, study, folded)) {
    if (const auto* end = std::get_if<End>(&what)) {
      pruner->finished(end->trial, end->state, end->value);
      continue;
    }
    const auto& told = std::get<JudgedReport>(what);
    const Decision decision = pruner->report(told.report);
    ++facts.counts["decision " + std::string(word(decision.verdict))];
    if (told.report.is_late) ++facts.counts["late step"];
    if (decision == told.decision) continue;
    facts.broken("I9: step " + std::to_string(told.report.step) + " of trial " +
                 std::to_string(told.report.trial) + " of " + folded.spec->name + ", \"" +
                 told.decision.reason + "\", is judged otherwise: \"" + decision.reason + "\"");
  }
}

}  // namespace

void check_reports(Facts& facts) {
  check_kept(facts);
  for (const auto& [id, folded] : facts.studies) {
    if (folded.spec->pruner.type != "none") check_decisions(facts, id, folded);
  }
}

}  // namespace hpo::sim
