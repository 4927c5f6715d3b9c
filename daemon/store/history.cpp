// A study's history for its strategy: the longest read there is, so it comes in chunks, each a
// short read transaction. Finished trials never change, so the chunks fit together.
#include "daemon/store/rows.hpp"
#include "daemon/store/sqlite_reader.hpp"
#include "schema/codec/codec.hpp"

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

}  // namespace hpo::store
