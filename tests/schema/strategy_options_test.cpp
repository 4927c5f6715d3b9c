// The table of options: complete, side by side, and its own defaults are legal.
#include "schema/strategy_options.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace hpo;

TEST_CASE("every option says what it does and where it comes from, and its default is legal",
          "[schema]") {
  std::set<std::pair<std::string_view, std::string_view>> names;
  for (const Option& option : strategy_options()) {
    INFO(option.owner << " " << option.name);
    CHECK(names.insert({option.owner, option.name}).second);
    CHECK_FALSE((option.meaning.empty() || option.source.empty()));
    if (option.fallback) CHECK(is_legal(option, *option.fallback));
  }
}

TEST_CASE("a strategy's options lie side by side in the table", "[schema]") {
  std::size_t count = 0;
  std::set<std::string_view> strategies;
  for (const Option& option : strategy_options()) strategies.insert(option.owner);
  for (const std::string_view strategy : strategies) count += options_of(strategy).size();
  CHECK(count == strategy_options().size());
  CHECK(options_of("no_such_strategy").empty());
}
