// Whether constraints leave anything, found by chance, and who is to blame if they do not.
#include "schema/space_probe.hpp"

#include <catch2/catch.hpp>

using namespace hpo;

namespace {

SearchSpace probed_space(std::vector<Parameter> parameters, const std::vector<std::string>& texts) {
  const SearchSpace space = *SearchSpace::make(std::move(parameters));
  std::vector<Constraint> constraints;
  for (const std::string& text : texts) {
    constraints.push_back(std::get<Constraint>(Constraint::parse(text, space.parameters())));
  }
  return space.constrained(std::move(constraints));
}

std::vector<Parameter> six_domains() {
  return {{.name = "a", .domain = FloatDomain{}}, {.name = "b", .domain = FloatDomain{}},
          {.name = "n", .domain = IntDomain{.low = 1, .high = 100'000, .scale = Scale::log}},
          {.name = "k", .domain = ChoiceDomain{{std::string("x"), std::string("y")}}},
          {.name = "s", .domain = FloatDomain{.low = 0.1, .high = 0.9, .step = 0.2}},
          {.name = "c", .domain = BoolDomain{}, .when = {{.parent = "a", .min = 0.5}}}};
}

}  // namespace

TEST_CASE("what the probe finds lies in the space, and is found again", "[probe]") {
  const std::vector<std::string> texts = GENERATE(as<std::vector<std::string>>(),
      std::vector<std::string>{}, std::vector<std::string>{"a + b <= 0.01"},
      std::vector<std::string>{"n > 90000 and n < 91000"},
      std::vector<std::string>{"c", "a > 0.9"},
      std::vector<std::string>{"k == 'y' and s == 0.5 and a < 0.01"});
  const SearchSpace space = probed_space(six_domains(), texts);
  const Probe probe = probe_space(space);
  REQUIRE(probe.values);
  CHECK(space.contains(*probe.values));
  CHECK(probe_space(space).values == probe.values);
}

TEST_CASE("a constraint that nothing fulfils is named, together with others or not", "[probe]") {
  const Probe alone = probe_space(probed_space(six_domains(), {"a > 0", "a + b > 2"}));
  CHECK_FALSE(alone.values);
  CHECK(alone.culprit == 1);
  const Probe together = probe_space(probed_space(six_domains(), {"a > 0.6", "a < 0.4"}));
  CHECK_FALSE(together.values);
  CHECK_FALSE(together.culprit);
}

TEST_CASE("a culprit that never compares finite numbers is told apart", "[probe]") {
  const auto [text, is_never_finite] = GENERATE(table<std::string, bool>({
      {"log(a - 2) < 1", true}, {"1 / (n - n) < 3", true}, {"sqrt(a - 2) < 1 or b > 2", true},
      {"exp(1000 + n) < 1", true}, {"a + b > 2", false}, {"log(a - 0.5) > 1", false}}));
  INFO(text);
  const Probe probe = probe_space(probed_space(six_domains(), {"a > 0", text}));
  CHECK(probe.culprit == 1);
  CHECK(probe.is_never_finite == is_never_finite);
}

TEST_CASE("a space of one in ten thousand is found", "[probe]") {
  CHECK(probe_space(probed_space(six_domains(), {"a < 0.01", "b < 0.01"})).values);
}
