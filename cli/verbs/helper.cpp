// hpo helper LANGUAGE: the one file that a training script may want beside it.
#include <string_view>
#include <utility>

#include "cli/arguments.hpp"
#include "cli/embedded.hpp"
#include "cli/output.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {
namespace {

constexpr std::pair<std::string_view, const std::string_view&> helpers[] = {
    {"python", helper_python}, {"cpp", helper_cpp}, {"sh", helper_sh}};

}  // namespace

ExitCode helper(Arguments& arguments, const Context&) {
  std::string language;
  arguments.positional("LANGUAGE", language, "python, cpp or sh");
  if (const auto exit = arguments.parse()) return *exit;
  for (const auto& [name, text] : helpers) {
    if (name != language) continue;
    print(text);
    return ExitCode::ok;
  }
  return arguments.usage_error("there is no helper for \"" + language +
                               "\"; there are those for python, cpp and sh");
}

}  // namespace hpo::cli
