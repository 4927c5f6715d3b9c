// Folds the stored events anew and compares them with tables, promises and the world's own list.
//
// Reads by plain SQL, after the last life.
#include "tests/simulation/verify.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <set>

#include "daemon/engine/study.hpp"
#include "daemon/store/store.hpp"
#include "schema/assert.hpp"
#include "schema/codec/codec.hpp"
#include "schema/decode/decode.hpp"
#include "strategies/strategy.hpp"

namespace hpo::sim {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// Plain SQL beside the store, so that the checker does not trust the code it checks.
Rows query(const std::string& path, const std::string& sql) {
  sqlite3* raw = nullptr;
  sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> db(raw, &sqlite3_close);
  Rows rows;
  const int code = sqlite3_exec(raw, sql.c_str(), [](void* out, int n, char** values, char**) {
    std::vector<std::string> row;
    for (int i = 0; i < n; ++i) row.emplace_back(values[i] ? values[i] : "");
    static_cast<Rows*>(out)->push_back(std::move(row));
    return 0;
  }, &rows, nullptr);
  HPO_ASSERT(code == SQLITE_OK, "the checker's queries fit the schema");
  return rows;
}

struct Folded {
  std::shared_ptr<const StudySpec> spec{};
  engine::Study study{};
  std::map<int, Trial> trials{};       // as the events say
  std::map<int, Attempt> attempts{};   // trial * 100 + number
};

class Verification {
 public:
  Verification(const Evidence& evidence, std::vector<std::string>& violations,
               std::map<std::string, int>& counts)
      : evidence_(evidence), violations_(violations), counts_(counts) {}

  void all() {
    fold();
    for (auto& [id, folded] : studies_) {
      compare_with_tables(id, folded);
      check_budget(folded);
      check_values(folded);
      check_suggestions(folded);
    }
    check_promises();
    check_results_kept();
  }

 private:
  void broken(const std::string& what) { violations_.push_back(what); }
  void fold();
  void fold_one(Folded& folded, const Event& event, std::string_view kind);
  void compare_with_tables(std::int64_t id, const Folded& folded);
  void check_budget(const Folded& folded);
  void check_values(const Folded& folded);
  void check_suggestions(const Folded& folded);
  void check_promises();
  void check_results_kept();

  const Evidence& evidence_;
  std::vector<std::string>& violations_;
  std::map<std::string, int>& counts_;
  std::map<std::int64_t, Folded> studies_{};
};

// I7, I8, I11: every event is a legal step from the one before, and none is missing.
void Verification::fold() {
  for (const auto& row : query(evidence_.database,
                               "SELECT study, spec FROM specs ORDER BY study")) {
    auto decoded = decode_study(row[1], {.comments = false});
    if (!decoded.spec) return broken("the stored study cannot be read back");
    Folded& folded = studies_[std::stoll(row[0])];
    folded.spec = std::make_shared<const StudySpec>(std::move(*decoded.spec));
    folded.study.spec = folded.spec;
    folded.study.id = std::stoll(row[0]);
  }
  std::int64_t expected_seq = 0;
  for (const auto& row : query(evidence_.database,
                               "SELECT seq, study, kind, data, at_ns, elapsed_ns, history_seq "
                               "FROM events ORDER BY seq")) {
    if (std::stoll(row[0]) != ++expected_seq) return broken("I11: a gap before event " + row[0]);
    Folded& folded = studies_[std::stoll(row[1])];
    auto event = event_from_json(row[2], row[3], folded.spec->space);
    if (!event) return broken("an event cannot be read back: " + event.error().what);
    event->at_ns = std::stoll(row[4]);
    event->elapsed_ns = std::stoll(row[5]);
    event->history_seq = std::stoll(row[6]);
    fold_one(folded, *event, row[2]);
  }
}

void Verification::fold_one(Folded& folded, const Event& event, std::string_view kind) {
  ++counts_["event " + std::string(kind)];
  auto changes = engine::apply(folded.study, event);
  if (!changes) return broken("I8: " + std::string(kind) + ": " + changes.error().what);
  if (changes->trial) {
    Trial& before = folded.trials[changes->trial->number];
    if (is_finished(before.state)) broken("I7: a finished trial changed");
    ++counts_["trial becomes " + std::string(word(changes->trial->state))];
    before = *changes->trial;
  }
  if (changes->attempt) {
    ++counts_["attempt becomes " + std::string(word(changes->attempt->state))];
    folded.attempts[changes->attempt->trial * 100 + changes->attempt->number] = *changes->attempt;
    const auto& failure = changes->attempt->outcome.failure;
    if (failure) ++counts_["failure " + std::string(word(*failure))];
  }
}

// The tables say what the events say: no row without its event, and no event without its row.
void Verification::compare_with_tables(std::int64_t id, const Folded& folded) {
  const std::string of_study = " WHERE study = " + std::to_string(id);
  const Rows trials = query(evidence_.database,
                            "SELECT number, state, params, attempts FROM trials" + of_study);
  if (trials.size() != folded.trials.size()) broken("events and table differ in trials");
  for (const auto& row : trials) {
    const auto found = folded.trials.find(std::stoi(row[0]));
    if (found == folded.trials.end()) return broken("I2: trial " + row[0] + " has no event");
    const Trial& trial = found->second;
    const bool is_same = row[1] == word(trial.state) && std::stoi(row[3]) == trial.attempts &&
                         row[2] == params_to_json(folded.spec->space, trial.values);
    if (!is_same) broken("events and table differ in trial " + row[0]);
  }
  for (const auto& row : query(evidence_.database,
                               "SELECT trial, number, state FROM attempts" + of_study)) {
    const auto found = folded.attempts.find(std::stoi(row[0]) * 100 + std::stoi(row[1]));
    if (found == folded.attempts.end() || row[2] != word(found->second.state)) {
      broken("events and table differ in an attempt of trial " + row[0]);
    }
  }
  const Rows study = query(evidence_.database,
                           "SELECT state, completed, failed, created FROM studies WHERE id = " +
                               std::to_string(id));
  const engine::Progress& p = folded.study.progress;
  if (study[0][0] != word(p.state) || std::stoi(study[0][1]) != p.completed ||
      std::stoi(study[0][2]) != p.failed || std::stoi(study[0][3]) != p.created) {
    broken("I6: the study's counters differ from its events");
  }
}

void Verification::check_budget(const Folded& folded) {
  if (folded.study.progress.created > folded.study.trials_total()) {
    broken("I10: more trials than the budget allows");
  }
  if (!is_ended(folded.study.progress.state)) broken("the study did not end");
}

// I6: a completed trial has the value of its own params, whatever happened on the way.
void Verification::check_values(const Folded& folded) {
  for (const auto& [number, trial] : folded.trials) {
    if (trial.state != TrialState::completed) continue;
    if (trial.value != value_of(params_to_json(folded.spec->space, trial.values))) {
      broken("I6: trial " + std::to_string(number) + " has a value that is not its own");
    }
  }
}

// I9: what the strategy proposed is what it proposes again.
void Verification::check_suggestions(const Folded& folded) {
  auto strategy = make_strategy(*folded.spec);
  for (const auto& [number, trial] : folded.trials) {
    if (trial.origin != Origin::strategy) continue;
    const Suggestion& s = trial.suggestion;
    auto again = (*strategy)->ask(History(folded.spec->space.size()), s.first_number, s.count);
    const auto at = static_cast<std::size_t>(number - s.first_number);
    if (!again || again->proposals.size() <= at || again->proposals[at].values != trial.values) {
      broken("I9: trial " + std::to_string(number) + " cannot be proposed again");
    }
  }
}

// I1: what was promised is there.
void Verification::check_promises() {
  for (const Request& request : evidence_.client.requests()) {
    if (!request.reply) continue;
    auto reply = json::parse_own(*request.reply, "reply");
    if (const auto* name = reply->find("name")) {
      const bool is_there = std::ranges::any_of(studies_, [&](const auto& s) {
        return s.second.spec->name == name->string;
      });
      if (!is_there) broken("I1: study " + name->string + " was acknowledged and is not there");
    }
    const auto* trials = reply->find("trials");
    if (!trials || studies_.empty()) continue;
    for (const json::Node& number : trials->items) {
      if (!studies_.begin()->second.trials.contains(static_cast<int>(number.integer))) {
        broken("I1: an enqueued trial was acknowledged and is not there");
      }
    }
  }
}

// I5: a training that completed is a trial that completed.
void Verification::check_results_kept() {
  for (const auto& [name, job] : evidence_.world.jobs()) {
    const bool has_result = job.has_claim && !job.vanishes &&
                            job.outcome.status == OutcomeStatus::completed;
    if (!has_result) continue;
    const int number = std::stoi(job.trial.substr(job.trial.find('/') + 1));
    for (const auto& [id, folded] : studies_) {
      if (folded.spec->name + "/" + std::to_string(number) != job.trial) continue;
      const auto trial = folded.trials.find(number);
      if (trial == folded.trials.end() || trial->second.state != TrialState::completed) {
        broken("I5: the result of trial " + job.trial + " was lost");
      }
    }
  }
}

}  // namespace

void verify(const Evidence& evidence, std::vector<std::string>& violations,
            std::map<std::string, int>& counts) {
  Verification(evidence, violations, counts).all();
}

}  // namespace hpo::sim
