// See display.hpp. Widths follow Unicode's East Asian Width, in ranges coarse enough to read.
#include "schema/decode/display.hpp"

#include <algorithm>
#include <cstdint>

#include "schema/json/utf8.hpp"

namespace hpo::decode {
namespace {

constexpr std::size_t quoted_characters_max = 60;
constexpr std::string_view tab = "    ";

struct CodeRange { std::uint32_t first = 0; std::uint32_t last = 0; };

constexpr CodeRange hidden[] = {{0, 0x1F}, {0x7F, 0x9F}, {0x200B, 0x200F}, {0x2028, 0x202E},
                                {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE007F}};
constexpr CodeRange narrow[] = {{0x300, 0x36F}, {0x1AB0, 0x1AFF}, {0x20D0, 0x20FF},
                                {0xFE00, 0xFE0F}};
constexpr CodeRange wide[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3},
                              {0xF900, 0xFAFF}, {0xFE30, 0xFE6F}, {0xFF00, 0xFF60},
                              {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};

template <std::size_t N>
bool is_in(const CodeRange (&ranges)[N], std::uint32_t code) {
  return std::any_of(std::begin(ranges), std::end(ranges), [code](const CodeRange& range) {
    return range.first <= code && code <= range.last;
  });
}

std::uint32_t code_point(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence.front());
  if (sequence.size() == 1) return first;
  std::uint32_t code = first & (0x7FU >> sequence.size());
  for (const char c : sequence.substr(1)) {
    code = code << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return code;
}

std::string hex(std::uint32_t value, int digits) {
  static constexpr std::string_view alphabet = "0123456789abcdef";
  std::string text;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    text += alphabet[value >> shift & 0xFU];
  }
  return text;
}

std::string escape(std::uint32_t code) {
  if (code == '\n') return "\\n";
  if (code == '\r') return "\\r";
  if (code <= 0xFF) return "\\x" + hex(code, 2);
  return code <= 0xFFFF ? "\\u" + hex(code, 4) : "\\U" + hex(code, 8);
}

Glyph escaped(std::uint32_t code, std::size_t bytes) {
  std::string text = escape(code);
  const std::size_t width = text.size();
  return {.text = std::move(text), .bytes = bytes, .width = width};
}

}  // namespace

Glyph glyph_at(std::string_view text, std::size_t offset) {
  if (text[offset] == '\t') return {.text = std::string(tab), .bytes = 1, .width = tab.size()};
  const std::size_t length = json::utf8_length(text, offset);
  if (length == 0) return escaped(static_cast<unsigned char>(text[offset]), 1);
  const std::string_view sequence = text.substr(offset, length);
  const std::uint32_t code = code_point(sequence);
  if (is_in(hidden, code)) return escaped(code, length);
  const std::size_t width = is_in(narrow, code) ? 0U : is_in(wide, code) ? 2U : 1U;
  return {.text = std::string(sequence), .bytes = length, .width = width};
}

std::string visible(std::string_view text) {
  std::string shown;
  for (std::size_t offset = 0; offset < text.size();) {
    const Glyph glyph = glyph_at(text, offset);
    shown += glyph.text;
    offset += glyph.bytes;
  }
  return shown;
}

std::string quoted(std::string_view text) {
  return "\"" + visible(clipped(text, quoted_characters_max)) + "\"";
}

std::string clipped(std::string_view text, std::size_t characters_max) {
  std::size_t offset = 0;
  for (std::size_t i = 0; i < characters_max && offset < text.size(); ++i) {
    offset += std::max<std::size_t>(1, json::utf8_length(text, offset));
  }
  return std::string(text.substr(0, offset)) + (offset < text.size() ? "…" : "");
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

std::size_t count_characters(std::string_view text) {
  std::size_t characters = 0;
  for (std::size_t offset = 0; offset < text.size(); ++characters) {
    offset += std::max<std::size_t>(1, json::utf8_length(text, offset));
  }
  return characters;
}

}  // namespace hpo::decode
