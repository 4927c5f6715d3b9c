// STUDY/N and STUDY N.
#include "cli/trial_name.hpp"

#include <charconv>

namespace hpo::cli {
namespace {

std::optional<int> typed_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  return is_whole && number >= 0 ? std::optional(number) : std::nullopt;
}

Error no_trial(std::string_view text, std::string_view study) {
  return Error{ErrorCode::invalid_argument, "\"" + std::string(text) + "\" names no trial",
               "command line", "write " + std::string(study) + "/0; hpo trials " +
                                   std::string(study) + " lists them"};
}

}  // namespace

Result<TrialName> trial_name(std::string_view text, std::string_view number) {
  const std::size_t slash = text.find('/');
  const std::string_view study = text.substr(0, slash);
  if (study.empty()) {
    return Error{ErrorCode::invalid_argument, "\"" + std::string(text) + "\" names no study",
                 "command line", "hpo status"};
  }
  if (slash != std::string_view::npos && !number.empty()) return no_trial(number, study);
  const std::string_view digits = slash != std::string_view::npos ? text.substr(slash + 1) : number;
  if (slash == std::string_view::npos && number.empty()) {
    return TrialName{.study = std::string(study), .trial = std::nullopt};
  }
  const auto trial = typed_number(digits);
  if (!trial) return no_trial(digits, study);
  return TrialName{.study = std::string(study), .trial = trial};
}

Result<TrialName> one_trial(std::string_view text, std::string_view number) {
  auto name = trial_name(text, number);
  if (name && !name->trial) return no_trial(text, name->study);
  return name;
}

}  // namespace hpo::cli
