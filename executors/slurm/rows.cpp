// See rows.hpp. The name is looked for at the end of each line: that is all a foreign row costs.
#include "executors/slurm/rows.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace hpo::slurm {
namespace {

constexpr std::string_view name_prefix = "hpo";
constexpr std::size_t name_size = 15;

std::optional<std::string_view> name_at_end(std::string_view line, std::string_view closing) {
  if (line.size() < closing.size() + name_size + 1 || !line.ends_with(closing)) {
    return std::nullopt;
  }
  line.remove_suffix(closing.size());
  const std::string_view name = line.substr(line.size() - name_size);
  const bool is_field = line[line.size() - name_size - 1] == '|';
  return is_field && is_own_name(name) ? std::optional(name) : std::nullopt;
}

// `front` is a row without its last name: six fields, the name, the reason.
std::optional<Row> split(std::string_view front, std::string_view name) {
  Row row;
  row.name = name;
  for (std::string_view& field : row.fields) {
    const std::size_t end = front.find('|');
    if (end == std::string_view::npos) return std::nullopt;
    field = front.substr(0, end);
    front.remove_prefix(end + 1);
  }
  const bool is_ours = front.size() > name.size() && front.starts_with(name) &&
                       front[name.size()] == '|' && front.ends_with('|');
  if (!is_ours) return std::nullopt;
  front.remove_prefix(name.size() + 1);
  if (front.empty()) return std::nullopt;
  row.reason = front.substr(0, front.size() - 1);
  if (row.reason.find(name) != std::string_view::npos) return std::nullopt;  // the name of others
  const std::string_view id = row.fields.front();
  const bool has_id = !id.empty() && id.front() >= '0' && id.front() <= '9';
  return has_id ? std::optional(row) : std::nullopt;
}

Error cut(std::string_view command) {
  return {ErrorCode::corrupt, "the listing of jobs was cut; nothing is concluded from it",
          std::string(command), "it is asked again; if it stays, run the command by hand"};
}

}  // namespace

bool is_own_name(std::string_view name) {
  return name.size() == name_size && name.starts_with(name_prefix) &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
         });
}

Result<std::vector<Row>> own_rows(std::string_view text, std::string_view closing,
                                  std::string_view command) {
  std::vector<Row> rows;
  if (text.empty()) return rows;
  if (text.back() != '\n') return cut(command);
  if (!text.substr(0, text.size() - 1).ends_with(closing)) return cut(command);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const auto name = name_at_end(line, closing);
    if (!name) continue;
    const std::size_t front = line.size() - closing.size() - name->size();
    if (auto row = split(line.substr(0, front), *name)) rows.push_back(*row);
  }
  return rows;
}

}  // namespace hpo::slurm
