// The table of options: complete, side by side, of pruners that there are.
#include "schema/pruner_options.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "schema/pruner_list.hpp"

using namespace hpo;

TEST_CASE("every option of a pruner says what it does and where it comes from", "[schema]") {
  std::set<std::pair<std::string_view, std::string_view>> names;
  for (const Option& option : pruner_options()) {
    INFO(option.owner << " " << option.name);
    CHECK(names.insert({option.owner, option.name}).second);
    CHECK_FALSE((option.meaning.empty() || option.source.empty()));
    if (option.fallback) CHECK(is_legal(option, *option.fallback));
  }
}

TEST_CASE("options lie side by side, and belong to a pruner of the list", "[schema]") {
  std::size_t count = 0;
  for (const PrunerText& pruner : pruner_list) {
    count += options_of(pruner_options(), pruner.name).size();
  }
  CHECK(count == pruner_options().size());
  CHECK(options_of(pruner_options(), "none").empty());
}

TEST_CASE("the list of pruners is sorted by name", "[schema]") {
  CHECK(std::is_sorted(pruner_list.begin(), pruner_list.end(),
                       [](const PrunerText& a, const PrunerText& b) { return a.name < b.name; }));
}
