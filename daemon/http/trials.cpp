// GET of trials and their logs. Reader strand.
#include <unistd.h>

#include <algorithm>

#include "daemon/http/encode.hpp"
#include "daemon/http/handlers.hpp"
#include "daemon/http/log_file.hpp"
#include "daemon/http/problem.hpp"
#include "schema/paths.hpp"

namespace hpo::http {
namespace {

using Sort = store::TrialQuery::Sort;

Error bad_word(std::string_view key, const std::string& text, std::string_view words_known) {
  return {ErrorCode::invalid_argument, "unknown " + std::string(key) + " \"" + text + "\"",
          "query parameter '" + std::string(key) + "'", "one of: " + std::string(words_known)};
}

Result<std::optional<TrialState>> state_of(const Query& query) {
  const std::string* text = query.find("state");
  if (text == nullptr) return std::optional<TrialState>{};
  const auto state = from_word<TrialState>(*text);
  if (state) return state;
  std::string known;
  for (const std::string_view each : words<TrialState>) {
    (known += known.empty() ? "" : ", ") += each;
  }
  return bad_word("state", *text, known);
}

Result<Sort> sort_of(const Query& query) {
  const std::string* text = query.find("sort");
  if (text == nullptr || *text == "number") return Sort::number;
  if (*text == "value") return Sort::value;
  if (*text == "-value") return Sort::value_descending;
  return bad_word("sort", *text, "number, value, -value");
}

Result<store::TrialQuery> query_of(const Scope& scope, const Call& call) {
  const auto state = state_of(call.query);
  if (!state) return state.error();
  const auto sort = sort_of(call.query);
  if (!sort) return sort.error();
  const auto limit = call.query.integer("limit", {scope.limits.page_default, 1,
                                                  scope.limits.page_max});
  if (!limit) return limit.error();
  return store::TrialQuery{.study = call.study, .state = *state, .sort = *sort,
                           .cursor = call.query.text("cursor"),
                           .limit = static_cast<int>(*limit)};
}

// The attempt asked for, or the one that the trial is shown with.
Result<Attempt> attempt_of(store::Reader& reader, const Call& call) {
  const auto attempts = reader.attempts(call.study, call.trial);
  if (!attempts) return attempts.error();
  const auto row = reader.trial(call.study, call.trial);
  if (!row) return row.error();
  const std::string trial = "trial " + std::to_string(call.trial) + " of study " + call.study;
  if (attempts->empty()) {
    return Error{ErrorCode::not_found, "it has not been started yet", trial,
                 "wait for its first attempt: hpo watch " + call.study};
  }
  const int latest = std::ranges::max(*attempts, {}, &Attempt::number).number;
  const auto number = call.query.integer("attempt", {row->attempt.value_or(latest), 1, 1'000'000});
  if (!number) return number.error();
  const auto found = std::ranges::find(*attempts, *number, &Attempt::number);
  if (found != attempts->end()) return *found;
  return Error{ErrorCode::not_found, "there is no attempt " + std::to_string(*number), trial,
               "attempts are 1 to " + std::to_string(latest) + ": hpo trial " + call.study + "/" +
                   std::to_string(call.trial)};
}

// What workers and programs of the user's own train may leave nothing here.
Error not_here(const Call& call, const Attempt& attempt, const std::string& stream) {
  const std::string& place = attempt.outcome.place;
  const std::size_t colon = place.find(':');
  const std::string trial = call.study + "/" + std::to_string(call.trial);
  const std::string remedy =
      colon == std::string::npos
          ? "look where it ran; a worker says at its start where it keeps what trainings print"
          : "look there: " + place.substr(colon + 1) + "/" + stream + " on " +
                place.substr(0, colon);
  return {ErrorCode::not_found, "what it printed is not in the state directory",
          "attempt " + std::to_string(attempt.number) + " of trial " +
              std::to_string(call.trial) + " of study " + call.study + ", trained by " +
              attempt.native_id,
          remedy + "; hpo trial " + trial + " tells who trained it"};
}

Result<LogRange> range_of(const Scope& scope, const Query& query) {
  constexpr auto bytes_max = std::int64_t{1} << 62;
  const auto offset = query.integer("offset", {0, 0, bytes_max});
  if (!offset) return offset.error();
  const auto tail = query.integer("tail", {-1, 0, bytes_max});
  if (!tail) return tail.error();
  if (query.find("offset") != nullptr && query.find("tail") != nullptr) {
    return Error{ErrorCode::invalid_argument, "offset and tail are both given",
                 "the request's query", "give one of them"};
  }
  return LogRange{.offset = *offset, .tail = *tail,
                  .bytes_max = static_cast<std::int64_t>(scope.limits.log_bytes_max)};
}

// `writer`: in an object, which says whose log it is.
Response encode_log(json::Writer writer, const LogChunk& chunk) {
  writer.member("offset", chunk.offset).member("next_offset", chunk.next_offset);
  writer.member("size", chunk.size).member("text", chunk.text).end();
  return {.body = std::move(writer).text()};
}

}  // namespace

Response list_trials(const Scope& scope, store::Reader& reader, const Call& call) {
  const auto query = query_of(scope, call);
  if (!query) return problem(query.error(), call.id);
  const auto page = reader.trials(*query);
  if (!page) return problem(page.error(), call.id);
  json::Writer writer;
  writer.object().key("trials").array();
  for (const store::TrialRow& row : page->trials) write_trial(writer, row);
  writer.end().key("next");
  if (page->next.empty()) writer.null();
  else writer.value(page->next);
  writer.end();
  return {.body = std::move(writer).text()};
}

Response show_trial(const Scope& scope, store::Reader& reader, const Call& call) {
  const auto row = reader.trial(call.study, call.trial);
  if (!row) return problem(row.error(), call.id);
  const auto attempts = reader.attempts(call.study, call.trial);
  if (!attempts) return problem(attempts.error(), call.id);
  const auto doubts = reader.doubts(call.study, call.trial);
  if (!doubts) return problem(doubts.error(), call.id);
  json::Writer writer;
  write_trial(writer, *row,
              {.suggestion = true, .history = &*attempts, .doubts = &*doubts,
               .directory = StatePaths{scope.state_dir}.trial(call.study, call.trial),
               .waits_for = is_finished(row->trial.state)
                                ? std::string() : scope.sink->wait_of(call.study, call.trial)});
  return {.body = std::move(writer).text()};
}

Response show_log(const Scope& scope, store::Reader& reader, const Call& call) {
  const std::string* asked = call.query.find("stream");
  const std::string stream = asked == nullptr ? "stdout" : *asked;
  if (stream != "stdout" && stream != "stderr" && stream != "job") {
    return problem(bad_word("stream", stream, "stdout, stderr, job"), call.id);
  }
  const auto range = range_of(scope, call.query);
  if (!range) return problem(range.error(), call.id);
  const auto attempt = attempt_of(reader, call);
  if (!attempt) return problem(attempt.error(), call.id);
  const std::string directory =
      StatePaths{scope.state_dir}.attempt(call.study, call.trial, attempt->number);
  if (attempt->fence > 0 && ::access(directory.c_str(), F_OK) != 0) {
    return problem(not_here(call, *attempt, stream), call.id);
  }
  const auto chunk = read_log(scope.state_dir, directory,
                              stream == "job" ? std::string(job_log_name) : stream, *range);
  if (!chunk) return problem(chunk.error(), call.id);
  json::Writer writer;
  writer.object().member("attempt", attempt->number).member("stream", stream);
  return encode_log(std::move(writer), *chunk);
}

Response show_strategy_log(const Scope& scope, store::Reader& reader, const Call& call) {
  const auto range = range_of(scope, call.query);
  if (!range) return problem(range.error(), call.id);
  if (const auto row = reader.study(call.study); !row) return problem(row.error(), call.id);
  const auto chunk = read_log(scope.state_dir, StatePaths{scope.state_dir}.study(call.study),
                              std::string(strategy_log_name), *range);
  if (!chunk) return problem(chunk.error(), call.id);
  json::Writer writer;
  writer.object().member("stream", "strategy");
  return encode_log(std::move(writer), *chunk);
}

}  // namespace hpo::http
