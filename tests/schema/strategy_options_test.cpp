// The table of options: complete, side by side, and its own defaults are legal.
#include "schema/strategy_options.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace hpo;

TEST_CASE("every option says what it does and where it comes from, and its default is legal",
          "[schema]") {
  std::set<std::pair<std::string_view, std::string_view>> names;
  for (const StrategyOption& option : strategy_options()) {
    INFO(option.strategy << " " << option.name);
    CHECK(names.insert({option.strategy, option.name}).second);
    CHECK_FALSE((option.meaning.empty() || option.source.empty()));
    if (option.fallback) CHECK(is_legal(option, *option.fallback));
  }
}

TEST_CASE("a strategy's options lie side by side in the table", "[schema]") {
  std::size_t count = 0;
  std::set<std::string_view> strategies;
  for (const StrategyOption& option : strategy_options()) strategies.insert(option.strategy);
  for (const std::string_view strategy : strategies) count += options_of(strategy).size();
  CHECK(count == strategy_options().size());
  CHECK(options_of("no_such_strategy").empty());
}

TEST_CASE("a value is legal if its type and range are the option's", "[schema]") {
  const StrategyOption number{.kind = StrategyOption::Kind::number, .low = 0.5, .high = 2.0};
  CHECK((is_legal(number, 0.5) && is_legal(number, 2.0) && is_legal(number, std::int64_t{1})));
  CHECK_FALSE((is_legal(number, 0.4) || is_legal(number, true) || is_legal(number, std::string())));
  const StrategyOption integer{.kind = StrategyOption::Kind::integer, .low = 4, .high = 8};
  CHECK((is_legal(integer, std::int64_t{4}) && is_legal(integer, std::int64_t{8})));
  CHECK_FALSE((is_legal(integer, std::int64_t{9}) || is_legal(integer, 5.0)));
  const StrategyOption word{.kind = StrategyOption::Kind::word, .words = {"a", "b"}};
  CHECK(is_legal(word, std::string("b")));
  CHECK_FALSE((is_legal(word, std::string("c")) || is_legal(word, 1.0)));
}
