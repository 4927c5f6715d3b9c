// Lists of trials: every order, every state, whatever the page's size.
#include <algorithm>
#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace hpo;
using namespace hpo::test;
using Sort = store::TrialQuery::Sort;

namespace {

struct Filled {
  TempDir dir{};
  std::unique_ptr<store::Store> store = open_store(dir.db());
  LegalHistory history{33};
  std::unique_ptr<store::Reader> reader{};

  Filled() {
    create(history, *store, "jets");
    for (int batch = 0; batch < 60; ++batch) advance(history, *store, 40);
    reader = must(store::Reader::open(dir.db()));
  }

  std::vector<Trial> all(store::TrialQuery query) {
    std::vector<Trial> trials;
    query.study = "jets";
    do {
      const store::TrialPage page = must(reader->trials(query));
      CHECK(page.trials.size() <= static_cast<std::size_t>(query.limit));
      for (const store::TrialRow& row : page.trials) trials.push_back(row.trial);
      query.cursor = page.next;
    } while (!query.cursor.empty());
    return trials;
  }
};

}  // namespace

TEST_CASE("pages by number show every trial once, whatever their size", "[store]") {
  Filled f;
  const int created = f.history.studies().begin()->second.progress.created;
  for (const int limit : {1, 7, created, created + 1, 1000}) {
    const auto trials = f.all({.limit = limit});
    REQUIRE(trials.size() == static_cast<std::size_t>(created));
    for (int number = 0; number < created; ++number) {
      CHECK(trials[static_cast<std::size_t>(number)].number == number);
    }
  }
}

TEST_CASE("pages by state show the trials of that state and no others", "[store]") {
  Filled f;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < words<TrialState>.size(); ++i) {
    const auto state = static_cast<TrialState>(i);
    const auto trials = f.all({.state = state, .limit = 9});
    CHECK(std::ranges::all_of(trials, [&](const Trial& t) { return t.state == state; }));
    CHECK(std::ranges::is_sorted(trials, {}, &Trial::number));
    sum += trials.size();
  }
  CHECK(sum == f.all({}).size());
}

TEST_CASE("pages by value show the completed trials, best first either way", "[store]") {
  Filled f;
  const auto up = f.all({.sort = Sort::value, .limit = 11});
  auto down = f.all({.sort = Sort::value_descending, .limit = 13});
  const auto completed = f.all({.state = TrialState::completed});
  REQUIRE(up.size() == completed.size());
  CHECK(std::ranges::is_sorted(up, {}, [](const Trial& t) { return *t.value; }));
  std::ranges::reverse(down);
  CHECK(up == down);
}

TEST_CASE("a cursor of another list, or of nobody, is refused", "[store]") {
  Filled f;
  const std::string cursor = must(f.reader->trials({.study = "jets", .limit = 3})).next;
  REQUIRE(cursor != "");
  const auto text = GENERATE_REF(values<std::string>(
      {cursor, "v", "v.", "n", "v00", "x1", "vzz.1", "v0000000000000000.100000000"}));
  const auto page = f.reader->trials({.study = "jets", .sort = Sort::value, .cursor = text});
  INFO(text);
  REQUIRE_FALSE(page);
  CHECK(page.error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a trial says where its pruner told it to stop, whatever it told later", "[store]") {
  Filled filled;
  const std::int64_t study = filled.history.studies().begin()->first;
  int judged = -1;
  Attempt attempt;
  for (const Trial& trial : filled.all({})) {
    const auto attempts = must(filled.reader->attempts("jets", trial.number));
    if (attempts.empty() || attempts.back().decision.goes_on()) continue;
    judged = trial.number;
    attempt = attempts.back();
  }
  REQUIRE(judged >= 0);
  must(filled.store->begin());
  for (const std::int64_t step : {3, 5, 9}) {
    JudgedReport row{.report = {.trial = judged, .step = step, .seq = 100'000 + step,
                                .attempt = attempt.number}};
    if (step > 3) row.decision = attempt.decision;  // it goes on for a while
    must(filled.store->write_report(study, row));
  }
  must(filled.store->commit());
  const store::TrialRow row = must(filled.reader->trial("jets", judged));
  CHECK(row.step == 9);
  CHECK(row.verdict_step == 5);
  CHECK(row.verdict_rung.value_or(-1) == attempt.decision.rung);
}

TEST_CASE("a page has 1 to 1000 trials", "[store]") {
  Filled f;
  CHECK(f.reader->trials({.study = "jets", .limit = 1}));
  CHECK(f.reader->trials({.study = "jets", .limit = 1000}));
  CHECK_FALSE(f.reader->trials({.study = "jets", .limit = 0}));
  CHECK_FALSE(f.reader->trials({.study = "jets", .limit = 1001}));
}

TEST_CASE("trials that have no value are not sorted by it", "[store]") {
  Filled f;
  const auto page =
      f.reader->trials({.study = "jets", .state = TrialState::failed, .sort = Sort::value});
  REQUIRE_FALSE(page);
  CHECK_THAT(page.error().what, Catch::Contains("failed"));
}
