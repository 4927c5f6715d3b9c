// One attempt as the runner sees it: the spec, where its files lie, and its values as text.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "schema/attempt_spec.hpp"
#include "schema/result.hpp"

namespace hpo::runner {

// The files of an attempt's directory; all paths absolute.
struct AttemptPaths {
  std::string directory{};
  std::string spec{};
  std::string params{};
  std::string result{};      // of this attempt: result.file of the study, or DIR/result.json
  std::string metrics{};
  std::string stop{};
  std::string superseded{};
  std::string standard_output{};
  std::string standard_error{};
  std::string checkpoint{};  // TRIAL/checkpoint/ATTEMPT
};

struct Param {
  std::string name{};
  std::string text{};  // 0.001, 64, true, relu
};

struct Attempt {
  AttemptSpec spec{};
  std::string job{};  // of this submission
  AttemptPaths paths{};
  std::vector<Param> params{};
  std::map<std::string, std::string> placeholders{};  // built-in names and params
  std::vector<std::string> variables{};  // names that the study sets, its secrets among them
};

// Reads DIR/attempt.json. Error: the directory cannot be used; there is nothing to carry out.
Result<Attempt> load_attempt(const std::string& directory);

// The same of a spec in memory, for a directory that need not be there: `hpo submit --dry-run`.
Result<Attempt> attempt_of(AttemptSpec spec, const std::string& directory);

// Of the directory alone; `result` is DIR/result.json.
AttemptPaths paths_in(const std::string& directory, int attempt);

}  // namespace hpo::runner
