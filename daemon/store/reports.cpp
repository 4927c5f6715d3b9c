// Reports on the writer's side: kept once for each step of a trial, read again in their order.
#include <cmath>

#include "daemon/store/rows.hpp"
#include "daemon/store/sqlite_store.hpp"
#include "schema/json/writer.hpp"

namespace hpo::store {
namespace {

std::optional<double> finite(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::string metrics_text(const std::map<std::string, double>& metrics) {
  json::Writer writer;
  writer.value(metrics);
  return std::move(writer).text();
}

// What was not compared has no decision in its row: that is most of them.
struct DecisionColumns {
  explicit DecisionColumns(const Decision& decision) {
    if (decision == Decision{}) return;
    verdict = word(decision.verdict);
    reason = decision.reason;
    if (decision.rung >= 0) rung = decision.rung;
  }
  std::optional<std::string_view> verdict{};
  std::optional<int> rung{};
  std::optional<std::string_view> reason{};
};

// Finished trials, in their order: the next one, while there is one.
class Ends {
 public:
  Ends(Database& database, std::int64_t study)
      : query_(database, "SELECT history_seq, number, state, value FROM trials "
                         "WHERE study = ? AND history_seq IS NOT NULL ORDER BY history_seq",
               study) {}

  Result<void> next() {
    const auto row = query_.next();
    if (!row) return row.error();
    is_there = *row;
    if (!*row) return {};
    bool is_sound = true;
    seq = query_.integer();
    trial = query_.number();
    state = read_word<TrialState>(query_, is_sound);
    value = query_.maybe_real().value_or(std::nan(""));
    return is_sound ? Result<void>() : damaged("trials", "a state is none of ours");
  }

  bool is_there = false;
  std::int64_t seq = 0;
  int trial = 0;
  TrialState state{};
  double value = 0.0;

 private:
  Query query_;
};

Result<void> tell_ends(Ends& ends, std::int64_t before_seq, const Store::Retold& told) {
  while (ends.is_there && ends.seq < before_seq) {
    told.end(ends.trial, ends.state, ends.value);
    if (auto next = ends.next(); !next) return next;
  }
  return {};
}

}  // namespace

Result<void> SqliteStore::write_report(std::int64_t study, const JudgedReport& row) {
  if (auto open = check_transaction(); !open) return open;
  const Report& report = row.report;
  const DecisionColumns decision(row.decision);
  auto written = noted(db_.run(
      "INSERT INTO reports"
      "(study, trial, step, attempt, seq, value, metrics, verdict, rung, reason, late) "
      "VALUES(?,?,?,?,?,?,?,?,?,?,?)",
      study, report.trial, report.step, report.attempt, report.seq, finite(report.value),
      metrics_text(report.metrics), decision.verdict, decision.rung, decision.reason,
      report.is_late ? 1 : 0));
  if (written && report.seq > pending_.history_seq) pending_.history_seq = report.seq;
  return written;
}

Result<std::optional<Report>> SqliteStore::find_report(std::int64_t study, int trial,
                                                       std::int64_t step) {
  if (auto usable = check_usable(); !usable) return usable.error();
  Query query(db_, "SELECT seq, attempt, value FROM reports "
                   "WHERE study = ? AND trial = ? AND step = ?", study, trial, step);
  const auto row = noted(query.next());
  if (!row) return row.error();
  if (!*row) return std::optional<Report>();
  Report report{.trial = trial, .step = step};
  report.seq = query.integer();
  report.attempt = query.number();
  report.value = query.maybe_real().value_or(std::nan(""));
  return std::optional(std::move(report));
}

Result<ReportTail> SqliteStore::report_tail(std::int64_t study, int trial) {
  if (auto usable = check_usable(); !usable) return usable.error();
  Query query(db_, "SELECT count(*), max(step) FROM reports WHERE study = ? AND trial = ?", study,
              trial);
  const auto row = noted(query.next());
  if (!row) return row.error();
  ReportTail tail{.count = query.number()};
  tail.last_step = query.maybe_integer().value_or(-1);
  return tail;
}

Result<void> SqliteStore::retell(std::int64_t study, const Retold& told) {
  if (auto usable = check_usable(); !usable) return usable.error();
  Ends ends(db_, study);
  if (auto first = noted(ends.next()); !first) return first;
  Query query(db_, "SELECT seq, trial, step, attempt, value, late FROM reports WHERE study = ? "
                   "ORDER BY seq", study);
  auto row = noted(query.next());
  for (; row && *row; row = noted(query.next())) {
    JudgedReport found{};
    found.report.seq = query.integer();
    found.report.trial = query.number();
    found.report.step = query.integer();
    found.report.attempt = query.number();
    found.report.value = query.maybe_real().value_or(std::nan(""));
    found.report.is_late = query.number() != 0;
    if (auto before = tell_ends(ends, found.report.seq, told); !before) return before;
    told.report(found);
  }
  if (!row) return row.error();
  return tell_ends(ends, std::numeric_limits<std::int64_t>::max(), told);
}

}  // namespace hpo::store
