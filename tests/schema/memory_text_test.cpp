// Memory in the unit that leaves a whole number.
#include "schema/memory_text.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace hpo;

TEST_CASE("memory is written in the largest unit that is exact", "[schema]") {
  const auto [bytes, text] = GENERATE(table<std::int64_t, std::string>({
      {0, "0K"}, {1, "1K"}, {1024, "1K"}, {1025, "2K"}, {1 << 20, "1M"}, {3 << 19, "1536K"},
      {std::int64_t{200} << 30, "200G"}, {std::int64_t{1} << 40, "1T"},
      {std::int64_t{1} << 50, "1024T"},
      {std::numeric_limits<std::int64_t>::max(), "8388608T"}}));
  CHECK(memory_text(bytes) == text);
}
