// A study file on its way to the daemon: read once, decoded here, its problems shown with places.
#pragma once

#include <string>
#include <string_view>

#include "cli/answer.hpp"
#include "schema/decode/decode.hpp"

namespace hpo::cli {

struct StudyFile {
  std::string path{};
  std::string text{};
  DecodedStudy decoded{};
};

// Reads the file, or stdin for "-". Failure: it cannot be read, and the help of `verb` is next.
Answer<StudyFile> read_study_file(const std::string& path, const char* verb);

// Where a study of that file trains, unless it says otherwise; absolute.
Result<std::string> directory_of_study(const std::string& path);

// One with nothing to try but where it would run: an executor's type, or a profile of hpod.json.
Answer<StudyFile> study_with_executor(const std::string& executor);

// Warnings to stderr; a Failure (with every problem shown before it) if there are errors.
Answer<StudySpec> checked_study(const StudyFile& file);

// {"valid":…,"problems":[…],"study":{…}|null}: what POST /v1/validate answers to a valid study, and
// the same shape for another, whose problems stand where REST has `errors`.
std::string validation_json(const DecodedStudy& decoded);

}  // namespace hpo::cli
