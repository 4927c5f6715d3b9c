// The lines to a strategy's program and its replies, word by word.
#include "daemon/external/protocol.hpp"

#include <catch2/catch.hpp>

#include "tests/strategies/spaces.hpp"

namespace hpo::external {
namespace {

SearchSpace small_space() {
  return space_of({{.name = "x", .domain = FloatDomain{.low = 0.0, .high = 2.0}},
                   {.name = "kind", .domain = choice({word_value("a"), word_value("b")})}});
}

Result<Proposals> read(const std::string& line, int count = 2, bool may_wait = true) {
  return read_proposals(small_space(), line,
                        {.first_number = 7, .count = count, .is_waiting_allowed = may_wait});
}

History history_of(int trials) {
  HistoryBuilder builder(2);
  for (int i = 0; i < trials; ++i) builder.add({1.5, word_value("a")}, TrialState::completed, 0.25);
  return builder.history();
}

}  // namespace

TEST_CASE("the study is told in its own form, cut down to what a search needs", "[external]") {
  StudySpec spec = study_of(small_space(), Noise::none);
  spec.name = "toy";
  spec.objective.direction = Direction::maximize;
  spec.objective.metric = "auc";
  spec.seed = 5;
  spec.environment.vars = {{"SECRET", "1"}};
  spec.strategy.type = "external";
  spec.strategy.external = {.command = {"prog"}, .options = R"({"a":[1,{"b":null}]})"};
  CHECK(study_line(spec) ==
        R"({"request":"study","version":1,"study":{"name":"toy","space":)"
        R"({"x":{"float":[0.0,2.0]},"kind":{"choice":["a","b"]}},)"
        R"("objective":{"maximize":"auc","noise":"none"},"strategy":{"type":"external",)"
        R"("command":["prog"],"options":{"a":[1,{"b":null}]},"time":"60s","memory":"4G"},)"
        R"("budget":{"trials":100,"max_failures":20},"parallel":1,"seed":5}})");
}

TEST_CASE("finished trials are told in the order in which they ended", "[external]") {
  HistoryBuilder builder(2);
  builder.add(3, {1.0, word_value("b")}, TrialState::completed, -0.5);
  builder.add(1, {0.0, word_value("a")}, TrialState::failed, 0.0);
  const Told told = tell_line(small_space(), builder.history(), 0);
  CHECK(told.end == 2);
  CHECK(told.line ==
        R"({"request":"tell","finished":[{"number":3,"state":"completed","value":-0.5,)"
        R"("params":{"x":1.0,"kind":"b"},"origin":"strategy"},{"number":1,"state":"failed",)"
        R"("params":{"x":0.0,"kind":"a"},"origin":"strategy"}]})");
}

TEST_CASE("a long history is told in bounded lines, each trial once", "[external]") {
  const int trials = 3 * static_cast<int>(told_trials_max) + 1;
  const History history = history_of(trials);
  std::size_t begin = 0;
  int lines = 0;
  for (; begin < history.finished_count(); ++lines) {
    const Told told = tell_line(small_space(), history, begin);
    CHECK(told.line.size() <= told_bytes_max + 200);
    REQUIRE(told.end > begin);
    begin = told.end;
  }
  CHECK(begin == history.finished_count());
  CHECK(lines == 4);
}

TEST_CASE("a trial longer than a line is told alone", "[external]") {
  const std::string longest(told_bytes_max, 'x');
  const SearchSpace space =
      space_of({{.name = "x", .domain = choice({word_value(longest.c_str()), word_value("b")})}});
  HistoryBuilder builder(1);
  for (int i = 0; i < 3; ++i) builder.add({word_value(longest.c_str())});
  CHECK(tell_line(space, builder.history(), 0).end == 1);
  CHECK(tell_line(space, builder.history(), 2).end == 3);
}

TEST_CASE("a question has the newest open trials and how many there are", "[external]") {
  History history = history_of(1);
  std::vector<OpenTrial> open;
  for (int i = 0; i <= static_cast<int>(told_open_max); ++i) {
    open.push_back({.number = 10 + i, .values = {0.5, word_value("b")}});
  }
  history.set_open(open);
  const std::string line = ask_line(small_space(), history, 2000, 3);
  CHECK(line.starts_with(R"({"request":"ask","first_number":2000,"count":3,"open_count":1001,)"
                         R"("open":[{"number":11,"params":{"x":0.5,"kind":"b"}},)"));
}

TEST_CASE("proposals get their numbers in their order", "[external]") {
  const auto answer = read(R"({"proposals": [{"params": {"x": 1, "kind": "b"}},
                                             {"params": {"kind": "a", "x": 0.5}}], "more": 1})");
  REQUIRE(answer);
  CHECK_FALSE(answer->exhausted);
  CHECK(answer->proposals == std::vector<Proposal>{{7, {1.0, word_value("b")}},
                                                   {8, {0.5, word_value("a")}}});
}

TEST_CASE("a program may wait while trials are open, and be exhausted at any time", "[external]") {
  for (const char* text : {R"({"wait": true})", R"({"proposals": []})"}) {
    const auto waits = read(text);
    REQUIRE(waits);
    CHECK((waits->proposals.empty() && !waits->exhausted));
    REQUIRE_FALSE(read(text, 2, false));
    CHECK(read(text, 2, false).error().what.starts_with("it waits for results, but no trial"));
  }
  const auto ends = read(R"({"exhausted": true})", 2, false);
  REQUIRE(ends);
  CHECK(ends->exhausted);
}

TEST_CASE("a reply that cannot be is refused with the line that says so", "[external]") {
  const auto [line, what] = GENERATE(table<std::string, std::string>({
      {"hello", "its reply is no JSON ("},
      {" ", "its reply is no JSON ("},
      {R"({"proposals": [{"params": {"x": NaN, "kind": "a"}}]})", "its reply is no JSON ("},
      {"[1]", "its reply is no JSON object: [1]"},
      {"{}", "its reply has no list \"proposals\": {}"},
      {R"({"proposals": {}})", "its reply has no list \"proposals\""},
      {R"({"wait": "yes"})", "its reply has no list \"proposals\""},
      {R"({"proposals": [{}]})", "its proposal for trial 7 has no \"params\""},
      {R"({"proposals": [{"params": []}]})", "its proposal for trial 7 lies outside of the space"},
      {R"({"proposals": [{"params": {}}, {"params": {}}, {"params": {}}]})",
       "it proposed 3 trials, asked for 2: {"},
      {R"({"proposals": [{"params": {"x": 0.5, "kind": "a"}}, {"params": {"x": 2.5}}]})",
       "its proposal for trial 8 lies outside of the space: x = 2.5 (the value is not in the "
       "domain of 'x'; give a number from 0.0 to 2.0): {\"proposals\""},
      {R"({"proposals": [{"params": {"x": 0.5, "kind": "c"}}]})",
       "its proposal for trial 7 lies outside of the space: kind = \"c\" (the value is not in the "
       "domain of 'kind'; give one of \"a\", \"b\")"},
      {R"({"proposals": [{"params": {"y": 0.5}}]})",
       "its proposal for trial 7 lies outside of the space: y = 0.5 (no parameter is called"}}));
  const auto refused = read(line);
  REQUIRE_FALSE(refused);
  CAPTURE(refused.error().what);
  CHECK(refused.error().code == ErrorCode::corrupt);
  CHECK(refused.error().what.starts_with(what));
  CHECK_FALSE(refused.error().remedy.empty());
}

TEST_CASE("what is quoted of a reply is short and fit for a terminal", "[external]") {
  const auto refused = read("\x1b[31m" + std::string(100'000, 'x'));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what.size() < 500);
  CHECK(refused.error().what.find('\x1b') == std::string::npos);
}

TEST_CASE("a program may say itself what is wrong", "[external]") {
  for (const auto& error : {read(R"({"error": "no option 'a'"})").error(),
                            read_done(R"({"error": "no option 'a'"})").error()}) {
    CHECK(error.code == ErrorCode::conflict);
    CHECK(error.what == "it says: no option 'a'");
  }
}

TEST_CASE("a study and a history are acknowledged by ok", "[external]") {
  CHECK(read_done(R"({"ok": true, "name": "mine"})"));
  CHECK_FALSE(read_done("{}"));
  CHECK_FALSE(read_done(R"({"ok": false})"));
}

TEST_CASE("values that violate a constraint are left to the layer that keeps them", "[external]") {
  const SearchSpace space = constrained_space({{.name = "x"}, {.name = "y"}}, {"x + y <= 1"});
  CHECK(read_proposals(space, R"({"proposals": [{"params": {"x": 1, "y": 1}}]})",
                       {.first_number = 0, .count = 1}));
}

}  // namespace hpo::external
