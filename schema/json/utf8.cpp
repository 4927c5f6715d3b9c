// Well-formed UTF-8 byte sequences after Unicode 15, table 3-7. Pure functions, any thread.
#include "schema/json/utf8.hpp"

#include <algorithm>

namespace hpo::json {
namespace {

struct Lead {
  std::size_t length = 0;       // of the sequence; 0: no sequence begins so
  unsigned second_low = 0x80;   // what the second byte may be
  unsigned second_high = 0xBF;
};

constexpr Lead lead_of(unsigned byte) {
  if (byte < 0x80) return {1};
  if (byte >= 0xC2 && byte <= 0xDF) return {2};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};  // below: overlong
  if (byte == 0xED) return {3, 0x80, 0x9F};  // above: surrogates
  if (byte >= 0xE1 && byte <= 0xEF) return {3};
  if (byte == 0xF0) return {4, 0x90, 0xBF};  // below: overlong
  if (byte == 0xF4) return {4, 0x80, 0x8F};  // above: beyond U+10FFFF
  if (byte >= 0xF1 && byte <= 0xF3) return {4};
  return {};
}

unsigned byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t offset) {
  const Lead lead = lead_of(byte_at(text, offset));
  if (lead.length <= 1) return lead.length;
  if (text.size() - offset < lead.length) return 0;
  const unsigned second = byte_at(text, offset + 1);
  if (second < lead.second_low || second > lead.second_high) return 0;
  for (std::size_t i = 2; i < lead.length; ++i) {
    if ((byte_at(text, offset + i) & 0xC0U) != 0x80U) return 0;
  }
  return lead.length;
}

Place place_of(std::string_view text, std::size_t offset) {
  Place place;
  for (std::size_t i = 0; i < std::min(offset, text.size());) {
    const bool is_end = text[i] == '\n';
    i += std::max<std::size_t>(1, utf8_length(text, i));
    place.line += is_end ? 1 : 0;
    place.column = is_end ? 1 : place.column + 1;
  }
  return place;
}

std::size_t utf8_fault(std::string_view text) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const std::size_t length = utf8_length(text, offset);
    if (length == 0) return offset;
    offset += length;
  }
  return offset;
}

}  // namespace hpo::json
