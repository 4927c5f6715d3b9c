// Who is let in by TCP: tokens that people ask for, and those of jobs that hpod starts itself.
#include "daemon/loop/tokens.hpp"

#include <catch2/catch.hpp>

#include "daemon/loop/sha256.hpp"
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
  REQUIRE(rig.ask(loop::SubmitStudy{study_of("simulated")}));  // one that the rig has
  CHECK_THAT(rig.ask(wish).error().remedy, Catch::Contains("external"));
  CHECK_FALSE(*rig.reader()->token(wish.sha256));
}

SCENARIO("a worker job's token lives with the job, and its hash alone is stored", "[loop]") {
  test::FreshDirectory directory;
  test::RigThreads threads;
  auto store = store::Store::open({.path = directory.path() + "/hpo.db"});
  REQUIRE(store);
  const auto reader = store::Reader::open(directory.path() + "/hpo.db");
  REQUIRE(reader);
  loop::Ledger ledger(**store, threads);
  const loop::LoopConfig config{.tcp_address = "10.0.0.5:4711",
                                .tcp_fingerprint = std::string(64, 'f'),
                                .tcp_job_secret = std::string(32, 's')};
  StudySpec spec = study_of("external");
  spec.executor.type = "slurm";
  spec.executor.time = std::chrono::hours(2);
  REQUIRE((*store)->begin());
  loop::StudyLoop& study = **ledger.create(spec, "hash");
  REQUIRE((*store)->commit());
  WorkerJob worker;
  worker.attempt.job = "hpoabcdefghijkl";
  const auto file = connect_file_from(
      loop::connect_file_of_job(config, "jets", worker.attempt.job), "f");
  REQUIRE(file);
  CHECK(file->study == "jets");
  CHECK(file->address.text() == "10.0.0.5:4711");
  const auto left = [&](AttemptState state) {
    worker.attempt.state = state;
    REQUIRE((*store)->begin());
    REQUIRE(loop::follow_worker_job(config, **store, study, worker));
    REQUIRE((*store)->commit());
    const auto row = (*reader)->token(*loop::sha256_hex(file->token));
    REQUIRE(row);
    return *row ? (*row)->left : std::chrono::seconds(0);
  };
  CHECK(left(AttemptState::submitting) > std::chrono::hours(24 * 29));  // queues are long
  CHECK(left(AttemptState::running) <= std::chrono::hours(3));
  CHECK(left(AttemptState::running) > std::chrono::minutes(179));
  CHECK(left(AttemptState::failed) == std::chrono::seconds(0));
  CHECK(*(*store)->count_tokens(study.id()) == 0);
}

TEST_CASE("no two jobs, and no two daemons, make the same token", "[loop]") {
  loop::LoopConfig config{.tcp_address = "10.0.0.5:4711", .tcp_fingerprint = std::string(64, 'f'),
                          .tcp_job_secret = std::string(32, 's')};
  const std::string one = loop::connect_file_of_job(config, "jets", "hpoaaaaaaaaaaaa");
  CHECK(loop::connect_file_of_job(config, "jets", "hpoaaaaaaaaaaaa") == one);
  CHECK(loop::connect_file_of_job(config, "jets", "hpoaaaaaaaaaaab") != one);
  config.tcp_job_secret = std::string(32, 't');
  CHECK(loop::connect_file_of_job(config, "jets", "hpoaaaaaaaaaaaa") != one);
  config.tcp_address.clear();  // hpod does not listen
  CHECK(loop::connect_file_of_job(config, "jets", "hpoaaaaaaaaaaaa").empty());
}

SCENARIO("people have ten thousand tokens of a study at most", "[loop]") {
  test::FreshDirectory directory;
  test::RigThreads threads;
  auto store = store::Store::open({.path = directory.path() + "/hpo.db"});
  REQUIRE(store);
  loop::Ledger ledger(**store, threads);
  const loop::LoopConfig config{.tcp_address = "10.0.0.5:4711"};
  REQUIRE((*store)->begin());
  loop::StudyLoop& study = **ledger.create(study_of("external"), "hash");
  for (int i = 1; i < 10'000; ++i) {
    REQUIRE(ledger.keep_token(study, std::to_string(i), std::chrono::hours(1)));
  }
  CHECK(loop::check_token_wish(config, **store, study));  // the ten-thousandth
  REQUIRE(ledger.keep_token(study, "10000", std::chrono::hours(1)));
  CHECK(loop::check_token_wish(config, **store, study).error().code == ErrorCode::conflict);
  CHECK_THAT(loop::check_token_wish({}, **store, study).error().remedy,
             Catch::Contains("tcp://"));  // hpod does not listen
}
