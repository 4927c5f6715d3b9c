// See render_excerpt.hpp.
#include "schema/decode/render_excerpt.hpp"

#include <algorithm>
#include <vector>

#include "schema/decode/display.hpp"

namespace hpo::decode {
namespace {

constexpr std::size_t columns_max = 96;    // of the excerpt
constexpr std::size_t context = 40;        // columns kept before the mark of a long line
constexpr std::size_t caret_max = 60;
// A line of a megabyte is not walked as a whole: this many bytes around the mark are.
constexpr std::size_t window_bytes = 1024;

struct Cell {
  std::string text{};
  std::size_t width = 0;
  bool is_marked = false;
};

struct Window {  // of bytes
  std::size_t begin = 0;
  std::size_t end = 0;
  bool is_begin_cut = false;
  bool is_end_cut = false;
};

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

Window window_of(std::string_view text, std::size_t offset) {
  const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  Window window{.begin = before == std::string_view::npos ? 0 : before + 1,
                .end = std::min(text.find('\n', offset), text.size())};
  if (window.end > window.begin && text[window.end - 1] == '\r') --window.end;
  if (offset > window.begin + window_bytes) {
    window.begin = offset - window_bytes;
    while (window.begin < offset && is_continuation(text[window.begin])) ++window.begin;
    window.is_begin_cut = true;
  }
  if (window.end > offset + window_bytes) {
    window.end = offset + window_bytes;
    window.is_end_cut = true;
  }
  return window;
}

std::vector<Cell> cells_of(std::string_view text, const Window& window,
                           const json::Position& at) {
  std::vector<Cell> cells;
  for (std::size_t offset = window.begin; offset < window.end;) {
    const Glyph glyph = glyph_at(text, offset);
    const bool is_marked = offset >= at.offset && offset < at.offset + at.length;
    cells.push_back({.text = glyph.text, .width = glyph.width, .is_marked = is_marked});
    offset += glyph.bytes;
  }
  return cells;
}

std::size_t width_of(const std::vector<Cell>& cells, std::size_t begin, std::size_t end) {
  std::size_t width = 0;
  for (std::size_t i = begin; i < end; ++i) width += cells[i].width;
  return width;
}

// Drops cells at both ends until the line fits, the mark's begin well inside.
void clip(std::vector<Cell>& cells, std::size_t mark, Window& window) {
  const std::size_t width = width_of(cells, 0, cells.size());
  if (width <= columns_max && !window.is_begin_cut && !window.is_end_cut) return;
  std::size_t first = mark;
  for (std::size_t columns = 0; first > 0 && columns < context; --first) {
    columns += cells[first - 1].width;
  }
  if (width_of(cells, 0, mark) <= columns_max / 2 && !window.is_begin_cut) first = 0;
  std::size_t last = first;
  for (std::size_t columns = 0; last < cells.size() && columns < columns_max; ++last) {
    columns += cells[last].width;
  }
  window.is_begin_cut = window.is_begin_cut || first > 0;
  window.is_end_cut = window.is_end_cut || last < cells.size();
  cells = std::vector<Cell>(cells.begin() + static_cast<std::ptrdiff_t>(first),
                            cells.begin() + static_cast<std::ptrdiff_t>(last));
}

Excerpt draw(const std::vector<Cell>& cells, const Window& window) {
  Excerpt excerpt;
  std::size_t before = window.is_begin_cut ? 1 : 0;
  std::size_t under = 0;
  if (window.is_begin_cut) excerpt.line = "…";
  for (const Cell& cell : cells) {
    excerpt.line += cell.text;
    if (cell.is_marked) under += cell.width;
    else if (under == 0) before += cell.width;
  }
  if (window.is_end_cut) excerpt.line += "…";
  excerpt.carets = std::string(before, ' ') +
                   std::string(std::clamp<std::size_t>(under, 1, caret_max), '^');
  return excerpt;
}

}  // namespace

Excerpt make_excerpt(std::string_view text, const json::Position& position) {
  json::Position at = position;
  at.offset = std::min(at.offset, text.size());
  at.length = std::max<std::size_t>(at.length, 1);
  Window window = window_of(text, at.offset);
  std::vector<Cell> cells = cells_of(text, window, at);
  const auto marked = std::find_if(cells.begin(), cells.end(),
                                   [](const Cell& cell) { return cell.is_marked; });
  clip(cells, static_cast<std::size_t>(marked - cells.begin()), window);
  return draw(cells, window);
}

}  // namespace hpo::decode
