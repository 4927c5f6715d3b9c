// What status is told of trials whose workers hold them.
#include <catch2/catch.hpp>

#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"
#include "tests/daemon/loop/rig.hpp"

using namespace hpo;

SCENARIO("a trial counts as loading while its worker says so", "[loop]") {
  test::Rig rig;
  const auto decoded = decode_study(
      R"({"name":"warm","space":{"x":{"float":[0,1]}},"workdir":"/","strategy":"sobol",)"
      R"("objective":{"minimize":"loss"},"executor":{"type":"external","lease":"1h"},)"
      R"("parallel":2,"budget":{"trials":2}})");
  REQUIRE(rig.ask(loop::SubmitStudy{*decoded.spec}));
  loop::Exchange said{.study = "warm", .worker = "w", .slots = 2,
                      .holds = std::vector<loop::Held>{}, .start = 2,
                      .wait = std::chrono::seconds(20)};
  const auto reply = rig.ask(said);
  REQUIRE(reply);
  const auto root = *json::parse_own(reply->body, "reply");
  for (const json::Node& item : root.find("trials")->items) {
    said.holds->push_back({static_cast<int>(json::integer_at(item, "trial")),
                           json::integer_at(item, "fence"), said.holds->empty()});
  }
  CHECK(rig.loading("warm") == 0);
  said.start = 0;
  said.wait = {};
  while (rig.loading("warm") != 1) REQUIRE(rig.ask(said));  // it is counted once a second
  CHECK(rig.unheard("warm") == 0);
}
