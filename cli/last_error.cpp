// What the last daemon ended by. A start that fails writes plain lines behind its log line.
#include "cli/last_error.hpp"

#include <ranges>
#include <string_view>

#include "cli/text.hpp"
#include "executors/runner/files.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t log_bytes_max = 64U << 20U;
constexpr std::size_t lines_looked_at = 8;
constexpr std::size_t time_bytes = std::string_view("2026-11-21T11:30:00.123Z ").size();

bool has_level(std::string_view line, std::string_view level) {
  return line.size() > time_bytes && line[time_bytes - 2] == 'Z' &&
         line.substr(time_bytes).starts_with(level);
}

}  // namespace

std::string last_error() {
  const auto state = state_directory();
  if (!state) return {};
  const auto text = runner::read_file(StatePaths{.root = *state}.log(), log_bytes_max);
  if (!text) return {};
  const auto lines = last_lines(*text, lines_looked_at);
  for (const std::string& line : lines | std::views::reverse) {
    if (has_level(line, "error ")) return line;
    for (const std::string_view level : {"debug ", "info ", "warning "}) {
      if (has_level(line, level)) return {};
    }
  }
  return {};
}

}  // namespace hpo::cli
