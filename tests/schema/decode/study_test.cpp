// decode_study as a whole: defaults, limits, round trip, and text of any kind.
#include <catch2/catch.hpp>
#include <random>

#include "schema/codec/codec.hpp"
#include "tests/cpu_time.hpp"
#include "tests/schema/decode/files.hpp"
#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

TEST_CASE("the smallest study has all its defaults", "[decode]") {
  const DecodedStudy decoded = decode_study(test::read_file("good/smallest.json"));
  REQUIRE(decoded.spec);
  const StudySpec& spec = *decoded.spec;
  CHECK(spec.name == "toy");
  CHECK(spec.space.size() == 2);
  CHECK(spec.objective.metric == "loss");
  CHECK(spec.objective.direction == Direction::minimize);
  CHECK(spec.objective.noise == Noise::low);
  CHECK(spec.command == std::vector<std::string>{"python3", "train.py"});
  CHECK(spec.workdir.empty());
  CHECK(spec.strategy.type == "auto");
  CHECK(spec.executor.type == "local");
  CHECK_FALSE(spec.executor.slots);
  CHECK(spec.budget.trials == 100);
  CHECK_FALSE(spec.budget.time);
  CHECK(spec.budget.max_failures == 20);
  CHECK(spec.parallel == 1);
  CHECK(spec.seed == 0);
  CHECK(spec.retry.max == 2);
  CHECK(spec.retry.on.size() == 4);
  CHECK(spec.initial.empty());
  CHECK(spec.result.file.empty());
  CHECK(spec.result.from_stdout);
  CHECK(spec.result.bytes_max == 1 << 20);
}

TEST_CASE("every key is kept", "[decode]") {
  const DecodedStudy decoded = decode_study(test::read_file("good/every-key.json"));
  REQUIRE(decoded.spec);
  const StudySpec& spec = *decoded.spec;
  CHECK(spec.tags.size() == 3);
  CHECK(spec.seed == 9223372036854775807U);
  CHECK(spec.budget.time == std::chrono::seconds(129600));
  CHECK(spec.executor.time == std::chrono::seconds(93784));
  CHECK(spec.executor.grace == std::chrono::seconds(0));
  CHECK(spec.environment.captured.at("PATH") == "/usr/bin:/bin");
  REQUIRE(spec.initial.size() == 2);
  CHECK(spec.initial[0][0] == ParamValue(0.01));
  CHECK(spec.initial[0][6] == ParamValue(std::int64_t{64}));
  CHECK(spec.initial[1] == *spec.space.defaults());
  CHECK(spec.extras.at("x-ticket") == R"({"id":"CALO-1234","list":[1,2.5,null,true,"a"]})");
}

TEST_CASE("the effective study reads back equal", "[decode]") {
  for (const std::string& name : test::list_files("good", ".json")) {
    const DecodedStudy once = decode_study(test::read_file("good/" + name));
    REQUIRE(once.spec);
    const std::string text = study_to_json(*once.spec);
    INFO(name << " " << text);
    const DecodedStudy twice = decode_study(text, {.comments = false});
    CHECK(codes(twice) == codes(once));
    REQUIRE(twice.spec);
    CHECK(study_to_json(*twice.spec) == text);
    CHECK(twice.spec->initial == once.spec->initial);
    CHECK(twice.spec->extras == once.spec->extras);
  }
}

TEST_CASE("limits of the top level hold at the limit and refuse one past it", "[decode]") {
  const auto [extra, code] = GENERATE(table<std::string, std::string>({
      {R"("parallel": 1)", ""}, {R"("parallel": 0)", "E0105"},
      {R"("parallel": 100000)", ""}, {R"("parallel": 100001)", "E0105"},
      {R"("seed": 0)", ""}, {R"("seed": -1)", "E0105"},
      {R"("seed": 9223372036854775807)", ""}, {R"("seed": 9223372036854775808)", "E0006"},
      {R"("version": 1)", ""}, {R"("version": 2)", "E0105"}, {R"("version": 0)", "E0105"}}));
  CAPTURE(extra);
  CHECK(codes(study(extra)) == (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("32 tags are fine, 33 are too many", "[decode]") {
  const auto tags = [](int count) {
    std::string list;
    for (int i = 0; i < count; ++i) list += (i == 0 ? "\"t" : ", \"t") + std::to_string(i) + "\"";
    return codes(study("\"tags\": [" + list + "]"));
  };
  CHECK(tags(32) == test::none);
  CHECK(tags(33) == Codes{"E0109"});
}

TEST_CASE("what is missing is named", "[decode]") {
  CHECK(codes("{}") == Codes{"E0102", "E0102", "E0102", "E0102"});
  CHECK(codes("[]") == Codes{"E0103"});
  CHECK(codes("7") == Codes{"E0103"});
  CHECK(codes("") == Codes{"E0007"});
}

TEST_CASE("comments are for files, not for REST", "[decode]") {
  const std::string text = test::read_file("good/comments.json");
  CHECK(decode_study(text).spec);
  CHECK(codes(decode_study(text, {.comments = false})) == Codes{"E0001"});
}

TEST_CASE("a text at the limit is read, one byte more is not", "[decode]") {
  const std::string text = study();
  CHECK(decode_study(text, {.bytes_max = text.size()}).spec);
  CHECK(codes(decode_study(text, {.bytes_max = text.size() - 1})) == Codes{"E0002"});
}

TEST_CASE("the embedded JSON Schema is the file", "[decode]") {
  CHECK(study_schema() == test::read_source("schema/json/study.schema.json"));
  CHECK(json::parse(study_schema()).problems.empty());
}

namespace {

std::string mutated(std::string text, std::mt19937_64& random) {
  static const std::string bytes = "{}[]\",:0123456789-+.eE\\ \n\tatrufelsn{}{lr}\xff\x01";
  const int count = 1 + static_cast<int>(random() % 4);
  for (int i = 0; i < count && !text.empty(); ++i) {
    const std::size_t at = random() % text.size();
    const std::size_t length = 1 + random() % 12;
    switch (random() % 4) {
      case 0: text[at] = bytes[random() % bytes.size()]; break;
      case 1: text.erase(at, length); break;
      case 2: text.insert(at, text.substr(random() % text.size(), length)); break;
      default: text.insert(at, 1, bytes[random() % bytes.size()]); break;
    }
  }
  return text;
}

}  // namespace

TEST_CASE("any text gives a study or an error, and can be rendered", "[decode]") {
  constexpr int mutations = 1500;  // of each file
  int accepted = 0;
  for (const std::string& name : test::list_files("good", ".json")) {
    const std::string good = test::read_file("good/" + name);
    for (int i = 0; i < mutations; ++i) {
      std::mt19937_64 random(static_cast<std::uint64_t>(i));
      const std::string text = mutated(good, random);
      const DecodedStudy decoded = decode_study(text);
      INFO(name << " seed " << i << "\n" << text);
      bool has_error = false;
      for (const Problem& problem : decoded.problems) {
        has_error = has_error || problem.severity == Severity::error;
        REQUIRE(explain(problem.code));
        REQUIRE(problem.at.offset <= text.size());
      }
      REQUIRE(decoded.spec.has_value() != has_error);
      REQUIRE(render_all(decoded, text, name).empty() == decoded.problems.empty());
      if (decoded.spec) REQUIRE(decode_study(study_to_json(*decoded.spec)).spec);
      accepted += decoded.spec ? 1 : 0;
    }
  }
  CHECK(accepted > 100);  // else the mutations are too coarse to reach the decoder
}

TEST_CASE("problems that have nothing to do with one another are told together", "[decode]") {
  const auto [extra, expected] = GENERATE(table<std::string, Codes>({
      {R"("fidelity": {"name": "n", "min": 9, "max": 3, "eta": 1})", {"E0201", "E0105"}},
      {R"("fidelity": {"name": "", "min": 9, "max": 3})", {"E0107", "E0201"}},
      {R"("fidelity": {"name": "n", "min": 0, "max": 0})", {"E0105", "E0105"}},
      {R"("space": {"p": {"float": [0, 1], "unti": "m", "default": 2}})", {"E0101", "E0204"}},
      {R"("executor": {"type": "slurm", "cpus": 0, "time": "1m", "grace": "1h"})",
       {"E0105", "E0218"}},
      {R"("dispatch": "workers", "executor": {"type": "slurm", "nodes": 2})",
       {"E0233", "E0233", "E0233"}},
      {R"("space": {"p": {"float": [0, 1]}, "q": {"float": [0, 1]}}, "strategy": "grid")",
       {"E0231", "E0231"}}}));
  INFO(extra);
  CHECK(codes(study(extra)) == expected);
}

TEST_CASE("hostile studies are refused in seconds", "[decode]") {
  const test::CpuTime taken;
  std::string names, command, keys;
  for (int i = 0; i < 512; ++i) {
    const std::string name = std::string(58, 'a') + std::to_string(100000 + i);
    names += (i == 0 ? "\"" : ", \"") + name + "\": {\"float\": [0, 1]}";
  }
  for (int i = 0; i < 256; ++i) {
    command += (i == 0 ? "\"{" : ", \"{") + std::string(58, 'a') + "zz" + std::to_string(1000 + i) +
               "}\"";
  }
  for (int i = 0; i < 50'000; ++i) {
    keys += ", \"" + std::string(20, 'k') + std::to_string(i) + "\": 1";
  }
  const DecodedStudy decoded =
      decode_study("{\"command\": [" + command + "], \"space\": {" + names + "}" + keys + "}");
  CHECK(decoded.problems_more > 50'000);
  CHECK_FALSE(decoded.spec);
  CHECK(taken.seconds() < test::seconds_max);
}
