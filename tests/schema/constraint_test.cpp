// Constraints: what they compute, what they refuse and where.
#include "schema/constraint.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "schema/search_space.hpp"

using namespace hpo;

namespace {

const ParamValue by_adam = std::string("adam");
const ParamValue by_sgd = std::string("sgd");

// width, depth, lr, batch-size, amp, optimizer, mixed, x (in steps of 0.1)
std::vector<Parameter> eight_parameters() {
  return {{.name = "width", .domain = IntDomain{.low = 1, .high = 512}},
          {.name = "depth", .domain = IntDomain{.low = 1, .high = 9}},
          {.name = "lr", .domain = FloatDomain{.low = -1.0, .high = 1.0}},
          {.name = "batch-size", .domain = OrdinalDomain{{std::int64_t{64}, 128.0}}},
          {.name = "amp", .domain = BoolDomain{}},
          {.name = "optimizer", .domain = ChoiceDomain{{by_adam, by_sgd}}},
          {.name = "mixed", .domain = ChoiceDomain{{by_sgd, true}}},
          {.name = "x", .domain = FloatDomain{.low = 0.0, .high = 0.9, .step = 0.1}}};
}

const Values eight_values{std::int64_t{64}, std::int64_t{6}, 0.25, 128.0, true, by_adam, by_sgd,
                          0.1 * 3};

bool holds(std::string_view text) {
  const auto parsed = Constraint::parse(text, eight_parameters());
  if (const auto* fault = std::get_if<ConstraintFault>(&parsed)) FAIL(text << ": " << fault->what);
  return std::get<Constraint>(parsed).holds(eight_values);
}

ConstraintFault fault_of(std::string_view text) {
  const auto parsed = Constraint::parse(text, eight_parameters());
  INFO(text);
  REQUIRE(std::holds_alternative<ConstraintFault>(parsed));
  return std::get<ConstraintFault>(parsed);
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("a constraint computes what it says", "[constraint]") {
  const auto [text, expected] = GENERATE(table<std::string, bool>({
      {"width * depth <= 384", true}, {"width * depth < 384", false},
      {"width*depth>384", false}, {"width / depth > 10.6", true},
      {"width - depth - 2 == 56", true}, {"width - (depth - 2) == 60", true},
      {"64 / width / 2 == 0.5", true}, {"2 + 3 * depth == 20", true},
      {"(2 + 3) * depth == 30", true}, {"-depth + 6 == 0", true}, {"--depth == 6", true},
      {"-2 * -depth == 12", true}, {"min(width, depth, 3) == 3", true},
      {"max(width, depth) == 64", true}, {"abs(lr - 1) == 0.75", true},
      {"sqrt(width) == 8", true}, {"log(width) / log(2) == 6", true},
      {"exp(log(depth)) <= 6", true}, {"lr >= 2.5e-1", true}, {"batch-size == 128", true},
      {"batch-size - width == 64", true}, {"width-depth == 58", true},
      {"amp", true}, {"not amp", false}, {"not not amp", true}, {"amp == true", true},
      {"amp != false", true}, {"optimizer == 'adam'", true}, {"optimizer != \"adam\"", false},
      {"'sgd' == optimizer", false}, {"not optimizer == 'sgd'", true},
      {"width < 1 or depth > 1 and lr > 1", false}, {"(width < 1 or depth > 1) and lr > 0", true},
      {"not (width < 1) and depth == 6", true}, {"x <= 0.3", true}, {"x < 0.3", false},
      {"x == 0.3", true}, {"x + 0.7 == 1", true}, {"depth <= 5.999999", false}}));
  INFO(text);
  CHECK(holds(text) == expected);
}

TEST_CASE("a comparison with what is no number is false, whichever it is", "[constraint]") {
  for (const char* sign : {"<", "<=", ">", ">=", "==", "!="}) {
    CHECK_FALSE(holds("log(lr - 1) " + std::string(sign) + " 0"));
    CHECK_FALSE(holds("min(1, sqrt(-depth)) " + std::string(sign) + " 0"));
  }
  CHECK(holds("1 / (depth - 6) > 1e300"));
  CHECK(holds("width / 2 / (1 - 0) * 0 == 0"));
  CHECK_FALSE(holds("1 / (depth - 6) <= 1e300"));
}

TEST_CASE("a parameter without a value switches the constraint off", "[constraint]") {
  const auto parsed = Constraint::parse("width * depth <= 10 or lr > 5", eight_parameters());
  Values some = eight_values;
  CHECK_FALSE(std::get<Constraint>(parsed).holds(some));
  some[2] = Inactive{};
  CHECK(std::get<Constraint>(parsed).holds(some));
  CHECK(std::get<Constraint>(parsed).parameters() == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("what is wrong is said at its place, with what to write instead", "[constraint]") {
  const auto [text, offset, length, remedy] =
      GENERATE(table<std::string, std::size_t, std::size_t, std::string>({
          {"widht * 2 < 3", 0, 5, "width"}, {"width * 2 < 3 && amp", 14, 2, "and"},
          {"width = 3", 6, 1, "=="}, {"!amp", 0, 1, "not"}, {"width ** 2 < 3", 6, 2, "x * x"},
          {"1 <= width <= 3", 0, 13, "1 <= x and x <= 3"}, {"width * depth", 0, 13, "compare it"},
          {"optimizer == 'adma'", 13, 6, "adam"}, {"optimizer == adam", 13, 4, "texts stand"},
          {"optimizer < 'adam'", 0, 9, "== and !="}, {"width == 'a'", 0, 12, "optimizer == 'adam'"},
          {"width + amp < 3", 8, 3, "numbers"}, {"width and amp", 0, 5, "compare it"},
          {"mixed == 1", 0, 5, "numbers only"}, {"(width < 3", 10, 0, "complete"},
          {"width < 3)", 9, 1, "mend it"}, {"width <", 7, 0, "complete"}, {"", 0, 0, "complete"},
          {"width < 3x", 8, 2, "numbers like"}, {"width < 1e999", 8, 5, "numbers like"},
          {"optimizer == 'adam", 13, 5, "numbers like"}, {"min(width) < 3", 0, 10, "mend"},
          {"log(width, 2) < 3", 0, 13, "mend"}, {"width < 3 ü", 10, 2, "numbers like"},
          {"1 < 2", 0, 5, "name one"}, {"width depth < 3", 6, 5, "mend it"},
          {"and < 3", 0, 3, "mend it"}, {"width % 2 == 0", 6, 1, "remainder"},
          {"width / 0 > 1", 8, 1, "divide by"}, {"width / (2 - 2) > 1", 8, 7, "divide by"},
          {"1 < width / -0.0 / 2", 12, 4, "divide by"}}));
  INFO(text);
  const ConstraintFault fault = fault_of(text);
  INFO(fault.what << " | " << fault.remedy);
  CHECK(fault.offset == offset);
  CHECK(fault.length == length);
  CHECK(fault.remedy.find(remedy) != std::string::npos);
}

TEST_CASE("a constraint is at most 32 deep and 2048 bytes long", "[constraint]") {
  CHECK(holds(repeated("(", 32) + "width > 1" + repeated(")", 32)));
  CHECK(fault_of(repeated("(", 33) + "width > 1" + repeated(")", 33)).offset == 32);
  CHECK(holds(repeated("not ", 32) + "amp"));
  CHECK(fault_of(repeated("not ", 33) + "amp").offset == 128);
  CHECK(holds(repeated("-", 32) + "width == 64"));
  CHECK(fault_of(repeated("-", 33) + "width == 64").what.find("32") != std::string::npos);
  const std::string longest = "amp" + repeated(" and amp", 255);
  CHECK(holds(longest + "     "));
  CHECK(fault_of(longest + "      ").what.find("2049") != std::string::npos);
  // Waiting operands on every level: the stack is large enough for whatever fits.
  std::string text;
  for (int i = 0; i < 32; ++i) text += "amp or amp and 1 < 2 + 3 * max(1, ";
  CHECK_FALSE(std::holds_alternative<Constraint>(Constraint::parse(text, eight_parameters())));
}

TEST_CASE("names with dashes and dots are the longest ones that there are", "[constraint]") {
  std::vector<Parameter> names{{.name = "a"}, {.name = "b"}, {.name = "a-b"}, {.name = "a.b"},
                               {.name = "a-b-"}, {.name = "max"}};
  const Values ours{1.0, 2.0, 30.0, 400.0, 5000.0, 60000.0};
  const auto is = [&](std::string_view text) {
    const auto parsed = Constraint::parse(text, names);
    INFO(text);
    REQUIRE(std::holds_alternative<Constraint>(parsed));
    return std::get<Constraint>(parsed).holds(ours);
  };
  CHECK(is("a-b == 30"));
  CHECK(is("a -b == -1"));
  CHECK(is("a-b-a == 29"));
  CHECK(is("a-b- == 5000"));
  CHECK(is("a.b-b == 398"));
  CHECK(is("max == 60000"));
  CHECK(is("max(max, a) == 60000"));
}
