// The last result line of a stream, however it is cut.
#include <catch2/catch.hpp>

#include "executors/runner/result_line.hpp"

using namespace hpo;
using namespace hpo::runner;

TEST_CASE("the last result line is found however the stream is cut", "[result_line]") {
  const std::string text =
      "hpo-result {1}\nnoise hpo-result {no}\nhpo-resul\nhpo-result {2}\n\nhpo-hpo-result {no}\n"
      "hpo-result {3}\nhpo-res";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    ResultLine line(100);
    for (std::size_t at = 0; at < text.size(); at += piece) line.feed(text.substr(at, piece));
    line.finish();
    CHECK(line.last() == "{3}");
  }
}

TEST_CASE("a result line without newline counts, an overlong one is cut", "[result_line]") {
  ResultLine line(5);
  line.feed("hpo-result 123456789");
  CHECK_FALSE(line.last());
  line.finish();
  CHECK(line.last() == "123456");
  ResultLine none(5);
  none.feed("hpo-resul");
  none.finish();
  CHECK_FALSE(none.last());
}
