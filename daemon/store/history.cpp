// A study's history for its strategy: the longest read there is, so it comes in chunks, each a
// short read transaction. Neither finished trials nor reports ever change, so the chunks fit
// together.
#include <cmath>
#include <unordered_map>

#include "daemon/store/rows.hpp"
#include "daemon/store/sqlite_reader.hpp"
#include "schema/codec/codec.hpp"
#include "schema/rungs.hpp"

namespace hpo::store {
namespace {

struct Row {
  FinishedTrial trial{};
  bool is_sound = true;
};

Row read_finished(Query& query) {
  Row row;
  row.trial.history_seq = query.integer();
  row.trial.number = query.number();
  row.trial.state = read_word<TrialState>(query, row.is_sound);
  row.trial.origin = read_word<Origin>(query, row.is_sound);
  row.trial.value = query.real();  // NULL reads as 0
  return row;
}

}  // namespace

// Returns how many trials it appended.
Result<std::size_t> SqliteReader::append_chunk(std::int64_t study, const SearchSpace& space,
                                               std::int64_t history_seq_max, History& history) {
  const Snapshot snapshot(*this);
  Query query(db_, "SELECT history_seq, number, state, origin, value, params FROM trials "
                   "WHERE study = ? AND history_seq > ? AND history_seq <= ? "
                   "ORDER BY history_seq LIMIT ?",
              study, history.history_seq(), history_seq_max, history_chunk_trials);
  std::vector<ParamValue> values;
  std::size_t count = 0;
  auto row = query.next();
  for (; row && *row; row = query.next(), ++count) {
    const Row finished = read_finished(query);
    if (!finished.is_sound) return damaged("trials", "a state or origin is none of ours");
    values.clear();
    auto read = append_params(space, query.text(), values);
    if (!read) return read.error();
    history.append(finished.trial, values);
  }
  if (!row) return row.error();
  return count;
}

Result<History> SqliteReader::history(std::int64_t study, const SearchSpace& space,
                                      std::int64_t history_seq_max) {
  History history(space.size());
  while (true) {
    const auto count = append_chunk(study, space, history_seq_max, history);
    if (!count) return count.error();
    if (*count < static_cast<std::size_t>(history_chunk_trials)) return history;
  }
}

// Where it has come to, and the highest step of each trial so far.
class SqliteReader::RungReading {
 public:
  RungReading(std::int64_t study, const std::vector<std::int64_t>& steps, std::int64_t seq_max)
      : study_(study), seq_max_(seq_max), steps_(steps) {}

  Query query(Database& database) const {
    return Query(database, "SELECT seq, trial, step, value FROM reports "
                           "WHERE study = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
                 study_, seq_, seq_max_, history_chunk_reports);
  }

  void take(Query& row, History& history) {
    seq_ = row.integer();
    const int trial = row.number();
    const std::int64_t step = row.integer();
    const double value = row.maybe_real().value_or(std::nan(""));
    std::int64_t& last_step = last_steps_.try_emplace(trial, -1).first->second;
    const Report report{.trial = trial, .step = step, .value = value, .seq = seq_};
    for (const RungValue& each : values_at_rungs(steps_, last_step, report)) history.append(each);
    last_step = std::max(last_step, step);
  }

 private:
  std::int64_t study_;
  std::int64_t seq_max_;
  std::int64_t seq_ = 0;
  const std::vector<std::int64_t>& steps_;
  std::unordered_map<int, std::int64_t> last_steps_{};
};

Result<std::size_t> SqliteReader::add_rung_chunk(RungReading& reading, History& history) {
  const Snapshot snapshot(*this);
  Query query = reading.query(db_);
  std::size_t count = 0;
  auto row = query.next();
  for (; row && *row; row = query.next(), ++count) reading.take(query, history);
  if (!row) return row.error();
  return count;
}

Result<void> SqliteReader::add_rungs(std::int64_t study, const std::vector<std::int64_t>& steps,
                                     std::int64_t seq_max, History& history) {
  RungReading reading(study, steps, seq_max);
  while (true) {
    const auto count = add_rung_chunk(reading, history);
    if (!count) return count.error();
    if (*count < static_cast<std::size_t>(history_chunk_reports)) return {};
  }
}

}  // namespace hpo::store
