// How often a scheduler is asked: the interval, slowness, failures.
#include <catch2/catch.hpp>

#include "executors/batch/queries.hpp"
#include "tests/executors/batch/bench.hpp"

using namespace hpo;
using namespace hpo::batch;
using namespace std::chrono_literals;

namespace {

struct Asked {
  test::World world{};
  test::FakeScheduler scheduler{world};
  std::vector<std::string> log{};
  Queries queries{scheduler, [this] { return world.now_ns; }, 30s,
                  [this](std::string_view, const std::string& line) { log.push_back(line); }};
  void pass(std::chrono::nanoseconds time) { world.now_ns += time.count(); }
};

}  // namespace

TEST_CASE("one listing serves all questions of an interval", "[queries]") {
  Asked it;
  for (int i = 0; i < 100; ++i) CHECK(it.queries.refresh());
  it.pass(26s);
  CHECK(it.queries.refresh());
  CHECK(it.world.listings == 1);
  it.pass(2s);
  CHECK(it.queries.refresh());
  CHECK(it.world.listings == 2);
  CHECK(it.queries.count() == 2);
}

TEST_CASE("a clock that begins at nought has listings as well", "[queries]") {
  Asked it;
  it.world.now_ns = 0;
  CHECK(it.queries.refresh());
  CHECK(it.queries.refresh());
  CHECK(it.world.listings == 1);
}

TEST_CASE("a question about a moment gets a listing that was begun after it", "[queries]") {
  Asked it;
  CHECK(it.queries.refresh());
  const std::int64_t submitted_ns = it.world.now_ns;
  CHECK_FALSE(it.queries.is_after(submitted_ns));
  CHECK(it.queries.refresh(submitted_ns - 1));
  CHECK(it.world.listings == 1);
  it.pass(1ms);
  CHECK(it.queries.refresh(submitted_ns));
  CHECK(it.world.listings == 2);
  CHECK(it.queries.is_after(submitted_ns));
}

TEST_CASE("a listing is as old as its question, not as its answer", "[queries]") {
  Asked it;
  it.world.list_takes = 2s;
  const std::int64_t asked_ns = it.world.now_ns;
  CHECK(it.queries.refresh());
  CHECK_FALSE(it.queries.is_after(asked_ns));
}

TEST_CASE("a slow scheduler is asked for a tenth of its time", "[queries]") {
  Asked it;
  it.world.list_takes = 8s;
  CHECK(it.queries.refresh());
  it.pass(70s);
  CHECK(it.queries.refresh());
  CHECK(it.world.listings == 1);
  it.pass(5s);
  CHECK(it.queries.refresh());
  CHECK(it.world.listings == 2);
}

TEST_CASE("a scheduler that fails is asked after 30 s, 1 min, 2 min … and at most 5 min",
          "[queries]") {
  Asked it;
  it.world.is_down = true;
  for (const auto wait : {30s, 60s, 120s, 240s, 300s, 300s}) {
    const int before = it.world.listings;
    const auto refused = it.queries.refresh();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().what == "it is down");
    it.pass(wait - 1s);
    CHECK_FALSE(it.queries.refresh());
    CHECK(it.world.listings == before + 1);
    it.pass(1s);
  }
  it.world.is_down = false;
  CHECK(it.queries.refresh());
  CHECK(it.queries.count() == 1);
  it.world.is_down = true;
  it.pass(30s);
  CHECK_FALSE(it.queries.refresh());
  it.pass(30s);
  const int before = it.world.listings;
  CHECK_FALSE(it.queries.refresh());
  CHECK(it.world.listings == before + 1);  // an answer in between: it begins anew
}

TEST_CASE("row 42: an outage is a line at its beginning and one at its end", "[queries]") {
  Asked it;
  it.world.is_down = true;
  for (int minute = 0; minute < 6 * 60; ++minute) {
    CHECK_FALSE(it.queries.refresh());
    it.pass(60s);
  }
  REQUIRE(it.log.size() == 1);
  CHECK_THAT(it.log.front(), Catch::Contains("cannot be asked") && Catch::Contains("it is down"));
  it.world.is_down = false;
  it.pass(300s);
  CHECK(it.queries.refresh());
  REQUIRE(it.log.size() == 2);
  CHECK_THAT(it.log.back(), Catch::Contains("answers again after_s=21900 failures=75"));
  it.pass(30s);
  CHECK(it.queries.refresh());
  CHECK(it.log.size() == 2);
}

TEST_CASE("what was listed stays known while the scheduler fails", "[queries]") {
  Asked it;
  it.world.add("5", "hpoabcd12345678", Phase::running);
  CHECK(it.queries.refresh());
  it.world.is_down = true;
  CHECK_FALSE(it.queries.refresh(it.world.now_ns));
  CHECK(it.queries.refresh());  // young enough
  CHECK(it.queries.named("hpoabcd12345678").size() == 1);
}

TEST_CASE("two jobs of one name are both found, and others are not", "[queries]") {
  Asked it;
  it.world.add("5", "hpoabcd12345678", Phase::running);
  it.world.add("6", "hpoabcd12345678", Phase::queued);
  it.world.add("7", "hpoabcd1234567x", Phase::queued);
  CHECK(it.queries.refresh());
  CHECK(it.queries.named("hpoabcd12345678").size() == 2);
  CHECK(it.queries.named("hpoabcd1234567y").empty());
}
