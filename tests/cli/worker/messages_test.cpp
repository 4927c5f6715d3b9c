// The wire, as the daemon reads and writes it.
#include "cli/worker/messages.hpp"

#include <catch2/catch.hpp>

using namespace hpo;
using namespace hpo::cli::worker;
using namespace std::chrono_literals;

TEST_CASE("a request has what it holds and what there is to say", "[worker]") {
  CHECK(to_json(Request{.slots = 2, .start = 1, .ahead = 1, .wait = 20s}) ==
        R"({"slots":2,"holds":[],"start":1,"ahead":1,"wait_ms":20000})");
  Outcome outcome;
  outcome.status = OutcomeStatus::completed;
  outcome.value = 0.5;
  Request request{.slots = 1, .holds = {{7, 1}}, .ended = {{{5, 2}, outcome}}};
  request.started = {{7, 1}};
  request.returned = {{8, 3}};
  request.reports = {{{7, 1}, {3, {{"auc", 0.8}}}}};
  const std::string text = to_json(request);
  CHECK(text.find(R"("holds":[{"trial":7,"fence":1}])") != std::string::npos);
  CHECK(text.find(R"("ended":[{"trial":5,"fence":2,"outcome":{"status":"completed")") !=
        std::string::npos);
  CHECK(text.find(R"("started":[{"trial":7,"fence":1}],"returned":[{"trial":8,"fence":3}])") !=
        std::string::npos);
  CHECK(text.find("unread") == std::string::npos);
  request.reports[0].report.unread = "line 3 is none";
  CHECK(text.find("left_out") == std::string::npos);
  request.reports[0].report.skipped = "more";
  request.reports[0].report.left_out = 6;
  CHECK(to_json(request).find(R"("unread":"line 3 is none","skipped":"more","left_out":6}])") !=
        std::string::npos);
  CHECK(text.find(R"("reports":[{"trial":7,"fence":1,"step":3,"metrics":{"auc":0.8}}])") !=
        std::string::npos);
}

TEST_CASE("a reply is read, params byte for byte", "[worker]") {
  const auto reply = reply_from_json(R"({"state":"running","lease_s":1.5,"trials":[
    {"trial":9,"attempt":2,"fence":3,"is_started":true,"job":"hpoaaaa","identity":"i",
     "params":{"lr":1e-4, "n":3},"seed":4294967297,"command":["a","b"],"checkpoint_from":"/c"},
    {"trial":10,"fence":1,"attempt":1,"params":{},"seed":"18446744073709551615"}],
    "stop":[{"trial":7,"fence":1,"reason":"pruned"}],
    "dropped":[{"trial":8,"fence":1,"reason":"late"}],"wait_ms":50,"new":{}})");
  REQUIRE(reply);
  CHECK(reply->lease == 1500ms);
  CHECK(reply->wait == 50ms);
  REQUIRE(reply->trials.size() == 2);
  CHECK(reply->trials[0] == LeasedTrial{.key = {9, 3}, .attempt = 2, .is_started = true,
                                        .job = "hpoaaaa", .identity = "i",
                                        .params = R"({"lr":1e-4, "n":3})", .seed = 4294967297U,
                                        .command = {"a", "b"}, .checkpoint_from = "/c"});
  CHECK(reply->trials[1].seed == 18446744073709551615U);
  CHECK_FALSE(reply->trials[1].is_started);
  CHECK(reply->stops.at(0).reason == "pruned");
  CHECK(reply->dropped.at(0).key == LeaseKey{8, 1});
}

TEST_CASE("what is no reply is told as another version's", "[worker]") {
  const std::string text = GENERATE(
      R"({)", R"([])", R"({"state":"running"})", R"({"state":"odd","lease_s":1})",
      R"({"state":"running","lease_s":0})", R"({"state":"running","lease_s":"2m"})",
      R"({"state":"running","lease_s":1e300})",
      R"({"state":"running","lease_s":1,"trials":[{"trial":1}]})");
  INFO(text);
  const auto reply = reply_from_json(text);
  REQUIRE_FALSE(reply);
  CHECK(reply.error().remedy.find("hpo version") != std::string::npos);
}
