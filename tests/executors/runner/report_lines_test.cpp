// The lines of a metrics file: whole ones once, whatever a training writes.
#include "executors/runner/report_lines.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using hpo::StepTold;
using hpo::runner::report_from_line;
using hpo::runner::report_line_bytes_max;
using hpo::runner::ReportLines;

TEST_CASE("a line of the helper is a report", "[worker]") {
  CHECK(report_from_line(R"({"auc": 0.5, "loss": 2, "step": 3})") ==
        StepTold{3, {{"auc", 0.5}, {"loss", 2.0}}});
  CHECK(report_from_line(R"({"step": 3.0, "auc": 1})") == StepTold{3, {{"auc", 1.0}}});
}

TEST_CASE("a metric that is no number is left out of its line, one that is not finite is not",
          "[worker]") {
  const auto told = report_from_line(R"({"a": NaN, "b": Infinity, "c": "x", "d": 1, "step": 0})");
  REQUIRE(told);
  CHECK(told->metrics.size() == 3);
  CHECK(std::isnan(told->metrics.at("a")));
  CHECK(std::isinf(told->metrics.at("b")));
}

TEST_CASE("what is no report is none", "[worker]") {
  const std::string line = GENERATE("", "x", "[]", "3", R"({"auc": 1})", R"({"step": 1})",
      R"({"step": -1, "a": 1})", R"({"step": 1.5, "a": 1})", R"({"step": 1e300, "a": 1})",
      R"({"step": NaN, "a": 1})", R"({"step": "1", "a": 1})",
      R"({"step": 1, "a": 1)");
  INFO(line);
  CHECK_FALSE(report_from_line(line));
}

TEST_CASE("lines come whole, in whatever pieces they arrive", "[worker]") {
  const std::string text = "{\"step\": 1, \"a\": 1}\nnonsense\n\n{\"step\": 2, \"a\": 2}\n{\"st";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    INFO("cut at " << cut);
    ReportLines lines;
    auto reports = lines.feed(text.substr(0, cut));
    for (auto& report : lines.feed(text.substr(cut))) reports.push_back(report);
    REQUIRE(reports.size() == 2);
    CHECK(reports[1].step == 2);
    CHECK(lines.left_out() == 1);
  }
}

TEST_CASE("a line at the limit is read, one past it is left out and the next is read",
          "[worker]") {
  const std::string head = R"({"step": 1, "a": 1)";
  const std::string fits = head + std::string(report_line_bytes_max - head.size() - 1, ' ') + "}";
  ReportLines lines;
  CHECK(lines.feed(fits + "\n").size() == 1);
  CHECK(lines.feed(fits + " ").empty());
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
