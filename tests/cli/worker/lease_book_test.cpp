// What a worker begins and ends, without processes or clock: an answer, an instant.
#include "tests/cli/worker/lease_book_support.hpp"

using namespace hpo;
using namespace hpo::cli::worker;

TEST_CASE("started trials begin at once, those ahead when a slot is free", "[worker]") {
  LeaseBook book = book_of({.slots = 2});
  REQUIRE(book.next_request(1s));
  book.answered(reply_with({leased(0, true), leased(1, true), leased(2, false)}), 1s);
  CHECK(begun(book.take_actions(1s)) == std::vector{0, 1});
  book.ended(key(0), completed, 2s);
  CHECK(begun(book.take_actions(2s)) == std::vector{2});
  const auto request = book.next_request(2s);
  REQUIRE(request);
  CHECK(request->ended.size() == 1);
  CHECK(request->ended[0].key == key(0));
  CHECK(request->started == std::vector{key(2)});  // with the result, in one request
  CHECK(request->holds == std::vector{key(1), key(2)});
  CHECK(request->start == 0);
  CHECK(request->ahead == 1);
  CHECK(request->wait == 0s);
}

TEST_CASE("a trial gets a slot that no other has", "[worker]") {
  LeaseBook book = book_of({.slots = 2});
  REQUIRE(book.next_request(1s));
  book.answered(reply_with({leased(0, true), leased(1, true), leased(2, false)}), 1s);
  const auto first = book.take_actions(1s);
  CHECK(std::get<Begin>(first[0]).slot == 0);
  CHECK(std::get<Begin>(first[1]).slot == 1);
  book.ended(key(1), completed, 2s);
  CHECK(std::get<Begin>(book.take_actions(2s).at(0)).slot == 1);
}

TEST_CASE("a lease is counted from before the request was sent", "[worker]") {
  LeaseBook book = book_of({.slots = 1});
  REQUIRE(book.next_request(0s));
  book.answered(reply_with({leased(0, true), leased(1, false)}), 100s);  // a slow answer
  CHECK(begun(book.take_actions(100s)) == std::vector{0});
  book.ended(key(0), completed, 100s);
  CHECK(begun(book.take_actions(100s)).empty());  // 20 s are left of the lease: too few to begin
}

TEST_CASE("a trial whose lease ran out is not begun, and not told of", "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true), leased(1, false)});
  book.ended(key(0), completed, 500s);  // as after SIGSTOP and SIGCONT
  CHECK(begun(book.take_actions(500s)).empty());
  const auto request = book.next_request(500s);
  REQUIRE(request);
  CHECK(request->ended.size() == 1);  // the late result is told all the same
  CHECK(request->holds.empty());
  CHECK(request->returned.empty());
}

TEST_CASE("a dropped trial is forgotten, or ends and is told", "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true), leased(1, false)});
  REQUIRE(book.next_request(31s));
  Reply reply = reply_with({});
  reply.dropped = {{key(0), "its lease ran out"}, {key(1), "its lease ran out"}};
  book.answered(reply, 31s);
  CHECK(stopped(book.take_actions(31s)).empty());
  auto request = book.next_request(32s);
  REQUIRE(request);
  CHECK(request->holds.empty());
  book.answered(reply_with({}), 32s);
  book.ended(key(0), completed, 40s);
  book.take_actions(40s);
  request = book.next_request(40s);
  REQUIRE(request);
  CHECK(request->ended.size() == 1);
}

TEST_CASE("the same trial under a new fence is another lease", "[worker]") {
  LeaseBook book = book_with({.slots = 2}, {leased(0, true)});
  REQUIRE(book.next_request(31s));
  Reply reply = reply_with({leased(0, true, 2)});
  reply.dropped = {{key(0), "its lease ran out"}};
  book.answered(reply, 31s);
  CHECK(begun(book.take_actions(31s)) == std::vector{0});
  book.ended(key(0, 1), completed, 32s);
  const auto request = book.next_request(32s);
  REQUIRE(request);
  CHECK(request->ended.at(0).key == key(0, 1));
  CHECK(request->holds == std::vector{key(0, 2)});
}

TEST_CASE("a trial that is told again is begun once", "[worker]") {
  LeaseBook book = book_with({.slots = 2}, {leased(0, true)});
  REQUIRE(book.next_request(31s));
  book.answered(reply_with({leased(0, true)}), 31s);
  CHECK(book.take_actions(31s).empty());
}

TEST_CASE("more started trials than slots wait for a slot", "[worker]") {
  LeaseBook book = book_of({.slots = 1});
  REQUIRE(book.next_request(1s));
  book.answered(reply_with({leased(0, true), leased(1, true), leased(2, false)}), 1s);
  CHECK(begun(book.take_actions(1s)) == std::vector{0});
  book.ended(key(0), completed, 2s);
  CHECK(begun(book.take_actions(2s)) == std::vector{1});
  CHECK(book.next_request(2s)->started.empty());
}

TEST_CASE("the daemon's stop reaches the training once, and its end is told as it was",
          "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true)});
  REQUIRE(book.next_request(31s));
  Reply reply = reply_with({});
  reply.stops = {{key(0), "pruned"}};
  book.answered(reply, 31s);
  CHECK(stopped(book.take_actions(31s)) == std::vector{0});
  CHECK(stopped(book.take_actions(32s)).empty());
  book.ended(key(0), cancelled, 33s);
  const auto request = book.next_request(33s);
  REQUIRE(request);
  CHECK(request->ended.at(0).outcome == cancelled);
}

TEST_CASE("drained, a worker gives back what has not begun and stops what trains", "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true), leased(1, false)});
  book.drain("told to");
  CHECK(stopped(book.take_actions(2s)) == std::vector{0});
  auto request = book.next_request(2s);
  REQUIRE(request);
  CHECK(request->returned == std::vector{key(1)});
  CHECK(request->start == 0);
  CHECK(request->ahead == 0);
  book.answered(reply_with({}), 2s);
  CHECK_FALSE(book.is_done(2s));
  book.ended(key(0), cancelled, 3s);
  request = book.next_request(3s);
  REQUIRE(request);
  const Outcome& outcome = request->ended.at(0).outcome;
  CHECK(outcome.status == OutcomeStatus::failed);
  CHECK(outcome.failure == FailureClass::preempted);
  CHECK_FALSE(book.is_done(3s));  // not before it is told
  book.answered(reply_with({}), 3s);
  CHECK(book.is_done(3s));
}

TEST_CASE("a training that ends by itself while its worker is drained keeps its result",
          "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true)});
  book.drain("told to");
  book.take_actions(2s);
  book.ended(key(0), completed, 3s);
  CHECK(book.next_request(3s)->ended.at(0).outcome == completed);
}

TEST_CASE("a worker with a wall time begins nothing that would not end in it", "[worker]") {
  LeaseBook book = book_of({.slots = 1, .stop_at = 100s});
  REQUIRE(book.next_request(0s));
  book.answered(reply_with({leased(0, true), leased(1, false)}), 0s);
  CHECK(begun(book.take_actions(0s)) == std::vector{0});  // it tries: nothing is known yet
  book.ended(key(0), completed, 60s);                     // they take a minute
  CHECK(begun(book.take_actions(60s)).empty());
  const auto request = book.next_request(60s);
  REQUIRE(request);
  CHECK(request->returned == std::vector{key(1)});
  CHECK(request->start == 0);
  book.answered(reply_with({}), 60s);
  CHECK(book.is_done(60s));
  CHECK(book.why_done("jets") == "no further trial would end in its time (--max-time)");
}

TEST_CASE("at the end of its wall time a worker tells its trainings to end", "[worker]") {
  LeaseBook book = book_of({.slots = 1, .stop_at = 100s});
  REQUIRE(book.next_request(0s));
  book.answered(reply_with({leased(0, true)}), 0s);
  book.take_actions(0s);
  CHECK(book.wake_at(99s) <= 100s);
  CHECK(stopped(book.take_actions(99s)).empty());
  CHECK(stopped(book.take_actions(100s)) == std::vector{0});
  book.ended(key(0), {.status = OutcomeStatus::cancelled}, 101s);
  const auto request = book.next_request(101s);
  REQUIRE(request);
  CHECK(request->ended.at(0).outcome.failure == FailureClass::preempted);
  for (const char* part : {"(--max-time); the training was told to end; to mend it, raise the "
                           "executor's \"time\"", "or save checkpoints (hpo.checkpoint())"}) {
    CHECK(request->ended.at(0).outcome.message.find(part) != std::string::npos);
  }
  CHECK(book.why_done("jets") == "the worker's time was over (--max-time)");
}

TEST_CASE("in a pause what has not begun is returned, and asked for anew after it", "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true), leased(1, false)});
  REQUIRE(book.next_request(31s));
  Reply reply = reply_with({});
  reply.state = StudyState::paused;
  book.answered(reply, 31s);
  CHECK(begun(book.take_actions(31s)).empty());
  const auto said = book.next_request(31s);
  REQUIRE(said);
  CHECK(said->returned == std::vector{key(1)});
  CHECK(said->holds == std::vector{key(0)});  // it trains on
  book.answered(reply, 32s);
  book.ended(key(0), completed, 33s);
  REQUIRE(book.next_request(33s));
  book.answered(reply_with({leased(1, false)}), 34s);  // resumed
  CHECK(begun(book.take_actions(34s)) == std::vector{1});
}

TEST_CASE("a worker ends with the study, when all is told", "[worker]") {
  LeaseBook book = book_with({.slots = 2}, {leased(0, true)});
  book.ended(key(0), completed, 2s);
  book.take_actions(2s);
  REQUIRE(book.next_request(2s));
  Reply reply = reply_with({});
  reply.state = StudyState::finished;
  CHECK_FALSE(book.is_done(2s));
  book.answered(reply, 2s);
  CHECK(book.is_done(2s));
  CHECK(book.why_done("jets") == "jets is finished");
}

TEST_CASE("a machine that cannot begin a trial pauses before the next one", "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true), leased(1, true)});
  Outcome outcome = outcome_with(OutcomeStatus::failed);
  outcome.failure = FailureClass::infrastructure;
  book.not_begun(key(0), outcome, 2s);
  CHECK(begun(book.take_actions(2s)).empty());
  const auto request = book.next_request(2s);
  REQUIRE(request);
  CHECK(request->ended.size() == 1);
  CHECK(request->start == 0);
  book.answered(reply_with({}), 2s);
  CHECK(begun(book.take_actions(6s)).empty());
  CHECK(begun(book.take_actions(7s)) == std::vector{1});
}

TEST_CASE("a worker of a study that is being cancelled ends with its last training", "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true)});
  REQUIRE(book.next_request(31s));
  Reply reply = reply_with({});
  reply.state = StudyState::cancelling;
  reply.stops = {{key(0), "cancelled"}};
  book.answered(reply, 31s);
  book.take_actions(31s);
  CHECK_FALSE(book.is_done(31s));
  book.ended(key(0), cancelled, 32s);
  REQUIRE(book.next_request(32s));
  reply.stops.clear();
  book.answered(reply, 32s);  // others may still train
  CHECK(book.is_done(32s));
}

TEST_CASE("when the study is gone trainings are told to end, and nothing is said", "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true), leased(1, false)});
  REQUIRE(book.next_request(31s));
  book.study_is_gone();
  CHECK(stopped(book.take_actions(31s)) == std::vector{0});
  CHECK_FALSE(book.next_request(100s));
  CHECK_FALSE(book.is_done(100s));
  book.ended(key(0), cancelled, 101s);
  CHECK(book.is_done(101s));
}
