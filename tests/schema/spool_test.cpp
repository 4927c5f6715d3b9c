// The files by which workers and the daemon talk without a network.
#include "schema/spool.hpp"

#include <catch2/catch.hpp>

using namespace hpo;

TEST_CASE("a request's name tells its worker and its number", "[spool]") {
  const SpoolName name{.worker = "node7.site-4711-9f3c", .number = 12};
  CHECK(to_text(name) == "node7.site-4711-9f3c.12");
  CHECK(spool_name(to_text(name)) == name);
}

TEST_CASE("what is no name of a request is none", "[spool]") {
  const std::string text = GENERATE(as<std::string>(), "", ".", "a", "a.", ".1", "a.0", "a.01",
      "a.-1", "a.+1", "a.1.tmp", "a.1 ", "-a.1", ".a.1", "a/b.1", "a\n.1",
      "a.99999999999999999999", std::string(65, 'a') + ".1");
  CAPTURE(text);
  CHECK_FALSE(spool_name(text));
}

TEST_CASE("requests and answers read back as they were", "[spool]") {
  const SpoolRequest request{.verb = SpoolVerb::exchange, .study = "jets", .body = "{\"a\":\n1}"};
  const auto read = spool_request(to_text(request));
  REQUIRE(read);
  CHECK(read->verb == request.verb);
  CHECK(read->study == "jets");
  CHECK(read->body == request.body);
  const auto answer = spool_answer(to_text(SpoolAnswer{.status = 409, .body = "{}\n"}));
  REQUIRE(answer);
  CHECK(answer->status == 409);
  CHECK(answer->body == "{}\n");
}

TEST_CASE("what is no request or answer is none", "[spool]") {
  const std::string text = GENERATE(as<std::string>(), "", "hpo-spool 1 ", "hpo-spool 1 work jets",
      "hpo-spool 1 cancel jets\n", "hpo-spool 1 work ../jets\n", "hpo-spool 2 work jets\n",
      "hpo-spool 1 work\n", "hpo-spool 1  jets\n", "{}");
  CAPTURE(text);
  CHECK_FALSE(spool_request(text));
  CHECK_FALSE(spool_answer(text));
  CHECK_FALSE(spool_answer("hpo-spool 1 99\n"));
}
