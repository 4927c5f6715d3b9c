// Steps of a training whose lease has ended: they are told with its end, all in one request.
#include "cli/worker/held_steps.hpp"
#include "tests/cli/worker/lease_book_support.hpp"

using namespace hpo;
using namespace hpo::cli::worker;

namespace {

StepTold step_told(std::int64_t step) { return {step, {{"auc", 0.5}}}; }

std::vector<std::int64_t> steps_of(const Request& request) {
  std::vector<std::int64_t> steps;
  for (const ReportedStep& each : request.reports) steps.push_back(each.report.step);
  return steps;
}

Reply dropping(LeaseKey lease) {
  Reply reply = reply_with({});
  reply.dropped = {{lease, "its lease has run out"}};
  return reply;
}

using Steps = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("steps told of a lease that had ended are told again with the end", "[worker]") {
  LeaseBook book = book_with({.slots = 2}, {leased(0, true), leased(1, true)});
  book.reported(key(0), step_told(1));
  book.reported(key(1), step_told(1));
  auto request = book.next_request(200s);
  REQUIRE(request);
  CHECK(request->reports.size() == 2);
  book.answered(dropping(key(0)), 200s);
  book.reported(key(0), step_told(2));
  CHECK(book.reports_waiting(key(0)) == 0);
  CHECK_FALSE(book.next_request(201s)->says_something());  // not before it ends
  book.withdrawn();
  book.ended(key(0), completed, 210s);
  request = book.next_request(210s);
  REQUIRE(request);
  CHECK(steps_of(*request) == Steps{1, 2});
  CHECK(request->ended.size() == 1);
  book.unanswered(210s, 0.0);
  request = book.next_request(220s);
  REQUIRE(request);
  CHECK(steps_of(*request) == Steps{1, 2});
  book.answered(reply_with({}), 220s);
  CHECK_FALSE(book.next_request(300s)->says_something());
}

TEST_CASE("late steps and their end that do not fit beside others go in the next request",
          "[worker]") {
  LeaseBook book = book_with({.slots = 2, .bytes_max = 1000}, {leased(0, true), leased(1, true)});
  REQUIRE(book.next_request(200s));
  book.answered(dropping(key(1)), 200s);
  for (int step = 0; step < 3; ++step) book.reported(key(0), step_told(step));
  for (int step = 0; step < 9; ++step) book.reported(key(1), step_told(step));
  book.ended(key(1), completed, 201s);
  auto request = book.next_request(201s);
  REQUIRE(request);
  CHECK(request->reports.size() == 3);
  CHECK(request->ended.empty());
  book.answered(reply_with({}), 201s);
  request = book.next_request(201s);
  REQUIRE(request);
  CHECK(request->reports.size() == 9);
  CHECK(request->ended.size() == 1);
}

TEST_CASE("a late result is told without steps that the daemon refuses", "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true)});
  REQUIRE(book.next_request(200s));
  book.answered(dropping(key(0)), 200s);
  book.reported(key(0), step_told(1));
  book.ended(key(0), completed, 201s);
  REQUIRE(book.next_request(201s));
  CHECK(book.refused());
  const auto request = book.next_request(201s);
  REQUIRE(request);
  CHECK(request->reports.empty());
  CHECK(request->ended.size() == 1);
}

TEST_CASE("of many late steps every second one goes, evenly, and the newest stays", "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true)});
  REQUIRE(book.next_request(200s));
  book.answered(dropping(key(0)), 200s);
  for (int step = 1; step <= 10'000; ++step) book.reported(key(0), step_told(step));
  book.ended(key(0), completed, 300s);
  const auto request = book.next_request(300s);
  REQUIRE(request);
  REQUIRE(request->ended.size() == 1);
  CHECK_THAT(request->reports.back().report.skipped,
             Catch::StartsWith(std::to_string(book.reports_thinned()) + " steps were left out"));
  Steps steps = steps_of(*request);
  steps.pop_back();
  CHECK(steps.size() > 800);
  CHECK(steps.back() == 10'000);
  CHECK(book.reports_thinned() == 10'000 - static_cast<int>(steps.size()));
  for (std::size_t i = 1; i < steps.size(); ++i) REQUIRE(steps[i] - steps[i - 1] <= 8);
  CHECK(to_json(*request).size() < (1U << 20U));  // what the daemon takes
  CHECK(book.refused());
  CHECK(book.next_request(301s)->reports.empty());
}

TEST_CASE("held steps know their bytes, and large ones are fewer", "[worker]") {
  StepTold large = step_told(1);
  for (int i = 0; i < 63; ++i) large.metrics[std::to_string(i) + std::string(250, 'x')] = 1.0;
  HeldSteps held;
  for (int step = 0; step < 100; ++step) held.push(large);
  CHECK(held.bytes() == 100 * HeldSteps::bytes_of(large));
  CHECK(held.wait_for_end() + static_cast<int>(held.count()) == 100);
  CHECK(held.count() > 10);
  CHECK(held.bytes() == held.count() * HeldSteps::bytes_of(large));
  CHECK(held.bytes() < (512U << 10U));
  while (held.count() > 0) held.pop();
  CHECK(held.bytes() == 0);
}
