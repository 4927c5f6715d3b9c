// Failures that look alike, counted.
#include "cli/log_groups.hpp"

#include <algorithm>
#include <map>

namespace hpo::cli {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool ends_path(char c) {
  return is_blank(c) || std::string_view("\"',:;()[]{}").find(c) != std::string_view::npos;
}

std::size_t skip(std::string_view line, std::size_t at, bool (*belongs)(char)) {
  while (at < line.size() && belongs(line[at])) ++at;
  return at;
}

// 12, 3.5, 1e-5: digits and what joins them.
std::size_t skip_number(std::string_view line, std::size_t at) {
  while (at < line.size()) {
    const bool joins = at + 1 < line.size() && is_digit(line[at + 1]);
    const bool is_exponent = (line[at] == 'e' || line[at] == 'E') && at + 2 < line.size() &&
                             (joins || is_digit(line[at + 2]));
    if (is_digit(line[at]) || (joins && (line[at] == '.' || line[at] == ','))) ++at;
    else if (is_exponent) at += 2;
    else break;
  }
  return at;
}

}  // namespace

std::string normalised(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    const bool begins_word = at == 0 || ends_path(line[at - 1]) || line[at - 1] == '=';
    if (line.substr(at, 2) == "0x") {
      out += "#";
      at = skip(line, at + 2, is_hex);
    } else if (line[at] == '/' && begins_word) {
      out += "PATH";
      at = skip(line, at, [](char c) { return !ends_path(c); });
    } else if (is_digit(line[at])) {
      out += "#";
      at = skip_number(line, at);
    } else if (is_blank(line[at])) {
      if (!out.empty()) out += ' ';
      at = skip(line, at, is_blank);
    } else {
      out += line[at++];
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::vector<FailureGroup> group_failures(const std::vector<FailedTrial>& trials) {
  std::map<std::string, FailureGroup> groups;
  for (const FailedTrial& trial : trials) {
    const std::string key = trial.failure + "\n" + normalised(trial.last_line);
    FailureGroup& group = groups[key];
    if (group.count++ == 0 || trial.number > group.example) {
      group.example = trial.number;
      group.failure = trial.failure;
      group.line = trial.last_line;
      group.has_stderr = trial.has_stderr;
    }
  }
  std::vector<FailureGroup> sorted;
  for (auto& [key, group] : groups) sorted.push_back(std::move(group));
  std::sort(sorted.begin(), sorted.end(), [](const FailureGroup& a, const FailureGroup& b) {
    return a.count != b.count ? a.count > b.count : a.example > b.example;
  });
  return sorted;
}

}  // namespace hpo::cli
