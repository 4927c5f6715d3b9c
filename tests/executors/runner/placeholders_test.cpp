// Placeholders in the command.
#include <catch2/catch.hpp>

#include "executors/runner/placeholders.hpp"

using namespace hpo;
using namespace hpo::runner;

TEST_CASE("a placeholder is replaced inside an element; other braces stay", "[placeholders]") {
  const std::map<std::string, std::string> values{{"lr", "0.1"}, {"opt.k-1", "{lr}"}};
  const auto [element, expected] = GENERATE(table<std::string, std::string>({
      {"--lr={lr}", "--lr=0.1"}, {"{lr}{lr}", "0.10.1"}, {"{opt.k-1}", "{lr}"},
      {"{{lr}}", "{lr}"}, {R"({"a": 1})", R"({"a": 1})"}, {"{", "{"}, {"}", "}"}, {"{}", "{}"},
      {"{{{lr}}}", "{0.1}"}, {"{l r}", "{l r}"}, {"", ""}, {"{lr", "{lr"}}));
  CHECK(*fill(element, values) == expected);
}

TEST_CASE("an unknown placeholder is an error that names the nearest", "[placeholders]") {
  const auto filled = fill("--lr={lrr}", {{"lr", "0.1"}, {"width", "3"}});
  REQUIRE_FALSE(filled.has_value());
  CHECK_THAT(filled.error().remedy, Catch::Contains("{lr}"));
}
