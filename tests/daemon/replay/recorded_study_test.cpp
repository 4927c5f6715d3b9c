// Pages of an export as text.
#include "daemon/replay/recorded_study.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace hpo;

namespace {

const std::string study_text =
    R"({"study":{"history_seq":9,"spec":{"name":"toy","space":{"x":{"float":[0,1]}},)"
    R"("command":["true"],"objective":{"minimize":"loss"},"budget":{"trials":4}}},"trials":[)";
const std::string first_trial =
    R"({"number":0,"state":"completed","origin":"strategy","params":{"x":0.25},"value":2.5,)"
    R"("history_seq":9,"suggestion":{"strategy":"sobol","version":1,"build":"b","history_seq":0,)"
    R"("model_seq":0,"first_number":0,"count":2}})";
const std::string open_trial =
    R"({"number":1,"state":"running","origin":"enqueued","params":{"x":0.5},"value":null,)"
    R"("history_seq":null,"suggestion":null})";

Result<replay::RecordedStudy> read(const std::string& text) {
  std::istringstream pages(text);
  return replay::read_export(pages);
}

}  // namespace

TEST_CASE("pages are joined", "[replay]") {
  const auto study = read(study_text + first_trial + "],\"next\":\"1\"}\n" +
                          study_text + open_trial + "],\"next\":null}\n");
  REQUIRE(study);
  CHECK(study->spec.name == "toy");
  CHECK(study->history_seq_max == 9);
  REQUIRE(study->trials.size() == 2);
  const replay::RecordedTrial& done = study->trials.at(0);
  CHECK(done.values == Values{0.25});
  CHECK(done.value == 2.5);
  CHECK(done.history_seq == 9);
  CHECK(done.suggestion == Suggestion{.strategy = "sobol", .version = 1, .build = "b",
                                      .first_number = 0, .count = 2});
  const replay::RecordedTrial& open = study->trials.at(1);
  CHECK(open.origin == Origin::enqueued);
  CHECK_FALSE(open.history_seq);
  CHECK(open.suggestion.strategy.empty());
}

TEST_CASE("a report that came too late to decide anything is known as that", "[replay]") {
  const auto study = read(study_text + first_trial + "],\"next\":null}\n" +
                          R"({"reports":[{"trial":0,"step":1,"attempt":1,"seq":3,"value":0.5,)"
                          R"("metrics":{},"decision":null},{"trial":0,"step":2,"attempt":1,)"
                          R"("seq":4,"value":0.5,"metrics":{},"decision":null,"late":true}]})");
  REQUIRE(study);
  REQUIRE(study->reports.size() == 2);
  CHECK_FALSE(study->reports[0].report.is_late);
  CHECK(study->reports[1].report.is_late);
}

TEST_CASE("what is no export is refused with its line", "[replay]") {
  const auto [text, words] = GENERATE(table<std::string, std::string>({
      {"", "it is empty"},
      {"nonsense\n", "no export"},
      {"{}\n", "no study.spec"},
      {R"({"study":{"spec":{"name":"toy"}},"trials":[]})", "cannot be read"},
      {study_text + R"({"number":0}]})", "no params"},
      {study_text + R"({"number":0,"params":{"x":0.5}}]})", "no state"},
      {study_text + R"({"number":0,"params":{"x":0.5},"state":"failed","origin":"strategy"}]})",
       "no history_seq"}}));
  INFO(text);
  const auto study = read(text);
  REQUIRE_FALSE(study);
  CHECK_THAT(study.error().what, Catch::Contains(words));
  CHECK(study.error().where == "standard input, line 1");
}
