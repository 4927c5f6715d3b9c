// Event <-> JSON: the body alone; kind, times and history_seq are columns of their own.
//
// A fold over stored events equals the tables, so every member of every body is here. Any thread.
#include <array>
#include <utility>

#include "schema/codec/outcome.hpp"

namespace hpo {

template <class A, class T>
  requires std::is_empty_v<T>
void fields(A&, T&) {}

template <class A>
void fields(A& archive, codec::Of<A, StudyPaused>& it) {
  archive.need("reason", it.reason);
  archive("detail", it.detail);
}

template <class A>
void fields(A& archive, codec::Of<A, StudyEnded>& it) {
  archive.need("state", it.state);
  archive.need("reason", it.reason);
}

template <class A>
void fields(A& archive, codec::Of<A, Suggestion>& it) {
  archive("strategy", it.strategy);
  if (A::reads || !it.instead_of.empty()) {
    archive("instead_of", it.instead_of);
    archive("deadline_ms", it.deadline_ms);
  }
  archive("version", it.version);
  archive("build", it.build);
  archive("history_seq", it.history_seq);
  archive("model_seq", it.model_seq);
  archive("first_number", it.first_number);
  archive("count", it.count);
}

template <class A>
void fields(A& archive, codec::Of<A, TrialCreated>& it) {
  archive.need("trial", it.trial);
  archive.need("params", it.values);
  archive.need("origin", it.origin);
  archive("retry_of", it.retry_of);
  if (A::reads || it.suggestion != Suggestion{}) archive("suggestion", it.suggestion);
}

template <class A>
void fields(A& archive, codec::Of<A, TrialCancelling>& it) {
  archive.need("trial", it.trial);
}

template <class A>
void fields(A& archive, codec::Of<A, TrialCancelled>& it) {
  archive.need("trial", it.trial);
}

template <class A>
void fields(A& archive, codec::Of<A, TrialTakenUp>& it) {
  archive.need("trial", it.trial);
}

template <class A>
void fields(A& archive, codec::Of<A, TrialPruned>& it) {
  archive.need("trial", it.trial);
}

template <class A, class T>
void fields_of_attempt(A& archive, T& it) {
  archive.need("trial", it.trial);
  archive.need("attempt", it.attempt);
}

template <class A>
void fields(A& archive, codec::Of<A, Decision>& it) {
  archive.need("verdict", it.verdict);
  archive("rung", it.rung);
  archive("reason", it.reason);
}

template <class A>
void fields(A& archive, codec::Of<A, TrialPruning>& it) {
  fields_of_attempt(archive, it);
  archive.need("decision", it.decision);
}

template <class A>
void fields(A& archive, codec::Of<A, AttemptSubmitting>& it) {
  fields_of_attempt(archive, it);
  archive.need("job", it.job);
  archive.need("slot", it.slot);
  archive("devices", it.devices);
}

// Whose a job is: an attempt's of a trial, or a worker's. What is told of it is the same.
template <class A, class T>
void fields_of_owner(A& archive, T& it) {
  if constexpr (requires { it.attempt; }) fields_of_attempt(archive, it);
  else archive.need("worker", it.worker);
}

template <class A, class T>
void fields_of_submission(A& archive, T& it) {
  fields_of_owner(archive, it);
  archive.need("job", it.job);
  archive("native_id", it.native_id);
  archive.need("is_running", it.is_running);
}

template <class A>
void fields(A& archive, codec::Of<A, AttemptSubmitted>& it) {
  fields_of_submission(archive, it);
}

template <class A>
void fields(A& archive, codec::Of<A, AttemptRejected>& it) {
  fields_of_attempt(archive, it);
  archive.need("failure", it.failure);
  archive("message", it.message);
}

template <class A, class T>
void fields_of_doubt(A& archive, T& it) {
  fields_of_owner(archive, it);
  archive("job", it.job);
  archive("message", it.message);
}

template <class A>
void fields(A& archive, codec::Of<A, AttemptUnknown>& it) {
  fields_of_doubt(archive, it);
}

template <class A>
void fields(A& archive, codec::Of<A, AttemptAbsent>& it) {
  fields_of_doubt(archive, it);
}

template <class A>
void fields(A& archive, codec::Of<A, AttemptIncident>& it) {
  fields_of_doubt(archive, it);
  archive("remark", it.remark);
}

template <class A>
void fields(A& archive, codec::Of<A, AttemptRunning>& it) {
  fields_of_attempt(archive, it);
}

template <class A>
void fields(A& archive, codec::Of<A, AttemptEnded>& it) {
  fields_of_attempt(archive, it);
  archive.need("outcome", it.outcome);
}

template <class A>
void fields(A& archive, codec::Of<A, TrialRecommended>& it) {
  archive("trial", it.trial);
  archive("value", it.value);
  archive.need("finished", it.finished);
}

template <class A>
void fields(A& archive, codec::Of<A, TrialLeased>& it) {
  archive.need("trial", it.trial);
  archive.need("worker", it.worker);
  archive.need("fence", it.fence);
}

template <class A>
void fields(A& archive, codec::Of<A, TrialReturned>& it) {
  archive.need("trial", it.trial);
  archive.need("fence", it.fence);
}

template <class A>
void fields(A& archive, codec::Of<A, AttemptStarted>& it) {
  fields_of_attempt(archive, it);
  archive.need("worker", it.worker);
  archive.need("fence", it.fence);
  archive.need("job", it.job);
  archive.need("slot", it.slot);
}

template <class A>
void fields(A& archive, codec::Of<A, WorkerSubmitting>& it) {
  archive.need("worker", it.worker);
  archive.need("name", it.name);
  archive.need("job", it.job);
  archive("devices", it.devices);
}

template <class A>
void fields(A& archive, codec::Of<A, WorkerSubmitted>& it) {
  fields_of_submission(archive, it);
}

template <class A>
void fields(A& archive, codec::Of<A, WorkerRejected>& it) {
  archive.need("worker", it.worker);
  archive("message", it.message);
}

template <class A>
void fields(A& archive, codec::Of<A, WorkerUnknown>& it) {
  fields_of_doubt(archive, it);
}

template <class A>
void fields(A& archive, codec::Of<A, WorkerAbsent>& it) {
  fields_of_doubt(archive, it);
}

template <class A>
void fields(A& archive, codec::Of<A, WorkerRunning>& it) {
  archive.need("worker", it.worker);
}

template <class A>
void fields(A& archive, codec::Of<A, WorkerAsked>& it) {
  archive.need("worker", it.worker);
}

template <class A>
void fields(A& archive, codec::Of<A, WorkerEnded>& it) {
  archive.need("worker", it.worker);
  archive.need("outcome", it.outcome);
}

namespace {

using Body = decltype(Event::body);
using ReadEvent = Result<Event> (*)(std::string_view text, const SearchSpace& space);

template <std::size_t kind>
Result<Event> read_event(std::string_view text, const SearchSpace& space) {
  using T = std::variant_alternative_t<kind, Body>;
  Result<T> body = codec::from_text<T>(text, "event " + std::string(event_kinds[kind]), space);
  if (!body) return body.error();
  return Event{.body = *std::move(body)};
}

template <std::size_t... kinds>
constexpr auto readers(std::index_sequence<kinds...>) {
  return std::array<ReadEvent, sizeof...(kinds)>{&read_event<kinds>...};
}

constexpr auto read_events = readers(std::make_index_sequence<event_kinds.size()>());

}  // namespace

std::string event_to_json(const Event& event, const SearchSpace& space) {
  return std::visit([&](const auto& body) { return codec::to_text(body, space); }, event.body);
}

Result<Event> event_from_json(std::string_view kind, std::string_view text,
                              const SearchSpace& space) {
  for (std::size_t i = 0; i < event_kinds.size(); ++i) {
    if (event_kinds[i] == kind) return read_events[i](text, space);
  }
  return Error{ErrorCode::corrupt, "'" + std::string(kind) + "' is no kind of event", "events",
               "a newer hpo wrote this; open the state directory with that version"};
}

}  // namespace hpo
