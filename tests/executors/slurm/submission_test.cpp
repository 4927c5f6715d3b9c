// sbatch's answers: what a real Slurm printed, and what newer ones are known to print.
#include <map>
#include <sstream>

#include <catch2/catch.hpp>

#include "executors/slurm/submission.hpp"
#include "executors/slurm/submission_texts.hpp"
#include "tests/executors/slurm/recorded.hpp"

using namespace hpo;
using namespace hpo::slurm;

namespace {

const std::map<std::string, SubmitAnswer> answers{
    {"accepted", SubmitAnswer::accepted}, {"refused", SubmitAnswer::refused},
    {"put_off", SubmitAnswer::put_off},   {"not_submitted", SubmitAnswer::not_submitted},
    {"unclear", SubmitAnswer::unclear}};

struct Case {
  std::string title{};
  SubmitAnswer answer = SubmitAnswer::unclear;
  std::string where = "sbatch";
  CommandEnd end{};
  std::string output{};
  std::string error{};
};

CommandEnd end_of(const std::string& text) {
  if (text == "timeout") return {.exit_code = {}, .signal = 9, .is_timed_out = true};
  const int code = std::stoi(text);
  if (code < 0) return {.exit_code = {}, .signal = -code};
  return {.exit_code = code, .signal = {}};
}

std::vector<Case> cases_of(const std::string& text) {
  std::vector<Case> cases;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::string key = line.substr(0, line.find(' '));
    const std::string value = line.substr(std::min(key.size() + 1, line.size()));
    if (key == "==") cases.push_back({.title = value});
    Case& last = cases.back();
    if (key == "want") {
      const std::size_t space = std::min(value.find(' '), value.size());
      last.answer = answers.at(value.substr(0, space));
      last.where += value.substr(space);
    }
    if (key == "end") last.end = end_of(value);
    if (key == "out") last.output += value + "\n";
    if (key == "err") last.error += value + "\n";
  }
  return cases;
}

ErrorCode code_for(SubmitAnswer answer) {
  if (answer == SubmitAnswer::refused) return ErrorCode::invalid_argument;
  return answer == SubmitAnswer::unclear ? ErrorCode::outcome_unknown : ErrorCode::unavailable;
}

SubmitReading read(const CommandEnd& end, const std::string& output, const std::string& error) {
  return read_submission(end, output, error);
}

}  // namespace

TEST_CASE("sbatch: each recorded answer is read as what it was", "[slurm]") {
  for (const std::string& file : recorded_names("submission_")) {
    for (const Case& each : cases_of(recorded(file))) {
      INFO(file << ": " << each.title);
      const SubmitReading reading = read(each.end, each.output, each.error);
      CHECK(reading.answer == each.answer);
      CHECK(reading.id.empty() == (each.answer != SubmitAnswer::accepted));
      if (each.answer == SubmitAnswer::accepted) continue;
      INFO(reading.error.what);
      CHECK(reading.error.code == code_for(each.answer));
      CHECK(reading.error.where == each.where);
      CHECK_FALSE(reading.error.remedy.empty());
      if (each.error.empty()) continue;
      const std::string last = each.error.substr(each.error.rfind(' ', each.error.size() - 2) + 1);
      CHECK(reading.error.what.find(last.substr(0, last.size() - 1)) != std::string::npos);
    }
  }
}

TEST_CASE("sbatch: no text of the table stands in the shadow of another", "[slurm]") {
  for (const SubmissionText& row : submission_texts()) {
    INFO(row.text);
    const std::string error = "sbatch: error: " + std::string(row.text) + "\n";
    const SubmitReading reading = read({.exit_code = 1, .signal = {}}, "", error);
    CHECK(reading.answer == row.answer);
    CHECK(reading.error.what.starts_with(row.what));
    CHECK(reading.error.remedy == row.remedy);
    CHECK(row.answer != SubmitAnswer::accepted);
    CHECK_FALSE(row.remedy.empty());
  }
}

TEST_CASE("sbatch: a refusal says what, where and how to mend it", "[slurm]") {
  const SubmitReading reading = read({.exit_code = 1, .signal = {}}, "",
      "sbatch: error: Batch job submission failed: Invalid qos specification\n");
  CHECK(reading.error == Error{ErrorCode::invalid_argument,
      "you may not use this QOS: \"Batch job submission failed: Invalid qos specification\"",
      "sbatch --qos",
      "'sacctmgr show assoc user=$USER format=account,partition,qos' lists what you may use"});
}

TEST_CASE("sbatch: a doubt outweighs a refusal in the same output", "[slurm]") {
  const SubmitReading reading = read({.exit_code = 1, .signal = {}}, "",
      "sbatch: error: Socket timed out on send/recv operation\n"
      "sbatch: error: Batch job submission failed: Invalid qos specification\n");
  CHECK(reading.answer == SubmitAnswer::unclear);
}

TEST_CASE("sbatch: what it prints is cleaned and cut before it is quoted", "[slurm]") {
  const SubmitReading reading = read({.exit_code = 1, .signal = {}}, "",
      "sbatch: error: \x1b[31m" + std::string(100'000, 'x') + "\n");
  CHECK(reading.answer == SubmitAnswer::unclear);
  CHECK(reading.error.what.size() < 1000);
  CHECK(reading.error.what.find('\x1b') == std::string::npos);
}

TEST_CASE("sbatch: an id is a number, with or without a cluster", "[slurm]") {
  const auto [output, id] = GENERATE(table<std::string, std::string>({
      {"13\n", "13"}, {"13", "13"}, {"129;hpotest\n", "129"}, {"4294967295\n", "4294967295"},
      {"", ""}, {"\n", ""}, {";hpotest\n", ""}, {"0\n", ""}, {"-1\n", ""}, {"13 \n", ""},
      {"Submitted batch job 13\n", ""}, {"a banner\n13\n", ""}, {"13\n14\n", ""},
      {"13;a\n14\n", ""}, {"9999999999999999999\n", ""}}));
  INFO(output);
  CHECK(job_id_of(output) == id);
}
