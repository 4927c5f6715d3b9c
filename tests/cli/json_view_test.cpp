// Reading replies without ladders, and writing them back as they were.
#include "cli/json_view.hpp"

#include <catch2/catch.hpp>

#include "cli/csv.hpp"
#include "cli/endpoint.hpp"

using namespace hpo::cli;

namespace {

hpo::json::Node node(std::string_view text) { return hpo::json::parse(text).root; }

}  // namespace

TEST_CASE("a tree is written back as it was read", "[cli]") {
  const std::string text = R"({"a":[1,2.5,1.0,true,null,"x\"y"],"b":{"c":-7}})";
  CHECK(to_json(node(text)) == text);
  CHECK(to_json(node(to_pretty_json(node(text)))) == text);
}

TEST_CASE("what is missing reads as nothing", "[cli]") {
  const auto root = node(R"({"a":{"b":"text"}})");
  CHECK(text_of(member(root, "a", "b")) == "text");
  CHECK(text_of(member(root, "x", "y")).empty());
  CHECK(integer_of(member(root, "a", "b")) == 0);
  CHECK_FALSE(number_of(member(root, "x")));
}

TEST_CASE("CSV quotes what needs it and keeps empty what is null", "[cli]") {
  const auto columns = csv_columns(node(R"({"spec":{"space":{"lr":{},"act":{}}}})"));
  CHECK(csv_header(columns).rfind("number,state,value,param.lr,param.act,metrics,", 0) == 0);
  const auto row = csv_row(columns, node(
      R"({"number":3,"state":"completed","value":null,"params":{"lr":0.1,"act":"a,\"b\""},
          "metrics":{},"attempts":1})"));
  CHECK(row == "3,completed,,0.1,\"a,\"\"b\"\"\",{},1,,,,,,,,,,,,,\n");
}

TEST_CASE("reports as CSV have the decision's fields, empty where there is none", "[cli]") {
  CHECK(report_csv_header() == "trial,step,attempt,seq,value,metrics,verdict,rung,reason\n");
  CHECK(report_csv_row(node(R"({"trial":1,"step":3,"attempt":1,"seq":9,"value":null,
                               "metrics":{"n":2},"decision":null})")) ==
        "1,3,1,9,,\"{\"\"n\"\":2}\",,,\n");
  CHECK(report_csv_row(node(R"({"trial":1,"step":9,"attempt":2,"seq":11,"value":0.5,"metrics":{},
                               "decision":{"verdict":"stop","rung":1,"reason":"a, b"}})")) ==
        "1,9,2,11,0.5,{},stop,1,\"a, b\"\n");
}

TEST_CASE("the daemon's host is this one if its name or its boot is", "[cli]") {
  const auto endpoint = endpoint_from_json(
      R"({"host":"login1","boot_id":"b1","pid":7,"socket":"/s/hpo.sock","version":"0.1.0"})",
      "endpoint.json");
  REQUIRE(endpoint);
  CHECK(is_on(*endpoint, {.name = "login1", .boot_id = "b2"}));
  CHECK(is_on(*endpoint, {.name = "container", .boot_id = "b1"}));
  CHECK_FALSE(is_on(*endpoint, {.name = "login2", .boot_id = "b2"}));
  const Failure failure = other_host(*endpoint, {"hpo", "best", "jets"});
  CHECK(failure.error.remedy == "ssh login1 hpo best jets");
  CHECK(other_host(*endpoint, {"hpo", "best", "a b"}).error.remedy ==
        R"(ssh login1 'hpo best '\''a b'\''')");
  CHECK(failure.exit_code == ExitCode::unreachable);
  CHECK_FALSE(endpoint_from_json("{}", "endpoint.json"));
}
