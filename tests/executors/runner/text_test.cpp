// Foreign text made fit for messages.
#include <catch2/catch.hpp>

#include "executors/runner/text.hpp"

using namespace hpo;
using namespace hpo::runner;

TEST_CASE("cleaned text has no control characters, and a progress bar becomes lines", "[text]") {
  CHECK(cleaned("a\x1b[31m\tb\x7f\r\nc\r\r10%\r20%") == "a?[31m\tb?\nc\n10%\n20%");
  CHECK(excerpt("äää", 3) == "ä…");
  CHECK(excerpt("abc", 3) == "abc");
}
