// The whole runner as a process: every way in which a training can end, told as it should be.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "executors/runner/claim.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;
using test::Scene;
using test::shell;
using Catch::Contains;

TEST_CASE("a training that writes its objective is completed, other numbers are metrics",
          "[runner]") {
  Scene scene(shell(R"(echo '{"auc": 0.87, "n": 3, "note": "x"}' > "$HPO_RESULT_FILE")"));
  const Outcome outcome = scene.carry_out();
  CHECK(outcome.status == OutcomeStatus::completed);
  CHECK(outcome.value == 0.87);
  CHECK(outcome.metrics == std::map<std::string, double>{{"n", 3.0}});
  CHECK(outcome.exit_code == 0);
  CHECK_FALSE(outcome.failure);
  CHECK(outcome.started_ns > 0);
  CHECK(outcome.ended_ns >= outcome.started_ns);
  CHECK(test::exists(scene.ended() + "/" + scene.job.name));
}

TEST_CASE("the last hpo-result line of stdout counts when there is no file", "[runner]") {
  Scene scene(shell("echo 'hpo-result {\"auc\": 0.1}'; echo chatter; "
                    "printf 'hpo-result {\"auc\": 0.2}'"));
  CHECK(scene.carry_out().value == 0.2);
}

TEST_CASE("a result file wins over the line", "[runner]") {
  Scene scene(shell(R"(echo '{"auc": 1}' > $HPO_RESULT_FILE; echo 'hpo-result {"auc": 2}')"));
  CHECK(scene.carry_out().value == 1.0);
}

TEST_CASE("the line does not count where the study says so", "[runner]") {
  Scene scene(shell(R"(echo 'hpo-result {"auc": 2}')"));
  scene.spec.result.from_stdout = false;
  CHECK(scene.carry_out().failure == FailureClass::no_result);
}

TEST_CASE("every bad result has its class and its reason", "[runner]") {
  const auto [script, failure, reason] = GENERATE(table<std::string, FailureClass, std::string>({
      {"true", FailureClass::no_result, "expected: "},
      {R"(printf '{"auc": 0.8' > $HPO_RESULT_FILE)", FailureClass::bad_result, "line 1"},
      {": > $HPO_RESULT_FILE", FailureClass::bad_result, "empty"},
      {R"(echo '{"auc": NaN}' > $HPO_RESULT_FILE)", FailureClass::non_finite, "NaN"},
      {R"(echo '{"auc": -Infinity}' > $HPO_RESULT_FILE)", FailureClass::non_finite, "infinite"},
      {R"(echo '{"auc": 1e999}' > $HPO_RESULT_FILE)", FailureClass::non_finite, "infinite"},
      {R"(echo '{"auc": "0.87"}' > $HPO_RESULT_FILE)", FailureClass::bad_result, "without quotes"},
      {R"(echo '{"auc": null}' > $HPO_RESULT_FILE)", FailureClass::bad_result, "null"},
      {R"(echo '{"auc": [1]}' > $HPO_RESULT_FILE)", FailureClass::bad_result, "list"},
      {R"(echo '{"acu": 0.87, "n": 1}' > $HPO_RESULT_FILE)", FailureClass::bad_result,
       "did you mean \"acu\""},
      {R"(echo '{"auc": 1, "auc": 2}' > $HPO_RESULT_FILE)", FailureClass::bad_result, "auc"},
      {R"(echo '[0.87]' > $HPO_RESULT_FILE)", FailureClass::bad_result, "no JSON object"},
      {R"(printf '{"auc": 1, "a\377": 2}' > $HPO_RESULT_FILE)", FailureClass::bad_result, "line 1"},
      {R"(printf '{"auc": 1\000}' > $HPO_RESULT_FILE)", FailureClass::bad_result, "line 1"},
      {R"(echo '{"values": {"auc": 1}, "status": "done"}' > $HPO_RESULT_FILE)",
       FailureClass::bad_result, "completed, pruned, infeasible or failed"},
      {"head -c 10485760 /dev/zero > $HPO_RESULT_FILE", FailureClass::bad_result, "10485760 bytes"},
      {"ln -s /etc/passwd $HPO_RESULT_FILE", FailureClass::bad_result, "symbolic link"},
      {"ln -s /nowhere $HPO_RESULT_FILE", FailureClass::bad_result, "symbolic link"},
      {"mkdir $HPO_RESULT_FILE", FailureClass::bad_result, "directory"},
      {"mkfifo $HPO_RESULT_FILE", FailureClass::bad_result, "named pipe"},
      {"echo hpo-result 0.87", FailureClass::bad_result, "no JSON object"},
      {R"(echo 'hpo-result {"auc": 0.')", FailureClass::bad_result,
       "print the whole line at once, its object as json.dumps() writes it"},
      {"echo 'hpo-result '", FailureClass::bad_result, "on the same line"},
  }));
  INFO(script);
  Scene scene(shell(script));
  const Outcome outcome = scene.carry_out();
  INFO(outcome.message);
  CHECK(outcome.status == OutcomeStatus::failed);
  CHECK(outcome.failure == failure);
  CHECK_FALSE(outcome.value);
  CHECK_THAT(outcome.message, Contains(reason));
}

TEST_CASE("no result: the message names the path, the files, stderr and the remedy", "[runner]") {
  Scene scene(shell("echo 'saving to out.json' >&2; echo 1 > out.json; "
                    "echo 1 > \"$HPO_TRIAL_DIR/model.pt\""));
  const std::string message = scene.carry_out().message;
  CHECK_THAT(message, Contains(scene.file("result.json")));
  CHECK_THAT(message, Contains("model.pt"));
  CHECK_THAT(message, Contains("out.json"));
  CHECK_THAT(message, Contains("saving to out.json"));
  CHECK_THAT(message, Contains("HPO_RESULT_FILE"));
}

TEST_CASE("a failure's message ends with the last 20 lines of stderr, cleaned and bounded",
          "[runner]") {
  Scene scene(shell(R"(i=0; while [ $i -lt 50 ]; do echo "line $i" >&2; i=$((i+1)); done
      printf 'red \033[31m bell \007\n' >&2; exit 1)"));
  const std::string message = scene.carry_out().message;
  CHECK_THAT(message, !Contains("line 30\n"));
  CHECK_THAT(message, Contains("line 31\n"));
  CHECK_THAT(message, Contains("red ?[31m bell ?"));

  Scene wide(shell("head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1"));
  CHECK(wide.carry_out().message.size() < 5000);
}

TEST_CASE("exit codes: 3 infeasible, 4 pruned, 75 asks for another attempt, others fail",
          "[runner]") {
  const auto [code, status, retry] = GENERATE(table<int, OutcomeStatus, bool>({
      {3, OutcomeStatus::infeasible, false}, {4, OutcomeStatus::pruned, false},
      {75, OutcomeStatus::failed, true}, {1, OutcomeStatus::failed, false},
      {137, OutcomeStatus::failed, false}, {255, OutcomeStatus::failed, false}}));
  Scene scene(shell(R"(echo '{"auc": 0.5}' > $HPO_RESULT_FILE; exit )" + std::to_string(code)));
  const Outcome outcome = scene.carry_out();
  CHECK(outcome.status == status);
  CHECK(outcome.exit_code == code);
  CHECK(outcome.retry_asked == retry);
  CHECK(outcome.failure.has_value() == (status == OutcomeStatus::failed));
  CHECK_FALSE(outcome.value);
  CHECK(outcome.metrics.at("auc") == 0.5);  // seen, not counted
}

TEST_CASE("a status in the result of a training that exits with 0 is honoured", "[runner]") {
  const auto [word, status] = GENERATE(table<std::string, OutcomeStatus>({
      {"completed", OutcomeStatus::completed}, {"pruned", OutcomeStatus::pruned},
      {"infeasible", OutcomeStatus::infeasible}, {"failed", OutcomeStatus::failed}}));
  Scene scene(shell(R"(echo '{"values": {"auc": 0.5}, "status": ")" + word +
                    R"(", "message": "because"}' > $HPO_RESULT_FILE)"));
  const Outcome outcome = scene.carry_out();
  CHECK(outcome.status == status);
  CHECK_THAT(outcome.message, Contains("because"));
  CHECK(outcome.value.has_value() == (status == OutcomeStatus::completed));
}

TEST_CASE("a training ended by a signal says which", "[runner]") {
  const auto [name, number] = GENERATE(table<std::string, int>({
      {"SEGV", SIGSEGV}, {"KILL", SIGKILL}, {"ABRT", SIGABRT}}));
  Scene scene(shell("ulimit -c 0; kill -" + name + " $$"));
  const Outcome outcome = scene.carry_out();
  CHECK(outcome.failure == FailureClass::signal);
  CHECK(outcome.signal == number);
  CHECK_FALSE(outcome.exit_code);
  CHECK_THAT(outcome.message, Contains("SIG" + name));
}

TEST_CASE("a command that cannot be executed says what was looked for and how to mend it",
          "[runner]") {
  struct Case { std::vector<std::string> command; std::string reason; };
  const Case one = GENERATE(
      Case{{"no-such-program-here"}, "PATH /usr/local/bin"},
      Case{{"./missing.py"}, "/training/./missing.py"},
      Case{{"./plain.txt"}, "chmod +x"},
      Case{{"./no-interpreter"}, "first line"},
      Case{{"./garbage"}, "no program"},
      Case{{"."}, "not found"},
      Case{{"/usr"}, "directory"},
      Case{{"here.py"}, "./here.py"},
      Case{{""}, "empty"},
      Case{{"true", "{widht}"}, "{width}"},
      Case{{"true", std::string(131072, 'x')}, "131072 bytes"});
  INFO(one.command.back().substr(0, 40));
  Scene scene(one.command);
  test::write(scene.workdir() + "/plain.txt", "hello");
  test::write(scene.workdir() + "/here.py", "#!/bin/sh\n");
  test::write(scene.workdir() + "/no-interpreter", "#!/no/such/interpreter\n");
  test::write(scene.workdir() + "/garbage", "\x01\x02 no program");
  for (const char* name : {"/no-interpreter", "/garbage"}) {
    ::chmod((scene.workdir() + name).c_str(), 0755);
  }
  const Outcome outcome = scene.carry_out();
  INFO(outcome.message);
  CHECK(outcome.failure == FailureClass::spawn_failed);
  CHECK_THAT(outcome.message, Contains(one.reason));
  CHECK(test::exists(scene.ended() + "/" + scene.job.name));
}

TEST_CASE("a missing working directory is told by its path", "[runner]") {
  Scene scene({"true"});
  scene.spec.workdir = scene.workdir() + "/gone";
  const Outcome outcome = scene.carry_out();
  CHECK(outcome.failure == FailureClass::spawn_failed);
  CHECK_THAT(outcome.message, Contains("/training/gone"));
}

TEST_CASE("a result file with placeholders lies below workdir", "[runner]") {
  Scene scene(shell("mkdir out; echo '{\"auc\": 4}' > out/t3-0.001.json; "
                    "test {result_file} = \"$HPO_RESULT_FILE\""));
  scene.spec.result.file = "out/t{trial}-{lr}.json";
  CHECK(scene.carry_out().value == 4.0);
}

TEST_CASE("another trial's result in the same place does not count", "[runner]") {
  Scene scene({"true"});
  scene.spec.result.file = "result.json";
  test::write(scene.workdir() + "/result.json", R"({"auc": 0.99})");
  const Outcome outcome = scene.carry_out();
  CHECK(outcome.failure == FailureClass::no_result);
  CHECK_THAT(outcome.message, Contains("older than this attempt") && Contains("{trial}"));
}

TEST_CASE("values reach argv, environment and file byte for byte, past every shell", "[runner]") {
  const std::string wild = "-rf $(touch pwned) `id` ; '\" * \\ 🎉 {x}";
  Scene scene({"/usr/bin/env", "python3", "-c",
               "import json, os, sys;"
               "p = json.load(open(os.environ['HPO_PARAMS_FILE']))['params'];"
               "ok = sys.argv[1] == os.environ['HPO_P_OPT_NAME'] == p['opt.name'];"
               "n = len(sys.argv[1].encode());"
               "print('hpo-result', json.dumps({{'auc': float(ok), 'n': n}}))",
               "{opt.name}"});
  scene.spec.params = R"({"opt.name": "-rf $(touch pwned) `id` ; '\" * \\ 🎉 {x}\nline"})";
  const Outcome outcome = scene.carry_out();
  INFO(outcome.message);
  CHECK(outcome.value == 1.0);
  CHECK(outcome.metrics.at("n") == static_cast<double>(wild.size() + 5));
  CHECK_FALSE(test::exists(scene.workdir() + "/pwned"));
}

TEST_CASE("the environment is the study's and HPO_…, nothing of the runner's own", "[runner]") {
  ::setenv("HPO_TEST_LEAK", "secret", 1);
  Scene scene({"/usr/bin/env"});
  scene.spec.hides_devices = true;
  scene.spec.devices = {1, 3};
  scene.spec.checkpoint_from = "/old/checkpoint";
  scene.spec.fidelity_max = 81;
  scene.carry_out();
  ::unsetenv("HPO_TEST_LEAK");
  const std::string text = test::read(scene.file("stdout"));
  CHECK_THAT(text, !Contains("HPO_TEST_LEAK"));
  for (const std::string line :
       {"HPO_STUDY=jets", "HPO_TRIAL=3", "HPO_ATTEMPT=1", "HPO_SEED=42", "HPO_SLOT=0",
        "HPO_P_LR=0.001", "HPO_P_WIDTH=64", "HPO_P_BIAS=true", "HPO_P_ACT=relu",
        "CUDA_VISIBLE_DEVICES=1,3", "HPO_CHECKPOINT_FROM=/old/checkpoint", "HPO_FIDELITY_MAX=81"}) {
    CHECK_THAT("\n" + text, Contains("\n" + line + "\n"));
  }
  CHECK_THAT(text, Contains("HPO_JOB=" + scene.job.name));
  CHECK_THAT(text, Contains("HPO_STOP_FILE=" + scene.file("stop")));
}

TEST_CASE("params above 64 KiB stay in the file only, with a note", "[runner]") {
  Scene scene(shell(R"(test -z "${HPO_P_BIG+x}" && echo 'hpo-result {"auc": 1}')"));
  scene.spec.params = R"({"big": ")" + std::string(200'000, 'x') + R"("})";
  CHECK(scene.carry_out().value == 1.0);
  CHECK_THAT(test::read(scene.file("stderr")), Contains("HPO_P_"));
  CHECK(test::size_of(scene.file("params.json")) > 200'000);
}

TEST_CASE("a training finds its checkpoint directory made", "[runner]") {
  Scene scene(shell(R"(echo w > "$HPO_CHECKPOINT_DIR/weights"; echo 'hpo-result {"auc": 1}')"));
  scene.carry_out();
  CHECK(test::read(scene.directory() + "/../checkpoint/1/weights") == "w\n");
}

TEST_CASE("a directory without attempt.json is unusable: exit code 1 and nothing written",
          "[runner]") {
  Scene scene({"true"});
  CHECK(test::wait_for(scene.start()) == 1);
  CHECK_FALSE(test::exists(scene.file("exit.json")));
}

TEST_CASE("a job of a batch system keeps what its script has set, the study's values win",
          "[runner]") {
  ::setenv("HPO_TEST_OF_SCRIPT", "module", 1);
  ::setenv("HPO_TEST_OF_BOTH", "module", 1);
  Scene scene({"env"});
  scene.spec.adds_to_own = true;
  scene.spec.environment = {{"HPO_TEST_OF_BOTH", "study"}};
  scene.carry_out();
  ::unsetenv("HPO_TEST_OF_SCRIPT");
  ::unsetenv("HPO_TEST_OF_BOTH");
  const std::string text = "\n" + test::read(scene.file("stdout"));
  CHECK_THAT(text, Contains("\nHPO_TEST_OF_SCRIPT=module\n"));
  CHECK_THAT(text, Contains("\nHPO_TEST_OF_BOTH=study\n"));
  CHECK_THAT(text, Contains("\nHPO_JOB=" + scene.job.name + "\n"));
}

TEST_CASE("the claim names the job in its batch system, by the variable that has its id",
          "[runner]") {
  ::setenv("HPO_TEST_JOB_ID", "4711", 1);
  Scene scene({"true"});
  scene.spec.id_variable = GENERATE("HPO_TEST_JOB_ID", "HPO_TEST_NO_SUCH", "");
  scene.carry_out();
  ::unsetenv("HPO_TEST_JOB_ID");
  const auto claim = runner::read_claim(scene.directory());
  REQUIRE(claim);
  REQUIRE(*claim);
  CHECK((*claim)->native_id == (scene.spec.id_variable == "HPO_TEST_JOB_ID" ? "4711" : ""));
  CHECK((*claim)->identity == scene.job.identity);
}
