// What POST hands to the engine, and how the engine's answer comes back.
#include <catch2/catch.hpp>

#include "daemon/http/idempotency.hpp"
#include "daemon/loop/sha256.hpp"
#include "tests/daemon/http/server_fixture.hpp"

namespace hpo::http::test {
namespace {

std::string study_with(std::string_view from, std::string_view to) {
  std::string text = study_text;
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a submitted study reaches the engine decoded, its reply comes back as it is", "[http]") {
  Running running;
  running.sink.answer_with([](const loop::Command&) {
    return loop::Reply{.created = true, .body = R"({"name":"jets","created":true,"note":""})"};
  });
  const Answer answer = running.ask(post("/v1/studies", study_text));
  CHECK(answer.status == 201);
  CHECK(answer.body == R"({"name":"jets","created":true,"note":""})");
  CHECK(only_command<loop::SubmitStudy>(running).spec.space.size() == 2);
  CHECK_FALSE(running.sink.commands()[0].key);
}

TEST_CASE("commands carry what path and body say", "[http]") {
  Running running;
  SECTION("pause, with or without a body") {
    CHECK(running.ask(post("/v1/studies/jets:pause", "")).status == 200);
    CHECK(running.ask(post("/v1/studies/jets:pause", "{}")).status == 200);
    CHECK(running.ask("POST /v1/studies/jets:pause HTTP/1.1\r\nHost: x\r\n\r\n").status == 200);
    CHECK(running.sink.commands().size() == 3);
  }
  SECTION("resume") {
    running.ask(post("/v1/studies/jets:resume", ""));
    CHECK(only_command<loop::ResumeStudy>(running).study == "jets");
  }
  SECTION("cancel a study") {
    running.ask(post("/v1/studies/jets:cancel", ""));
    CHECK(only_command<loop::CancelStudy>(running).study == "jets");
  }
  SECTION("cancel a trial") {
    running.ask(post("/v1/studies/jets/trials/17:cancel", ""));
    CHECK(only_command<loop::CancelTrial>(running).trial == 17);
  }
  SECTION("retry all") {
    running.ask(post("/v1/studies/jets:retry", "{}"));
    CHECK(only_command<loop::RetryTrials>(running).trials.empty());
  }
  SECTION("retry some") {
    running.ask(post("/v1/studies/jets:retry", R"({"trials":[3,5]})"));
    CHECK(only_command<loop::RetryTrials>(running).trials == std::vector<int>{3, 5});
  }
  SECTION("one trial more") {
    running.ask(post("/v1/studies/jets/trials", R"({"params":{"lr":0.01}})"));
    const auto enqueue = only_command<loop::EnqueueTrials>(running);
    REQUIRE(enqueue.params.size() == 1);
    CHECK(enqueue.params[0].find("lr")->number == 0.01);
  }
  SECTION("two trials more") {
    running.ask(post("/v1/studies/jets/trials", R"({"params":[{"lr":0.01},{}]})"));
    CHECK(only_command<loop::EnqueueTrials>(running).params.size() == 2);
  }
}

TEST_CASE("a token is asked for by its hash and its time, at their limits", "[http]") {
  Running running;
  const std::string hash(64, 'a');
  const auto [body, status] = GENERATE_COPY(table<std::string, int>({
      {R"({"valid_s":1,"sha256":")" + hash + "\"}", 200},
      {R"({"valid_s":31622400,"sha256":")" + hash + "\"}", 200},
      {R"({"valid_s":31622401,"sha256":")" + hash + "\"}", 422},
      {R"({"valid_s":0,"sha256":")" + hash + "\"}", 422},
      {R"({"valid_s":1.5,"sha256":")" + hash + "\"}", 422},
      {R"({"sha256":")" + hash + "\"}", 422}, {R"({"valid_s":1})", 422},
      {R"({"valid_s":1,"sha256":"hpo_w_)" + hash + "\"}", 422},  // not the token itself
      {R"({"valid_s":1,"sha256":")" + hash + "a\"}", 422}}));
  CAPTURE(body);
  CHECK(running.ask(post("/v1/studies/jets/tokens", body)).status == status);
  CHECK(running.sink.commands().size() == (status == 200 ? 1U : 0U));
}

TEST_CASE("row 25: a write that throws answers 500 with its request, and the daemon lives",
          "[http]") {
  Running running;
  const std::string spaces(GENERATE(0U, 100'000U), ' ');  // the long one is decoded elsewhere
  running.sink.throw_at_post(true);
  const Answer answer = running.ask(post("/v1/studies", study_text + spaces));
  CHECK(answer.status == 500);
  CHECK(answer.json().find("instance")->string.find("request:") == 0);
  CHECK(answer.json().find("detail")->string.find("planted bug") != std::string::npos);
  running.sink.throw_at_post(false);
  CHECK(running.ask(post("/v1/studies", study_text + spaces)).status == 200);
}

TEST_CASE("bodies that mean nothing are refused with their place", "[http]") {
  Running running;
  const auto [target, body, status, pointer] =
      GENERATE(table<std::string, std::string, int, std::string>({
          {"/v1/studies/jets:pause", "{\"x\":1}", 422, "/x"},
          {"/v1/studies/jets:pause", "[]", 422, ""},
          {"/v1/studies/jets:pause", "{", 400, ""},
          {"/v1/studies/jets:retry", "{\"trials\":[]}", 422, "/trials"},
          {"/v1/studies/jets:retry", "{\"trials\":[1.5]}", 422, "/trials"},
          {"/v1/studies/jets:retry", "{\"trials\":[-1]}", 422, "/trials"},
          {"/v1/studies/jets:retry", "{\"trails\":[1]}", 422, "/trails"},
          {"/v1/studies/jets/trials", "{}", 422, ""},
          {"/v1/studies/jets/trials", "", 422, ""},
          {"/v1/studies/jets/trials", "{\"params\":[]}", 422, "/params"},
          {"/v1/studies/jets/trials", "{\"params\":[{},3]}", 422, "/params/1"},
          {"/v1/studies/jets/trials", "{\"params\":\"lr\"}", 422, "/params"}}));
  INFO(target << " " << body);
  const Answer answer = running.ask(post(target, body));
  CHECK(answer.status == status);
  const json::Node document = answer.json();
  const auto& errors = document.find("errors")->items;
  REQUIRE(errors.size() == 1);
  if (status == 422) CHECK(errors[0].find("pointer")->string == pointer);
  CHECK_FALSE(errors[0].find("suggestion")->string.empty());
  CHECK(running.sink.commands().empty());
}

TEST_CASE("a study with mistakes is refused with all of them, by submit and validate", "[http]") {
  Running running;
  const std::string target = GENERATE("/v1/studies", "/v1/validate");
  SECTION("what the decoder finds") {
    const Answer answer = running.ask(post(target, study_with("\"parallel\"", "\"paralel\"")));
    CHECK(answer.status == 422);
    CHECK(answer.json().find("errors")->items.at(0).find("line")->integer == 10);
  }
  SECTION("comments, which only files may have") {
    CHECK(running.ask(post(target, "// hi\n" + std::string(study_text))).status == 400);
  }
  SECTION("no workdir") {
    const Answer answer = running.ask(post(target, study_with("\"workdir\": \"/tmp\",", "")));
    CHECK(answer.status == 422);
    CHECK(answer.json().find("errors")->items.at(0).find("pointer")->string == "/workdir");
  }
  SECTION("a relative workdir") {
    const Answer answer = running.ask(post(target, study_with("\"/tmp\"", "\"tmp\"")));
    CHECK(answer.status == 422);
    const json::Node document = answer.json();
    const json::Node& error = document.find("errors")->items.at(0);
    CHECK(error.find("code")->string == "HPO-E0216");
    CHECK(error.find("pointer")->string == "/workdir");
    CHECK(error.find("line")->integer == 5);
    CHECK(error.find("column")->integer == 14);
  }
  SECTION("no text at all") { CHECK(running.ask(post(target, "")).status == 400); }
  CHECK(running.sink.commands().empty());
}

TEST_CASE("validate answers with the effective study and asks the engine nothing", "[http]") {
  Running running;
  const Answer answer = running.ask(post("/v1/validate", study_text));
  REQUIRE(answer.status == 200);
  const json::Node document = answer.json();
  CHECK(document.find("valid")->boolean);
  CHECK(document.find("study")->find("seed") != nullptr);
  CHECK(running.sink.commands().empty());
}

TEST_CASE("what the engine refuses becomes a status", "[http]") {
  Running running;
  const auto [code, status] = GENERATE(table<ErrorCode, int>({
      {ErrorCode::conflict, 409}, {ErrorCode::no_space, 507}, {ErrorCode::unavailable, 503},
      {ErrorCode::outcome_unknown, 503}, {ErrorCode::not_found, 404}}));
  running.sink.answer_with([code = code](const loop::Command&) {
    return Error{code, "what", "where", "remedy"};
  });
  const Answer answer = running.ask(post("/v1/studies/jets:pause", ""));
  CHECK(answer.status == status);
  CHECK(answer.header("Retry-After").empty() == (status != 503));
}

TEST_CASE("row 85: an idempotency key goes with the route and the hash of the body", "[http]") {
  Running running;
  const std::string key = "Idempotency-Key: 7f3a-1\r\n";
  running.ask(post("/v1/studies", study_text, key));
  running.ask(post("/v1/studies", std::string(study_text) + " ", key));
  running.ask(post("/v1/studies/jets:pause", "{}", key));
  const auto commands = running.sink.commands();
  REQUIRE(commands.size() == 3);
  for (const auto& command : commands) REQUIRE(command.key);
  CHECK(commands[0].key->key == "7f3a-1");
  CHECK(commands[0].key->route == "POST /v1/studies");
  CHECK(commands[0].key->body_hash == *loop::sha256_hex(study_text));
  CHECK(commands[1].key->body_hash != commands[0].key->body_hash);
  CHECK(commands[2].key->route == "POST /v1/studies/jets:pause");
}

TEST_CASE("row 85: the engine's refusal of a reused key is 422", "[http]") {
  Running running;
  running.sink.answer_with([](const loop::Command& command) -> Result<loop::Reply> {
    if (command.key && command.key->body_hash != *loop::sha256_hex("{}")) {
      return Error{ErrorCode::invalid_argument, "this key came with another body", "", "new key"};
    }
    return loop::Reply{.body = "{}"};
  });
  const std::string key = "Idempotency-Key: k\r\n";
  CHECK(running.ask(post("/v1/studies/jets:pause", "{}", key)).status == 200);
  CHECK(running.ask(post("/v1/studies/jets:pause", "{ }", key)).status == 422);
}

TEST_CASE("an idempotency key has 1 to 128 printable characters", "[http]") {
  Running running;
  const auto [key, status] = GENERATE(table<std::string, int>({
      {std::string(1, 'k'), 200}, {std::string(128, 'k'), 200}, {std::string(129, 'k'), 422},
      {"", 422}, {"a b", 422}, {"\xc3\xa4", 422}, {"~!", 200}}));
  INFO(key);
  CHECK(running.ask(post("/v1/studies/jets:pause", "", "Idempotency-Key: " + key + "\r\n"))
            .status == status);
}

TEST_CASE("sha256 is SHA-256", "[http]") {
  CHECK(*loop::sha256_hex("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace hpo::http::test
