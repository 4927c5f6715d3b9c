// Lists of trials, page by page. A cursor is the sort key of the page's last trial, so a page costs
// the same wherever it lies, and trials that come meanwhile move nothing.
#include <bit>
#include <charconv>
#include <cstdio>

#include "daemon/store/rows.hpp"
#include "daemon/store/sqlite_reader.hpp"

// With what is shown of one attempt, under names of its own: of the one whose late result counts,
// which the trial has ended with, or else of the latest. See engine::late_result().
#define HPO_SELECT_TRIALS                                                                    \
  "SELECT " HPO_TRIAL_COLUMNS ", a_number, a_state, a_slot, a_submitted_ns, "                \
  "a_outcome ->> 'started_ns', a_outcome ->> 'ended_ns', "                                   \
  "(SELECT max(r.step) FROM reports r WHERE r.study = trials.study "                         \
  " AND r.trial = trials.number), "                                                          \
  "(SELECT max(r.rung) FROM reports r WHERE r.study = trials.study "                         \
  " AND r.trial = trials.number AND r.rung IS NOT NULL), "                                   \
  "CASE WHEN a_verdict <> 'go_on' THEN (SELECT r.step FROM reports r "                       \
  " WHERE r.study = trials.study AND r.trial = trials.number AND r.attempt = a_number "      \
  " AND r.verdict = a_verdict ORDER BY r.step LIMIT 1) END, "                                \
  "CASE WHEN a_verdict <> 'go_on' AND a_rung >= 0 THEN a_rung END "                          \
  "FROM trials LEFT JOIN "                                                                   \
  "(SELECT study AS a_study, trial AS a_trial, number AS a_number, state AS a_state, "       \
  "slot AS a_slot, submitted_ns AS a_submitted_ns, outcome AS a_outcome, "                   \
  "verdict AS a_verdict, rung AS a_rung FROM attempts) "                                     \
  "ON a_study = study AND a_trial = number AND a_number = ifnull((SELECT min(l.number) "     \
  "FROM attempts l WHERE l.study = trials.study AND l.trial = trials.number "                \
  "AND l.state = 'late' AND l.outcome ->> 'status' IN ('completed', 'pruned', 'infeasible') " \
  "AND trials.state IN ('completed', 'pruned', 'infeasible')), (SELECT max(a.number) "       \
  "FROM attempts a WHERE a.study = trials.study AND a.trial = trials.number)) "

namespace hpo::store {
namespace {

using Sort = TrialQuery::Sort;

// "n0000002a", "v3fe0000000000000.0000002a": order, bits of the value, number; for us alone.
struct Cursor {
  double value = 0.0;
  std::int64_t number = -1;
};

char letter(Sort sort) {
  return sort == Sort::number ? 'n' : sort == Sort::value ? 'v' : 'd';
}

std::string cursor_text(Sort sort, const Trial& last) {
  char text[32];
  const auto number = static_cast<unsigned>(last.number);
  if (sort == Sort::number) {
    std::snprintf(text, sizeof text, "n%08x", number);
  } else {
    const auto bits = std::bit_cast<std::uint64_t>(last.value.value_or(0.0));
    std::snprintf(text, sizeof text, "%c%016llx.%08x", letter(sort),
                  static_cast<unsigned long long>(bits), number);
  }
  return text;
}

bool read_hex(std::string_view digits, std::uint64_t& out) {
  const char* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, out, 16);
  return !digits.empty() && read.ec == std::errc{} && read.ptr == end;
}

Result<Cursor> read_cursor(const TrialQuery& query) {
  Cursor cursor;
  std::string_view text = query.cursor;
  const Error refused{ErrorCode::invalid_argument, "the cursor is not one of this list",
                      "cursor=" + query.cursor,
                      "take `next` of the page before, with the same sort; or leave it out"};
  if (text.front() != letter(query.sort)) return refused;
  text.remove_prefix(1);
  std::uint64_t value = 0;
  std::uint64_t number = 0;
  if (query.sort != Sort::number) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || !read_hex(text.substr(0, dot), value)) return refused;
    text.remove_prefix(dot + 1);
  }
  if (!read_hex(text, number) || number > 0xffffffffULL) return refused;
  cursor.value = std::bit_cast<double>(value);
  cursor.number = static_cast<std::int64_t>(number);
  return cursor;
}

// Without a cursor, the page begins before the first trial.
Result<Cursor> start_of(const TrialQuery& query) {
  if (!query.cursor.empty()) return read_cursor(query);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (query.sort == Sort::value) return Cursor{.value = -infinity};
  if (query.sort == Sort::value_descending) return Cursor{.value = infinity};
  return Cursor{};
}

const char* select_by_value(Sort sort) {
  return sort == Sort::value
             ? HPO_SELECT_TRIALS "WHERE study = ? AND value IS NOT NULL "
                                 "AND (value, number) > (?, ?) ORDER BY value, number LIMIT ?"
             : HPO_SELECT_TRIALS "WHERE study = ? AND value IS NOT NULL "
                                 "AND (value, number) < (?, ?) "
                                 "ORDER BY value DESC, number DESC LIMIT ?";
}

Result<TrialRow> read_row(Query& query) {
  auto stored = read_trial(query);
  if (!stored) return stored.error();
  TrialRow row{.trial = std::move(stored->trial), .params = std::move(stored->params)};
  row.attempt = query.maybe_number();
  row.attempt_state = from_word<AttemptState>(query.text());
  row.slot = query.maybe_number();
  for (auto* time : {&row.submitted_ns, &row.started_ns, &row.ended_ns}) {
    *time = query.maybe_integer();
    if (*time && **time <= 0) time->reset();
  }
  row.step = query.maybe_integer();
  row.rung = query.maybe_number();
  row.verdict_step = query.maybe_integer();
  row.verdict_rung = query.maybe_number();
  return row;
}

Result<std::vector<TrialRow>> read_all(Query& query) {
  std::vector<TrialRow> rows;
  auto row = query.next();
  for (; row && *row; row = query.next()) {
    auto read = read_row(query);
    if (!read) return read.error();
    rows.push_back(*std::move(read));
  }
  if (!row) return row.error();
  return rows;
}

Result<void> check(const TrialQuery& query) {
  if (query.limit < 1 || query.limit > page_trials_max) {
    return Error{ErrorCode::invalid_argument, "a page has 1 to 1000 trials",
                 "limit=" + std::to_string(query.limit), "choose a limit in between"};
  }
  const bool by_value = query.sort != Sort::number;
  if (by_value && query.state && *query.state != TrialState::completed) {
    return Error{ErrorCode::invalid_argument,
                 "trials that are " + std::string(word(*query.state)) + " have no value to sort by",
                 "sort", "sort by number, or ask for completed trials"};
  }
  return {};
}

}  // namespace

// One trial more than asked for tells whether there is a next page.
Result<std::vector<TrialRow>> SqliteReader::page(std::int64_t study, const TrialQuery& query) {
  const auto after = start_of(query);
  if (!after) return after.error();
  const int limit = query.limit + 1;
  if (query.sort != Sort::number) {
    Query rows(db_, select_by_value(query.sort), study, after->value, after->number, limit);
    return read_all(rows);
  }
  if (query.state) {
    Query rows(db_, HPO_SELECT_TRIALS "WHERE study = ? AND state = ? AND number > ? "
                                      "ORDER BY number LIMIT ?",
               study, word(*query.state), after->number, limit);
    return read_all(rows);
  }
  Query rows(db_, HPO_SELECT_TRIALS "WHERE study = ? AND number > ? ORDER BY number LIMIT ?",
             study, after->number, limit);
  return read_all(rows);
}

Result<TrialPage> SqliteReader::trials(const TrialQuery& query) {
  if (auto fits = check(query); !fits) return fits.error();
  const Snapshot snapshot(*this);
  const auto id = id_of(query.study);
  if (!id) return id.error();
  auto rows = page(*id, query);
  if (!rows) return rows.error();
  TrialPage page{.trials = *std::move(rows)};
  if (page.trials.size() > static_cast<std::size_t>(query.limit)) {
    page.trials.pop_back();
    page.next = cursor_text(query.sort, page.trials.back().trial);
  }
  return page;
}

Result<TrialRow> SqliteReader::trial(std::string_view study, int number) {
  const Snapshot snapshot(*this);
  const auto id = id_of(study);
  if (!id) return id.error();
  Query query(db_, HPO_SELECT_TRIALS "WHERE study = ? AND number = ?", *id, number);
  const auto row = query.next();
  if (!row) return row.error();
  if (*row) return read_row(query);
  return Error{ErrorCode::not_found, "there is no trial " + std::to_string(number),
               "study " + std::string(study), "list its trials: hpo trials " + std::string(study)};
}

}  // namespace hpo::store
