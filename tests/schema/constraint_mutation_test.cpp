// Random damage to constraints: read or refused, never a crash, faults inside of the text.
#include <catch2/catch.hpp>
#include <random>

#include "schema/constraint.hpp"
#include "schema/search_space.hpp"
#include "tests/damage.hpp"

using namespace hpo;

namespace {

constexpr std::string_view legal[] = {
    "width * depth <= 384 or not (kind == 'small' and lr > 1e-3)",
    "min(width, 2 * depth, -lr) != max(abs(lr), sqrt(width) / exp(-depth))",
    "amp == true and (a-b - 3.5 >= log(width) or kind != \"large\")"};
constexpr std::string_view pieces[] = {"(", ")", "-", "not ", " and ", " or ", "<", "<=", "==", "=",
    "!", "'", "\"", ",", ".", "1", "e9", "width", "a-b", "kind", "amp", "min(", "log(", " ", "\t",
    "\xC3\xA9", "\xFF", "**", "/", "0"};

std::vector<Parameter> six_parameters() {
  return {{.name = "width", .domain = IntDomain{.low = 1, .high = 512}},
          {.name = "depth", .domain = IntDomain{.low = 1, .high = 9}},
          {.name = "lr", .domain = FloatDomain{}},
          {.name = "amp", .domain = BoolDomain{}},
          {.name = "kind", .domain = ChoiceDomain{{std::string("small"), std::string("large")}}},
          {.name = "a-b", .domain = FloatDomain{}}};
}

// True if it was read.
bool check_damaged(std::string_view text, const std::vector<Parameter>& names) {
  const auto parsed = Constraint::parse(text, names);
  if (const auto* fault = std::get_if<ConstraintFault>(&parsed)) {
    REQUIRE_FALSE(fault->what.empty());
    REQUIRE_FALSE(fault->remedy.empty());
    REQUIRE(fault->offset <= text.size());
    REQUIRE(fault->offset + fault->length <= text.size());
    return false;
  }
  const auto& constraint = std::get<Constraint>(parsed);
  REQUIRE_FALSE(constraint.parameters().empty());
  Values values{std::int64_t{64}, std::int64_t{3}, 0.5, true, std::string("small"), 0.25};
  const bool once = constraint.holds(values);
  REQUIRE(constraint.holds(values) == once);
  for (const std::size_t parameter : constraint.parameters()) values[parameter] = Inactive{};
  REQUIRE(constraint.holds(values));
  return true;
}

}  // namespace

TEST_CASE("damaged constraints are read or refused, with faults inside the text",
          "[constraint]") {
  constexpr unsigned seed = 20;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::vector<Parameter> names = six_parameters();
  int read = 0;
  for (int i = 0; i < 30'000; ++i) {
    const std::string text =
        test::damage(std::string(legal[random() % std::size(legal)]), pieces, random);
    INFO(i << ": " << text);
    read += check_damaged(text, names) ? 1 : 0;
  }
  CHECK(read > 100);
  CHECK(read < 15'000);
}

TEST_CASE("constraints of random pieces are read or refused", "[constraint]") {
  constexpr unsigned seed = 21;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::vector<Parameter> names = six_parameters();
  for (int i = 0; i < 30'000; ++i) {
    std::string text;
    for (std::size_t count = random() % 40; count > 0; --count) {
      text += pieces[random() % std::size(pieces)];
    }
    INFO(i << ": " << text);
    check_damaged(text, names);
  }
}

TEST_CASE("every beginning of a constraint is read or refused", "[constraint]") {
  for (const std::string_view text : legal) {
    for (std::size_t length = 0; length <= text.size(); ++length) {
      INFO(text.substr(0, length));
      const bool is_read = check_damaged(text.substr(0, length), six_parameters());
      if (length == text.size()) CHECK(is_read);
    }
  }
}
