// What `hpo token` writes is what `hpo worker --connect` reads, or it is refused.
#include "schema/connect_file.hpp"

#include <catch2/catch.hpp>

using namespace hpo;

namespace {

const ConnectFile example{.address = {"10.0.0.5", 4711}, .fingerprint = std::string(64, 'a'),
                          .study = "jets", .token = worker_token({1, 2, 255})};

}  // namespace

TEST_CASE("a connect file is read as it was written", "[schema]") {
  const auto read = connect_file_from(to_json(example), "f");
  REQUIRE(read);
  CHECK(read->address == example.address);
  CHECK(read->fingerprint == example.fingerprint);
  CHECK(read->study == "jets");
  CHECK(read->token == example.token);
}

TEST_CASE("a token has a prefix and 64 digits", "[schema]") {
  CHECK(example.token.starts_with("hpo_w_0102ff00"));
  CHECK(is_worker_token(example.token));
  CHECK_FALSE(is_worker_token(example.token + "0"));
  CHECK_FALSE(is_worker_token(example.token.substr(1)));
  CHECK_FALSE(is_worker_token("hpo_w_" + std::string(64, 'A')));
  CHECK_FALSE(is_worker_token(""));
}

TEST_CASE("a damaged connect file is told with its path and how to get another", "[schema]") {
  const std::string whole = to_json(example);
  const std::string from = GENERATE("10.0.0.5", "aaaa", "jets", "hpo_w_", "}", "token");
  std::string text = whole;
  text.replace(text.find(from), from.size(), "");
  CAPTURE(text);
  const auto read = connect_file_from(text, "/x/f.json");
  REQUIRE_FALSE(read);
  CHECK(read.error().where == "/x/f.json");
  CHECK_THAT(read.error().remedy, Catch::Contains("hpo token"));
}
