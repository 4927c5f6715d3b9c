// Pruners by name, their options, and the fidelity that they need.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

namespace {

constexpr const char* epochs = R"("fidelity": {"name": "epochs", "min": 1, "max": 81})";

}  // namespace

TEST_CASE("a pruner is a word or an object, and none by default", "[decode]") {
  for (const char* text : {R"("median")", R"({"type": "median"})",
                           R"({"type": "median", "options": {}})"}) {
    CAPTURE(text);
    const DecodedStudy decoded = decode_study(study(std::string("\"pruner\": ") + text));
    REQUIRE(decoded.spec);
    CHECK(decoded.spec->pruner.type == "median");
  }
  const DecodedStudy plain = decode_study(study());
  REQUIRE(plain.spec);
  CHECK(plain.spec->pruner == PrunerSpec{});
  CHECK_FALSE(plain.spec->fidelity);
}

TEST_CASE("a pruner's options are read as what it takes", "[decode]") {
  const DecodedStudy decoded = decode_study(study(
      R"("pruner": {"type": "percentile", "options": {"percentile": 10, "startup_trials": 8.0}})"));
  REQUIRE(decoded.spec);
  const auto& options = decoded.spec->pruner.options;
  CHECK(options.size() == 2);
  CHECK(options.at("percentile") == ParamValue(10.0));
  CHECK(options.at("startup_trials") == ParamValue(std::int64_t{8}));
}

TEST_CASE("a pruner that cannot be is refused by name", "[decode]") {
  const auto [pruner, code] = GENERATE(table<std::string, std::string>({
      {R"("mediann")", "E0108"}, {R"("sha")", "E0108"}, {"1", "E0103"}, {"{}", "E0102"},
      {R"({"typ": "median"})", "E0101"}, {R"({"type": 1})", "E0103"}, {"null", "E0103"},
      {R"({"type": "median", "options": []})", "E0103"},
      {R"({"type": "none", "options": {"a": 1}})", "E0101"},
      {R"({"type": "median", "options": {"percentile": 1}})", "E0101"},
      {R"({"type": "median", "options": {"interval_steps": 0}})", "E0105"},
      {R"({"type": "percentile", "options": {"percentile": 100.5}})", "E0105"},
      {R"({"type": "wilcoxon", "options": {"p_threshold": "0.1"}})", "E0103"},
      {R"({"type": "asha", "options": {"type": "stop"}})", "E0108"}}));
  CAPTURE(pruner);
  CHECK(codes(study("\"pruner\": " + pruner + ", " + epochs)) == Codes{code});
}

TEST_CASE("an option that cannot be is refused with what to write instead", "[decode]") {
  const auto [pruner, remedy] = GENERATE(table<std::string, std::string>({
      {R"("ahsa")", "asha"},
      {R"({"type": "asha", "options": {"type": "promotoin"}})", "promotion"},
      {R"({"type": "asha", "options": {"type": "both"}})", R"(write "stopping" or "promotion")"},
      {R"({"type": "percentile", "options": {"percentile": 101}})",
       "write one from 0.0 to 100.0, or leave it out to have 25.0"},
      {R"({"type": "median", "options": {"interval_steps": 0.5}})",
       "write one from 1 to 1000000000, or leave it out to have 1"},
      {R"({"type": "hyperband", "options": {"brackets": 33}})",
       "write one from 1 to 32, or leave it out"},
      {R"({"type": "median", "options": {"startup_trials": "8"}})", "write 8 without quotes"},
      {R"({"type": "median", "options": {"n_startup_trials": 8}})", "startup_trials"},
      {R"({"type": "asha", "options": {"reduction_factor": 4}})",
       R"(write it beside: "fidelity": {"name": "epochs", "min": 1, "max": 81, "eta": 3})"},
      {R"({"type": "median", "options": {"quick": 1}})", "remove it, or write a known one"}}));
  CAPTURE(pruner);
  const DecodedStudy decoded = decode_study(study("\"pruner\": " + pruner + ", " + epochs));
  REQUIRE(decoded.problems.size() == 1);
  CHECK(decoded.problems.front().suggestion == remedy);
}

TEST_CASE("a fidelity is a name and its steps", "[decode]") {
  const DecodedStudy decoded = decode_study(study(
      R"("fidelity": {"name": "kepochs", "min": 20, "max": 1000.0, "eta": 4,
                      "checkpoint": true})"));
  REQUIRE(decoded.spec);
  REQUIRE(decoded.spec->fidelity);
  const FidelitySpec expected{.name = "kepochs", .min = 20, .max = 1000, .eta = 4.0,
                              .checkpoint = true};
  CHECK(*decoded.spec->fidelity == expected);
}

TEST_CASE("a fidelity that cannot be is refused", "[decode]") {
  const auto [members, code] = GENERATE(table<std::string, std::string>({
      {R"("min": 1, "max": 9)", "E0102"}, {R"("name": "e", "max": 9)", "E0102"},
      {R"("name": "e", "min": 1)", "E0102"}, {R"("name": "a b", "min": 1, "max": 9)", "E0107"},
      {R"("name": "e", "min": 0, "max": 9)", "E0105"},
      {R"("name": "e", "min": 1.5, "max": 9)", "E0103"},
      {R"("name": "e", "min": 1, "max": 1000000001)", "E0105"},
      {R"("name": "e", "min": 9, "max": 9)", "E0201"},
      {R"("name": "e", "min": 1, "max": 9, "eta": 1.9)", "E0105"},
      {R"("name": "e", "min": 1, "max": 9, "eta": 101)", "E0105"},
      {R"("name": "e", "min": 1, "max": 9, "checkpoint": 1)", "E0103"},
      {R"("name": "e", "min": 1, "max_t": 9)", "E0101"},
      {R"("name": "lr", "min": 1, "max": 9)", "E0208"}}));
  CAPTURE(members);
  const Codes found = codes(study("\"fidelity\": {" + members + "}"));
  REQUIRE_FALSE(found.empty());
  CHECK(std::find(found.begin(), found.end(), code) != found.end());
}

TEST_CASE("all that is wrong with a fidelity is said at once", "[decode]") {
  CHECK(codes(study(R"("fidelity": {"name": "", "min": -1, "max": "a", "eta": 1, "x": 2})")) ==
        Codes{"E0107", "E0105", "E0103", "E0105", "E0101"});
}

TEST_CASE("rungs need a fidelity, and pauses a checkpoint", "[decode]") {
  const std::string promotion = R"("pruner": {"type": "asha", "options": {"type": "promotion"}}, )";
  const std::string with = R"("fidelity": {"name": "e", "min": 1, "max": 9, "checkpoint": true})";
  CHECK(codes(study(R"("pruner": "asha")")) == Codes{"E0232"});
  CHECK(codes(study(R"("pruner": "hyperband")")) == Codes{"E0232"});
  CHECK(codes(study(promotion + epochs)) == Codes{"E0232"});
  CHECK(codes(study(R"("strategy": "bohb")")) == Codes{"E0232"});
  CHECK(codes(study(R"("strategy": "mobster")")) == Codes{"E0232"});
  CHECK(codes(study(promotion + with)) == test::none);
  for (const char* pruner : {"asha", "hyperband", "median", "wilcoxon", "none"}) {
    CAPTURE(pruner);
    CHECK(codes(study("\"pruner\": \"" + std::string(pruner) + "\", " + epochs)) == test::none);
  }
}

TEST_CASE("the steps of a whole training are filled in where a fidelity tells them", "[decode]") {
  const std::string command = 
      R"("command": ["./train", "{params_file}", "--epochs={fidelity_max}"])";
  CHECK(codes(study(command + ", " + epochs)) == test::none);  // that uses it, pruner or not
  const DecodedStudy without = decode_study(study(command));
  REQUIRE(codes(without) == Codes{"E0206"});
  CHECK(without.problems[0].suggestion.find("\"fidelity\"") != std::string::npos);
  CHECK(codes(study(R"("result": {"file": "{trial}-{fidelity_max}.json"})")) == Codes{"E0206"});
  CHECK(codes(study(R"("command": ["./train", "{{fidelity_max}}"])")) == test::none);
}

TEST_CASE("a parameter of an older study may be called as what a fidelity fills in", "[decode]") {
  CHECK(codes(R"({"name": "a", "space": {"fidelity_max": {"int": [1, 9]}}, "objective":
                  {"minimize": "l"}, "command": ["a", "{fidelity_max}"]})") == test::none);
}

TEST_CASE("a fidelity that nobody uses, and one of a single rung, are warned of", "[decode]") {
  const auto [members, code] = GENERATE(table<std::string, std::string>({
      {R"("fidelity": {"name": "e", "min": 1, "max": 9})", "W0406"},
      {R"("fidelity": {"name": "e", "min": 1, "max": 9}, "strategy": "tpe")", "W0406"},
      {R"("fidelity": {"name": "e", "min": 1, "max": 9}, "strategy": "bohb")", ""},
      {R"("fidelity": {"name": "e", "min": 1, "max": 9}, "pruner": "none")", ""},
      {R"("fidelity": {"name": "e", "min": 3, "max": 9}, "pruner": "asha")", "W0406"},
      {R"("fidelity": {"name": "e", "min": 3, "max": 10}, "pruner": "asha")", ""},
      {R"("fidelity": {"name": "e", "min": 4, "max": 9}, "pruner": "hyperband")", "W0406"},
      {R"("fidelity": {"name": "e", "min": 1, "max": 9}, "pruner": "median")", ""}}));
  CAPTURE(members);
  CHECK(codes(study(members)) == (code.empty() ? test::none : Codes{code}));
}

namespace {

// The pointers of all warnings, each with its code: "W0406 /pruner".
Codes warnings(const std::string& members) {
  Codes found;
  const DecodedStudy decoded = decode_study(study(members));
  REQUIRE(decoded.spec);
  for (const Problem& problem : decoded.problems) {
    found.push_back(problem.code.substr(4) + " " + problem.pointer);
    CHECK_FALSE(problem.suggestion.empty());
  }
  return found;
}

}  // namespace

TEST_CASE("a pruner that can never judge is warned of at what keeps it from it", "[decode]") {
  const auto [pruner, trials, place] = GENERATE(table<std::string, int, std::string>({
      {R"("median")", 6, ""}, {R"("median")", 5, "/pruner"}, {R"("none")", 1, ""},
      {R"({"type": "median", "options": {"startup_trials": 0}})", 1,
       "/pruner/options/startup_trials"},
      {R"({"type": "percentile", "options": {"startup_trials": 8}})", 8,
       "/pruner/options/startup_trials"},
      {R"({"type": "percentile", "options": {"startup_trials": 8}})", 9, ""},
      {R"({"type": "median", "options": {"min_trials": 9}})", 9, "/pruner/options/min_trials"},
      {R"({"type": "median", "options": {"warmup_steps": 81}})", 9, "/pruner/options/warmup_steps"},
      {R"({"type": "median", "options": {"warmup_steps": 80}})", 9, ""},
      {R"({"type": "wilcoxon", "options": {"startup_steps": 81}})", 9,
       "/pruner/options/startup_steps"},
      {R"({"type": "wilcoxon", "options": {"startup_steps": 80}})", 9, ""},
      {R"({"type": "wilcoxon", "options": {"p_threshold": 0}})", 9,
       "/pruner/options/p_threshold"}}));
  CAPTURE(pruner, trials);
  const Codes found = warnings("\"pruner\": " + pruner + ", " + epochs + ", \"budget\": " +
                               "{\"trials\": " + std::to_string(trials) + "}");
  if (place.empty()) CHECK(found == test::none);
  else CHECK(found.front() == "W0406 " + place);
}

TEST_CASE("steps before the first judgement count only where a whole training is known",
          "[decode]") {
  CHECK(warnings(R"("pruner": {"type": "median", "options": {"warmup_steps": 81}})") ==
        test::none);
}

TEST_CASE("brackets that do not fit, and pauses that hardly end, are warned of", "[decode]") {
  const std::string saved =
      R"("fidelity": {"name": "e", "min": 1, "max": 81, "checkpoint": true}, )";
  const auto hyperband = [&](int brackets) {
    return warnings(saved + R"("pruner": {"type": "hyperband", "options": {"brackets": )" +
                    std::to_string(brackets) + "}}");
  };
  CHECK(hyperband(5) == test::none);
  CHECK(hyperband(6) == Codes{"W0404 /pruner/options/brackets"});
  const auto promotion = [&](int trials) {
    return warnings(saved + R"("pruner": {"type": "asha", "options": {"type": "promotion"}}, )" +
                    R"("budget": {"trials": )" + std::to_string(trials) + "}");
  };
  CHECK(promotion(81) == test::none);
  CHECK(promotion(80) == Codes{"W0404 /pruner/options/type"});
}

TEST_CASE("what a pruner without rungs does not look at is said key by key", "[decode]") {
  const auto [fidelity, extra, expected] = GENERATE(table<std::string, std::string, Codes>({
      {R"("min": 1, "eta": 4)", R"("pruner": "median")", {"W0406 /fidelity/eta"}},
      {R"("min": 1, "checkpoint": true)", R"("pruner": "wilcoxon")",
       {"W0406 /fidelity/checkpoint"}},
      {R"("min": 1, "checkpoint": false)", R"("pruner": "percentile")", {}},
      {R"("min": 2)", R"("pruner": "percentile")", {"W0406 /fidelity/min"}},
      {R"("min": 2)", R"("pruner": {"type": "median", "options": {"warmup_steps": 2}})", {}},
      {R"("min": 2, "eta": 4)", R"("pruner": "median", "strategy": "bohb")", {}},
      {R"("min": 2, "eta": 4, "checkpoint": true)", R"("pruner": "asha")", {}},
      {R"("min": 2, "eta": 4, "checkpoint": true)", R"("pruner": "none")", {}}}));
  CAPTURE(fidelity, extra);
  CHECK(warnings(R"("fidelity": {"name": "e", "max": 81, )" + fidelity + "}, " + extra) ==
        expected);
}

TEST_CASE("a strategy, a switch or a key of elsewhere in the pruner's place is put right",
          "[decode]") {
  const auto [pruner, code, remedy] = GENERATE(table<std::string, std::string, std::string>({
      {R"("bohb")", "E0108", R"(write "strategy": "bohb" and a pruner such as "asha")"},
      {R"("mobster")", "E0108", R"(write "strategy": "mobster" and a pruner)"},
      {"false", "E0103", R"(write "none")"}, {"null", "E0103", R"(write "none")"},
      {R"({"type": null})", "E0103", R"(write "none")"},
      {R"({"type": "asha", "eta": 4})", "E0101", R"(write it beside: "fidelity")"},
      {R"({"type": "median", "startup_trials": 4})", "E0101", R"("options": {"startup_trials")"}}));
  CAPTURE(pruner);
  const DecodedStudy decoded = decode_study(study("\"pruner\": " + pruner + ", " + epochs));
  REQUIRE(decoded.problems.size() == 1);
  CHECK(codes(decoded) == Codes{code});
  CHECK(decoded.problems.front().suggestion.find(remedy) != std::string::npos);
}
