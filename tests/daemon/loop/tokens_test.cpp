// Who is let in by TCP: tokens that people ask for, and those of jobs that hpod starts itself.
#include "daemon/loop/tokens.hpp"

#include <catch2/catch.hpp>

#include "schema/connect_file.hpp"
#include "schema/decode/decode.hpp"
#include "tests/daemon/loop/rig.hpp"

using namespace hpo;
using test::Rig;

namespace {

StudySpec study_of(const std::string& executor) {
  return *decode_study(R"({"name":"jets","space":{"x":{"float":[0,1]}},"workdir":"/",)"
                       R"("objective":{"minimize":"loss"},"command":["train"],"executor":")" +
                       executor + R"(","budget":{"trials":3}})").spec;
}

const loop::IssueToken wish{"jets", std::string(64, 'a'), std::chrono::hours(1)};

}  // namespace

SCENARIO("a token is durable when the answer comes, and revoked with all others", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{study_of("external")}));
  const auto reply = rig.ask(wish);
  REQUIRE(reply);
  CHECK_THAT(reply->body, Catch::Contains("10.0.0.5:4711") && Catch::Contains("ffff"));
  CHECK_THAT(reply->body, !Catch::Contains("aaaa"));
  CHECK(rig.reader()->token(wish.sha256)->value().study == "jets");
  REQUIRE(rig.ask(loop::RevokeTokens{"jets"}));
  CHECK_FALSE(*rig.reader()->token(wish.sha256));
}

SCENARIO("a token that would open nothing is refused", "[loop]") {
  Rig rig;
  CHECK(rig.ask(wish).error().code == ErrorCode::not_found);
  REQUIRE(rig.ask(loop::SubmitStudy{study_of("local")}));
  CHECK_THAT(rig.ask(wish).error().remedy, Catch::Contains("external"));
  CHECK_FALSE(*rig.reader()->token(wish.sha256));
}

SCENARIO("a job's connect file holds a token whose hash alone is stored", "[loop]") {
  test::FreshDirectory directory;
  test::RigThreads threads;
  auto store = store::Store::open({.path = directory.path() + "/hpo.db"});
  REQUIRE(store);
  loop::Ledger ledger(**store, threads);
  loop::LoopConfig config;
  REQUIRE((*store)->begin());
  loop::StudyLoop& study = **ledger.create(study_of("external"), "hash");
  const auto issue = [&] {
    return loop::issue_connect_file(config, **store, ledger, study, std::chrono::hours(1));
  };
  CHECK_THAT(issue().error().remedy, Catch::Contains("tcp://"));  // hpod does not listen
  config.tcp_address = "10.0.0.5:4711";
  config.tcp_fingerprint = std::string(64, 'f');
  const auto one = issue();
  const auto two = issue();
  REQUIRE(one);
  REQUIRE(two);
  CHECK(*one != *two);
  const auto file = connect_file_from(*one, "f");
  REQUIRE(file);
  CHECK(file->study == "jets");
  CHECK(file->address.text() == "10.0.0.5:4711");
  CHECK(*(*store)->count_tokens(study.id()) == 2);
  CHECK(ledger.has_written());
  for (int i = 3; i < 10'000; ++i) {
    REQUIRE(ledger.keep_token(study, std::to_string(i), std::chrono::hours(1)));
  }
  CHECK(issue());  // the ten-thousandth
  CHECK(issue().error().code == ErrorCode::conflict);
}
