// See diagnosis.hpp.
#include "executors/runner/diagnosis.hpp"

#include <dirent.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "executors/runner/files.hpp"
#include "executors/runner/result_file.hpp"
#include "executors/runner/result_line.hpp"
#include "executors/runner/text.hpp"

namespace hpo::runner {
namespace {

constexpr std::size_t names_shown = 20;
constexpr std::size_t entries_looked_at = 5000;
constexpr std::size_t output_bytes_max = 4U << 20U;  // a longer output is not looked through
constexpr std::size_t name_bytes_shown = 100;

// Ours: they say nothing about what the training wrote.
constexpr std::array<std::string_view, 9> own_names = {
    "attempt.json", "params.json", "claim", "stdout", "stderr", "stop", "runner.log", ".", ".."};

using Filter = std::function<bool(const std::string& name)>;

std::string list(const std::string& directory, const Filter& is_wanted) {
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.c_str()), ::closedir);
  if (!stream) return "(cannot be read)";
  std::vector<std::string> names;
  for (std::size_t looked = 0; looked < entries_looked_at; ++looked) {
    const dirent* entry = ::readdir(stream.get());
    if (entry == nullptr) break;
    if (is_wanted(entry->d_name)) names.push_back(excerpt(entry->d_name, name_bytes_shown));
  }
  std::sort(names.begin(), names.end());
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < names_shown; ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > names_shown) text += ", …";
  return text.empty() ? "none" : text;
}

// True if only blanks or a progress bar's carriage return keep a line from being the result.
bool has_near_miss(const std::string& output) {
  const auto text = read_file(output, output_bytes_max);
  if (!text) return false;
  for (std::size_t at = text->find(result_prefix); at != std::string::npos;
       at = text->find(result_prefix, at + 1)) {
    const std::size_t before = text->find_last_not_of(" \t", at == 0 ? 0 : at - 1);
    if (at == 0 || before == std::string::npos) return true;
    if ((*text)[before] == '\n' || (*text)[before] == '\r') return true;
  }
  return false;
}

bool is_own(const std::string& name) {
  return std::find(own_names.begin(), own_names.end(), name) != own_names.end();
}

}  // namespace

std::string missing_result(const Attempt& attempt, const Error& why, std::int64_t started_ns) {
  const std::string place = parent_of(attempt.paths.result);
  const std::string& workdir = attempt.spec.workdir;
  std::string text = "the training ended with exit code 0 and left no result.\n";
  text += "expected: " + attempt.paths.result + " (" + why.what + ")";
  if (attempt.spec.result.from_stdout) text += ", or a line 'hpo-result {…}' on stdout";
  text += "\nfiles in " + place + ": " + list(place, [](const auto& n) { return !is_own(n); });
  if (workdir != place) {
    text += "\nwritten in " + workdir + " since the start: " +
            list(workdir, [&](const std::string& name) {
              const FileMark mark = mark_of(workdir + "/" + name);
              return !is_own(name) && mark.modified_ns >= started_ns;
            });
  }
  if (attempt.spec.result.from_stdout && has_near_miss(attempt.paths.standard_output)) {
    text += "\nstdout has 'hpo-result ' behind blanks or a carriage return: begin a line with it";
  }
  text += "\nto mend it: write {\"" + attempt.spec.metric +
          "\": <number>} to the file that $HPO_RESULT_FILE names";
  if (attempt.spec.result.from_stdout) {
    text += ", or print: hpo-result {\"" + attempt.spec.metric + "\": <number>}";
  }
  const bool is_outdated = why.remedy.find("{trial}") != std::string::npos;
  return is_outdated ? text + "; " + why.remedy : text;
}

}  // namespace hpo::runner
