// Learning curves of a study: which are kept, and how they are told apart.
#include "cli/curves.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "cli/text.hpp"
#include "cli/watch_frame.hpp"

using namespace hpo::cli;
using hpo::Direction;

namespace {

hpo::json::Node report(int trial, int step, double value, int seq, const char* verdict = nullptr,
                       int attempt = 1) {
  std::string text = R"({"trial":)" + std::to_string(trial) + R"(,"step":)" +
                     std::to_string(step) + R"(,"value":)" + std::to_string(value) +
                     R"(,"attempt":)" + std::to_string(attempt) + R"(,"seq":)" +
                     std::to_string(seq);
  if (verdict) text += R"(,"decision":{"verdict":")" + std::string(verdict) + R"("})";
  return hpo::json::parse(text + "}").root;
}

Style style_of_only(const Curves& curves, const Curves::Shown& shown) {
  const auto lines = curves.lines(shown);
  REQUIRE(lines.size() == 1);
  return lines[0].style;
}

}  // namespace

TEST_CASE("a curve tells by its style what has become of its trial", "[cli]") {
  Curves curves;
  CHECK(curves.empty());
  curves.take(report(7, 1, 0.5, 1));
  CHECK_FALSE(curves.empty());
  CHECK(style_of_only(curves, {.running = {7}}) == Style::bold);
  CHECK(style_of_only(curves, {.running = {}}) == Style::dim);  // failed, or cancelled
  CHECK(style_of_only(curves, {.running = {}, .has_all_running = false}) == Style::bold);
  curves.take(report(7, 3, 0.4, 2, "pause"));
  CHECK(style_of_only(curves, {.running = {7}}) == Style::dim);
  curves.take(report(7, 4, 0.3, 3, nullptr, 2));
  CHECK(style_of_only(curves, {.running = {7}}) == Style::bold);
  curves.complete(7, 4);
  CHECK(style_of_only(curves, {.running = {}}) == Style::plain);
  CHECK(style_of_only(curves, {.best = 7}) == Style::green);
}

TEST_CASE("the curves that nobody tells of go first, and the best one stays", "[cli]") {
  Curves curves;
  const int many = static_cast<int>(Curves::curves_max) + 10;
  for (int trial = 0; trial < many; ++trial) curves.take(report(trial, 1, 1, trial));
  curves.take(report(1, 2, 1, many));
  curves.forget_old(0);
  CHECK(curves.lines({}).size() == Curves::curves_max);
  CHECK(curves.has(0));
  CHECK(curves.has(1));
  CHECK_FALSE(curves.has(11));
  CHECK(curves.has(12));
}

TEST_CASE("a long curve keeps its shape and its last step", "[cli]") {
  Curve curve;
  for (int step = 0; step < 100'000; ++step) {
    curve.add(step, step);
    if (curve.values.rbegin()->first != step) FAIL("the last step went: " << step);
  }
  CHECK(curve.values.size() <= Curve::values_max);
  CHECK(curve.values.begin()->first == 0);
}

TEST_CASE("a long curve of which every second value is none keeps the others", "[cli]") {
  const int first = GENERATE(0, 1);  // of the values that there are
  Curve curve;
  for (int step = 0; step < 2000; ++step) {
    curve.add(step, step % 2 == first ? step : std::nan(""));
  }
  const auto is_finite = [](const auto& each) { return std::isfinite(each.second); };
  CHECK(std::ranges::count_if(curve.values, is_finite) > 100);
  CHECK(curve.has_finite());
}

TEST_CASE("a value that is none is a gap, and outside of the range", "[cli]") {
  Curves curves;
  curves.take(hpo::json::parse(R"({"trial":7,"step":1,"value":null})").root);
  CHECK(curves.empty());
  CHECK(curves.lines({}).empty());
  curves.take(report(7, 2, 0.5, 1));
  curves.take(report(7, 4, 0.25, 2));
  const auto lines = curves.lines({});
  REQUIRE(lines.size() == 1);
  REQUIRE(lines[0].values.size() == 3);
  CHECK(std::isnan(lines[0].values[0].second));
  CHECK(range_of(lines, Direction::minimize).low == 0.25);
}

TEST_CASE("one training that diverges does not flatten the others", "[cli]") {
  PlotLine line;
  for (int step = 0; step <= 10; ++step) line.values.emplace_back(step, step == 3 ? 1e30 : step);
  const PlotRange low = range_of({line}, Direction::minimize);
  CHECK(low.low == 0);
  CHECK(low.high == 10);
  line.values[3].second = -1e30;
  const PlotRange high = range_of({line}, Direction::maximize);
  CHECK(high.low == 0);
  CHECK(high.high == 10);
  CHECK(range_of({}, Direction::minimize).high == 0);
}

TEST_CASE("watch draws learning curves where there are reports, within the terminal", "[cli]") {
  WatchState state;
  state.study.metric = "loss";
  state.study.best = Best{.trial = 0, .value = 0.1, .params = {}};
  state.values = {0.3, 0.1};
  state.running = {{.number = 1, .started_s = 1, .params = "lr=1"}};
  for (int step = 1; step < 9; ++step) {
    state.curves.take(report(0, step, 1.0 / step, step));
    state.curves.take(report(1, step, 2.0 / step, step));
  }
  state.curves.take(report(2, 3, 9, 9, "stop"));
  Terminal terminal;
  terminal.is_tty = true;
  terminal.has_unicode = true;
  const auto [width, height, has_both] =
      GENERATE(table<int, int, bool>({{80, 40, true}, {80, 30, false}, {20, 24, false}}));
  terminal.width = width;
  terminal.height = height;
  const auto text_of_frame = [&] {
    std::string text;
    for (const std::string& line : watch_frame(state, terminal, 2)) {
      if (!terminal.has_color) CHECK(display_width(line) < static_cast<std::size_t>(width));
      text += line + "\n";
    }
    return text;
  };
  const std::string text = text_of_frame();
  CHECK((text.find("loss by step: of 3 trials") != std::string::npos) == (width > 20));
  CHECK((text.find("0.3 ┤") != std::string::npos) == has_both);  // the best so far
  terminal.has_color = true;
  CHECK_THAT(text_of_frame(), Catch::Contains("\x1b[32m") && Catch::Contains("\x1b[1m"));
  state.curves = {};
  terminal.has_color = false;
  CHECK(text_of_frame().find("by step") == std::string::npos);
}
