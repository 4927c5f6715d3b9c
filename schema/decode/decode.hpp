// study.json and hpod.json: text -> checked values, with every problem at once.
//
// Hand-written, the authority on what is legal; schema/json/study.schema.json serves editors and
// is held against it by a test. Never throws; time and memory are bounded by the text's size.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/json/node.hpp"
#include "schema/study.hpp"

namespace hpo {

enum class Severity { error, warning };

// One thing to mend. `code` ("HPO-E0104") is explained by explain(code).
struct Problem {
  Severity severity = Severity::error;
  std::string code{};
  std::string pointer{};     // JSON pointer, "" for the whole text
  json::Position at{};
  int line = 1;              // from 1
  int column = 1;            // from 1, in characters (not bytes)
  std::string message{};     // unknown parameter type "flaot"
  std::string suggestion{};  // "float", or a sentence that says how to mend it
  std::string note{};        // what is known instead: "known types: float int …"
};

// Executors with names of their own, as "profiles" of hpod.json has them; each may have an
// "environment" besides.
using Profiles = std::map<std::string, json::Node, std::less<>>;

// Adds those of an hpod.json; one of a name that is there already is replaced. Answers with its
// problems as users read them, and adds none then; "" if there are none.
std::string read_profiles(const json::Node& root, std::string_view text,
                          std::string_view file_name, Profiles& out);

struct DecodeOptions {
  bool comments = true;              // in files; never over REST
  bool absolute_workdir = false;     // over REST: there is no file beside which it could lie
  std::size_t bytes_max = 4U << 20U;
  const Profiles* profiles = nullptr;  // that a study may name; nullptr: there are none
  static constexpr std::size_t problems_max = 20;
};

struct DecodedStudy {
  std::optional<StudySpec> spec{};    // set if and only if no problem is an error
  std::vector<Problem> problems{};    // by position, problems_max at most
  int problems_more = 0;              // that did not fit
};

DecodedStudy decode_study(std::string_view text, const DecodeOptions& options = {});

// In the way of rustc: place, excerpt with caret, suggestion, pointer, `hpo explain CODE`.
std::string render(const Problem& problem, std::string_view text, std::string_view file_name);
std::string render_all(const DecodedStudy& decoded, std::string_view text,
                       std::string_view file_name);

// The catalogue of codes, schema/decode/problems.def.
struct Explanation {
  std::string_view code{};
  std::string_view title{};        // a few words
  std::string_view explanation{};  // what it means and how to mend it, with an example
};
const std::vector<Explanation>& explanations();
const Explanation* explain(std::string_view code);

// The nearest of `known` within Damerau-Levenshtein distance 2; "" if none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

// How what nearest() found is put to people: did you mean "lr"?
std::string did_you_mean(std::string_view meant);

// The JSON Schema (draft 2020-12) as shipped, embedded at build.
std::string_view study_schema();

}  // namespace hpo
