// The lines of a metrics file: whole ones once, whatever a training writes.
#include "executors/runner/report_lines.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using hpo::StepTold;
using hpo::runner::report_from_line;
using hpo::runner::report_line_bytes_max;
using hpo::runner::ReportLines;

TEST_CASE("a line of the helper is a report", "[worker]") {
  CHECK(*report_from_line(R"({"auc": 0.5, "loss": 2, "step": 3})") ==
        StepTold{3, {{"auc", 0.5}, {"loss", 2.0}}});
  CHECK(*report_from_line(R"({"step": 3.0, "auc": 1})") == StepTold{3, {{"auc", 1.0}}});
}

TEST_CASE("a metric that is no number is left out of its line, one that is not finite is not",
          "[worker]") {
  const auto told = report_from_line(R"({"a": NaN, "b": Infinity, "c": "x", "d": 1, "e": null,
                                     "step": 0})");
  REQUIRE(told);
  CHECK(told->metrics.size() == 4);
  CHECK(std::isnan(told->metrics.at("e")));  // as many languages write what is not finite
  CHECK(std::isnan(told->metrics.at("a")));
  CHECK(std::isinf(told->metrics.at("b")));
}

TEST_CASE("of a step with more than 64 numbers the others are counted", "[worker]") {
  std::string line = R"({"step": 3, "name": "a")";
  for (int i = 0; i < 64; ++i) line += ", \"m" + std::to_string(i) + "\": " + std::to_string(i);
  CHECK(report_from_line(line + "}")->left_out == 0);
  const auto report = report_from_line(line + R"(, "a": 1, "words": "b", "c": null})");
  REQUIRE(report);
  CHECK(report->left_out == 2);
  CHECK(report->metrics.size() == 64);
  CHECK_FALSE(report->metrics.contains("a"));
}

TEST_CASE("what is no report is none, and says why", "[worker]") {
  const auto [line, why] = GENERATE(table<std::string, std::string>({
      {"", "no JSON"}, {"x", "no JSON"}, {"[]", "no \"step\""}, {"3", "no \"step\""},
      {R"({"auc": 1})", "no \"step\""}, {R"({"step": 1})", "no number beside"},
      {R"({"step": -1, "a": 1})", "is -1"}, {R"({"step": 1.5, "a": 1})", "is 1.5"},
      {R"({"step": 1e300, "a": 1})", "is 1e+300"}, {R"({"step": 1e999, "a": 1})", "is not finite"},
      {R"({"step": NaN, "a": 1})", "is not finite"}, {R"({"step": "1", "a": 1})", "is no number"},
      {R"({"step": 9007199254740994, "a": 1})", "2^53"},
      {R"({"step": 1, "a": 1)", "no JSON"}}));
  INFO(line);
  const auto told = report_from_line(line);
  REQUIRE_FALSE(told);
  CHECK_THAT(told.error().what, Catch::Contains(why));
}

TEST_CASE("lines come whole, in whatever pieces they arrive", "[worker]") {
  const std::string text = "{\"step\": 1, \"a\": 1}\nnonsense\n\n{\"step\": 2, \"a\": 2}\n{\"st";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    INFO("cut at " << cut);
    ReportLines lines;
    auto reports = lines.feed(text.substr(0, cut));
    for (auto& report : lines.feed(text.substr(cut))) reports.push_back(report);
    REQUIRE(reports.size() == 3);
    CHECK_THAT(reports[1].unread, Catch::StartsWith("line 2 of its metrics.jsonl is no report: "));
    CHECK(reports[2].step == 2);
    CHECK(lines.left_out() == 1);
  }
}

TEST_CASE("of lines that are no reports the first is told with its number, none that is cut",
          "[worker]") {
  ReportLines lines;
  CHECK(lines.feed("\n{\"step\": 1, \"a\": 1}\n").size() == 1);
  const auto told = lines.feed("{\"step\": -1, \"a\": 1}\nx\n");
  REQUIRE(told.size() == 1);
  CHECK(told[0].unread == "line 3 of its metrics.jsonl is no report: its \"step\" is -1, no whole "
                          "number from 0 to 2^53");
  ReportLines cut;
  CHECK(cut.feed("{\"step\": 1, \"a\": 1}\n{\"st").size() == 1);
  CHECK(cut.finish().empty());
  ReportLines skipped;
  skipped.skip();
  CHECK_THAT(skipped.feed("rest\nx\n").at(0).unread, Catch::StartsWith("a line of its"));
}

TEST_CASE("a line at the limit is read, one past it is left out and the next is read",
          "[worker]") {
  const std::string head = R"({"step": 1, "a": 1)";
  const std::string fits = head + std::string(report_line_bytes_max - head.size() - 1, ' ') + "}";
  ReportLines lines;
  CHECK(lines.feed(fits + "\n").size() == 1);
  CHECK_THAT(lines.feed(fits + " ").at(0).unread, Catch::Contains("line 2 of its"));
  CHECK(lines.feed(std::string(3 * report_line_bytes_max, 'x')).empty());
  CHECK(lines.feed("\n{\"step\": 2, \"a\": 1}\n").size() == 1);
  CHECK(lines.left_out() == 1);
}

TEST_CASE("after a skip the rest of a line is no report", "[worker]") {
  ReportLines lines;
  CHECK(lines.feed("{\"step\": 1, ").empty());
  lines.skip();
  CHECK(lines.feed("\"a\": 1}\n{\"step\": 2, \"a\": 1}\n").size() == 1);
}
