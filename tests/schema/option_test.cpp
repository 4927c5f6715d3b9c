// What an option takes, and how an owner's are found.
#include "schema/option.hpp"

#include <catch2/catch.hpp>

using namespace hpo;

TEST_CASE("a value is legal if its type and range are the option's", "[schema]") {
  const Option number{.kind = Option::Kind::number, .low = 0.5, .high = 2.0};
  CHECK((is_legal(number, 0.5) && is_legal(number, 2.0) && is_legal(number, std::int64_t{1})));
  CHECK_FALSE((is_legal(number, 0.4) || is_legal(number, true) || is_legal(number, std::string())));
  const Option integer{.kind = Option::Kind::integer, .low = 4, .high = 8};
  CHECK((is_legal(integer, std::int64_t{4}) && is_legal(integer, std::int64_t{8})));
  CHECK_FALSE((is_legal(integer, std::int64_t{9}) || is_legal(integer, 5.0)));
  const Option word{.kind = Option::Kind::word, .words = {"a", "b"}};
  CHECK(is_legal(word, std::string("b")));
  CHECK_FALSE((is_legal(word, std::string("c")) || is_legal(word, 1.0)));
}

TEST_CASE("an owner's options are those beside each other that name it", "[schema]") {
  const std::vector<Option> all{{.owner = "a", .name = "x"}, {.owner = "b", .name = "y"},
                                {.owner = "b", .name = "z"}};
  CHECK(options_of(all, "a").size() == 1);
  CHECK(options_of(all, "b").back().name == "z");
  CHECK((options_of(all, "c").empty() && options_of({}, "a").empty()));
}
