// Folds the stored events anew: each is a legal step from the one before, and none is missing.
//
// Reads by plain SQL, after the last life.
#include "tests/simulation/verify.hpp"

#include <algorithm>
#include <cmath>

#include "schema/assert.hpp"
#include "schema/codec/codec.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/writer.hpp"
#include "tests/simulation/verification.hpp"

namespace hpo::sim {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

std::shared_ptr<sqlite3> open(const std::string& path) {
  sqlite3* db = nullptr;
  sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr);
  return {db, sqlite3_close};
}

template <class E>
std::string edge(const char* noun, const std::optional<E>& before, E after) {
  const std::string from = before ? std::string(word(*before)) + " to " : "begins as ";
  return std::string(noun) + " " + from + std::string(word(after));
}

void note_study(Facts& facts, Folded& folded, StudyState before, std::int64_t seq) {
  const engine::Progress& now = folded.study.progress;
  if (!folded.states.empty() && now.state == before) return;
  const auto from = folded.states.empty() ? std::nullopt : std::optional(before);
  ++facts.counts[edge("study", from, now.state)];
  ++facts.counts["reason " + std::string(word(now.reason))];
  folded.states.emplace_back(seq, now.state);
}

// A proposal that was ready before the last result came is older than one that waited for it.
void note_suggestion(Facts& facts, const Folded& folded, const Trial& trial) {
  std::int64_t newest = 0;
  for (const auto& [number, each] : folded.trials) newest = std::max(newest, each.history_seq);
  const bool is_outdated = trial.suggestion.history_seq < newest;
  ++facts.counts[is_outdated ? "suggested before the last result" : "suggested after all results"];
}

void note_trial(Facts& facts, Folded& folded, const Trial& trial) {
  const auto known = folded.trials.find(trial.number);
  const bool is_new = known == folded.trials.end();
  if (!is_new && is_finished(known->second.state)) facts.broken("I7: a finished trial changed");
  if (is_new) ++facts.counts["origin " + std::string(word(trial.origin))];
  if (is_new && !trial.suggestion.strategy.empty()) note_suggestion(facts, folded, trial);
  const auto before = is_new ? std::nullopt : std::optional(known->second.state);
  ++facts.counts[edge("trial", before, trial.state)];
  folded.trials[trial.number] = trial;
}

// A first attempt asks for what the study says, one after a timeout for twice as much, in minutes.
void check_asked(Facts& facts, const Folded& folded, const Attempt& attempt) {
  const ExecutorSpec& executor = folded.spec->executor;
  if (executor.type != "slurm" || folded.spec->is_pulled()) return;  // its worker job asks
  const auto before = folded.attempts.find({attempt.trial, attempt.number - 1});
  auto expected = executor.time;
  if (before != folded.attempts.end()) {
    expected = before->second.asked.time;
    const bool is_more = before->second.outcome.failure == FailureClass::timeout;
    if (is_more) expected = std::chrono::ceil<std::chrono::minutes>(2 * *expected);
    if (is_more) ++facts.counts["asked for more"];
  }
  if (attempt.asked.time != expected) facts.broken("I10: an attempt asks for another time");
}

void note_attempt(Facts& facts, Folded& folded, const Attempt& attempt) {
  const std::pair key{attempt.trial, attempt.number};
  const auto known = folded.attempts.find(key);
  if (known == folded.attempts.end()) check_asked(facts, folded, attempt);
  const auto before =
      known == folded.attempts.end() ? std::nullopt : std::optional(known->second.state);
  if (before != attempt.state) ++facts.counts[edge("attempt", before, attempt.state)];
  const auto& failure = attempt.outcome.failure;
  if (failure) ++facts.counts["failure " + std::string(word(*failure))];
  folded.attempts[key] = attempt;
  if (attempt.state == AttemptState::running) folded.have_run.insert(key);
}

void check_node_hours(Facts& facts, const Folded& folded) {
  const auto& hours = folded.spec->budget.node_hours;
  if (!hours) return;
  constexpr double ns_per_hour = 3.6e12;
  if (static_cast<double>(node_ns(folded)) > *hours * ns_per_hour + 1.0) {
    facts.broken("I10: more node-hours used and asked for than the budget allows");
  }
}

// The deadline's own timer ends the count of time, not whatever happens next. While the disk is
// full nothing can be noted: then the time is counted when there is space again.
void check_time(Facts& facts, const Folded& folded, const Event& event) {
  const auto& time = folded.spec->budget.time;
  if (!time) return;
  const std::int64_t limit_ns = std::chrono::nanoseconds(*time).count();
  const std::int64_t spent_ns = folded.study.progress.spent_ns;
  const bool was_full = facts.counts.contains("disk full once") ||
                        facts.counts.contains("disk full for a while");
  if (!was_full && spent_ns < limit_ns && spent_ns + event.elapsed_ns > limit_ns + second_ns) {
    facts.broken("I10: the end of a study's time was not noticed in time");
  }
}

void fold_one(Facts& facts, Folded& folded, const Event& event, std::int64_t seq) {
  const std::string kind(event_kinds[event.body.index()]);
  ++facts.counts["event " + kind];
  check_time(facts, folded, event);
  check_workers_before(facts, folded, event);
  const StudyState before = folded.study.progress.state;
  auto changes = engine::apply(folded.study, event);
  if (!changes) return facts.broken("I8: " + kind + ": " + changes.error().what);
  note_study(facts, folded, before, seq);
  if (changes->trial) note_trial(facts, folded, *changes->trial);
  if (changes->worker) note_worker(facts, folded, *changes->worker);
  if (changes->attempt) note_attempt(facts, folded, *changes->attempt);
  check_node_hours(facts, folded);
}

void read_specs(Facts& facts) {
  for (const auto& row : facts.query("SELECT study, spec FROM specs ORDER BY study")) {
    auto decoded = decode_study(row[1], {.comments = false});
    if (!decoded.spec) return facts.broken("I1: a stored study cannot be read back");
    Folded& folded = facts.studies[std::stoll(row[0])];
    folded.spec = std::make_shared<const StudySpec>(std::move(*decoded.spec));
    folded.study.spec = folded.spec;
    folded.study.id = std::stoll(row[0]);
  }
}

// A float with all its digits, of which SQLite's text has 15: a model is another one by the last.
std::string text_of(sqlite3_stmt* statement, int column) {
  const double number = sqlite3_column_double(statement, column);
  if (sqlite3_column_type(statement, column) == SQLITE_FLOAT && std::isfinite(number)) {
    return json::number_text(number);
  }
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  return text ? text : "";
}

}  // namespace

std::int64_t node_ns(const Folded& folded) {
  std::int64_t sum_ns = 0;
  for (const auto& [key, attempt] : folded.attempts) sum_ns += node_ns(folded, attempt);
  for (const auto& [number, worker] : folded.workers.jobs) sum_ns += node_ns(folded, worker);
  return sum_ns;
}

std::int64_t node_ns(const Folded& folded, const Attempt& attempt) {
  const ExecutorSpec& executor = folded.spec->executor;
  if (executor.type != "slurm" || folded.spec->is_pulled()) return 0;
  const Outcome& outcome = attempt.outcome;
  const std::int64_t asked_ns = executor.batch.nodes *
      std::chrono::nanoseconds(attempt.asked.time.value_or(std::chrono::seconds(0))).count();
  const bool is_given_up =
      attempt.state == AttemptState::lost || attempt.state == AttemptState::late;
  if (is_live(attempt.state)) return asked_ns;
  if (outcome.started_ns > 0) {
    return executor.batch.nodes * (outcome.ended_ns - outcome.started_ns);
  }
  const bool has_run = folded.have_run.contains({attempt.trial, attempt.number});
  return is_given_up || has_run ? asked_ns : 0;
}

void fold_events(Facts& facts) {
  read_specs(facts);
  std::int64_t seq = 0;
  for (const auto& row : facts.query("SELECT seq, study, kind, data, at_ns, elapsed_ns, "
                                     "history_seq FROM events ORDER BY seq")) {
    if (std::stoll(row[0]) != ++seq) return facts.broken("I11: a gap before event " + row[0]);
    Folded& folded = facts.studies[std::stoll(row[1])];
    if (!folded.spec) return facts.broken("I2: an event of no study");
    auto event = event_from_json(row[2], row[3], folded.spec->space);
    if (!event) return facts.broken("I1: an event cannot be read back: " + event.error().what);
    event->at_ns = std::stoll(row[4]);
    event->elapsed_ns = std::stoll(row[5]);
    event->history_seq = std::stoll(row[6]);
    fold_one(facts, folded, *event, seq);
  }
}

Rows Facts::query(const std::string& sql) const {
  Rows rows;
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(db.get(), sql.c_str(), -1, &statement, nullptr);
  HPO_ASSERT(code == SQLITE_OK, "the checker's queries fit the schema");
  while (sqlite3_step(statement) == SQLITE_ROW) {
    std::vector<std::string>& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement); ++i) row.push_back(text_of(statement, i));
  }
  sqlite3_finalize(statement);
  return rows;
}

void Facts::must_be_empty(const std::string& what, const std::string& sql) {
  for (const auto& row : query(sql)) broken(what + ": " + row[0]);
}

std::int64_t Facts::number(const std::string& sql) const { return std::stoll(query(sql)[0][0]); }

Folded* Facts::study(const std::string& name) {
  for (auto& [id, folded] : studies) {
    if (folded.spec->name == name) return &folded;
  }
  return nullptr;
}

void verify(const Evidence& evidence, std::vector<std::string>& violations,
            std::map<std::string, int>& counts) {
  Facts facts{open(evidence.database), evidence, violations, counts};
  fold_events(facts);
  check_tables(facts);
  check_worker_tables(facts);
  check_promises(facts);
  check_world(facts);
  check_suggestions(facts);
  check_reports(facts);
}

}  // namespace hpo::sim
