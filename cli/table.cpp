// Tables: aligned on a terminal, TSV in a pipe.
#include <algorithm>
#include <numeric>

#include "cli/output.hpp"
#include "cli/text.hpp"
#include "schema/assert.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t gap = 2;  // blanks between columns

std::string tsv_field(std::string_view text) {
  std::string field(text);
  for (char& c : field) {
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  }
  return field;
}

std::string one_line(std::string_view text) {
  std::string line = printable(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::replace(line.begin(), line.end(), '\t', ' ');
  return line;
}

void append_cell(std::string& line, const Cell& cell, std::size_t width, Align align,
                 const Terminal& terminal, bool is_last) {
  const std::string text = cut(one_line(cell.text), width, terminal.has_unicode);
  const std::size_t used = display_width(text);
  const std::string pad(width > used ? width - used : 0, ' ');
  if (align == Align::right) line += pad;
  line += styled(text, cell.style, terminal.has_color);
  if (align == Align::left && !is_last) line += pad;
  if (!is_last) line.append(gap, ' ');
}

}  // namespace

void Table::column(std::string name, Align align) {
  names_.push_back(std::move(name));
  aligns_.push_back(align);
}

void Table::row(std::vector<Cell> cells) {
  HPO_ASSERT(cells.size() == names_.size(), "a table's row has one cell per column");
  rows_.push_back(std::move(cells));
}

std::string Table::render(const Terminal& terminal) const {
  return terminal.is_tty ? aligned(terminal) : separated();
}

std::vector<std::size_t> Table::widths(std::size_t width_max) const {
  std::vector<std::size_t> widths;
  for (const std::string& name : names_) widths.push_back(display_width(name));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(one_line(row[i].text)));
    }
  }
  std::size_t total = std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
  while (total > width_max) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= cell_width_min) break;
    --*widest;
    --total;
  }
  return widths;
}

std::string Table::aligned(const Terminal& terminal) const {
  if (names_.empty()) return {};
  const std::vector<std::size_t> widths = this->widths(static_cast<std::size_t>(terminal.width));
  std::string text;
  const auto append_row = [&](const auto& cell_at) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      append_cell(text, cell_at(i), widths[i], aligns_[i], terminal, i + 1 == names_.size());
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  };
  append_row([&](std::size_t i) { return Cell{.text = names_[i], .style = Style::bold}; });
  for (const auto& row : rows_) append_row([&](std::size_t i) { return row[i]; });
  return text;
}

std::string Table::separated() const {
  std::string text;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    text += (i == 0 ? "" : "\t") + tsv_field(names_[i]);
  }
  text += '\n';
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += (i == 0 ? "" : "\t") + tsv_field(row[i].text);
    }
    text += '\n';
  }
  return text;
}

}  // namespace hpo::cli
