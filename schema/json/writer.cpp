// json::Writer: JSON on one line, appended in order.
//
// std::to_chars without a precision writes the shortest text that reads back as the same double.
// No locale, no allocation but the text's own. One thread at a time.
#include "schema/json/writer.hpp"

#include <charconv>
#include <cmath>

#include "schema/assert.hpp"
#include "schema/json/utf8.hpp"

namespace hpo::json {
namespace {

constexpr std::size_t number_bytes_max = 32;  // "-2.2250738585072014e-308" has 24
constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

template <class T>
void append_number(std::string& text, T number) {
  char buffer[number_bytes_max];
  const std::to_chars_result end = std::to_chars(buffer, buffer + sizeof buffer, number);
  text.append(buffer, end.ptr);
}

void append_double(std::string& text, double number) {
  if (!std::isfinite(number)) {
    text += "null";
    return;
  }
  const std::size_t begin = text.size();
  append_number(text, number);
  // "1" would read back as an integer.
  if (text.find_first_of(".e", begin) == std::string::npos) text += ".0";
}

void append_control(std::string& text, char c) {
  static constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '\n': text += "\\n"; return;
    case '\t': text += "\\t"; return;
    case '\r': text += "\\r"; return;
    case '\b': text += "\\b"; return;
    case '\f': text += "\\f"; return;
    default: break;
  }
  const unsigned byte = static_cast<unsigned char>(c);
  text += "\\u00";
  text += digits[byte >> 4U];
  text += digits[byte & 0xFU];
}

// Appends the character at `offset` and returns its length in bytes.
std::size_t append_character(std::string& text, std::string_view source, std::size_t offset) {
  const char c = source[offset];
  if (c == '"' || c == '\\') {
    text += '\\';
    text += c;
    return 1;
  }
  const std::size_t length = utf8_length(source, offset);
  if (length == 0 || c == '\0') {  // our parser refuses \u0000, as no program takes it
    text += replacement;
    return 1;
  }
  const unsigned byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || byte == 0x7F) append_control(text, c);
  else text.append(source, offset, length);
  return length;
}

void append_string(std::string& text, std::string_view source) {
  text += '"';
  for (std::size_t i = 0; i < source.size();) i += append_character(text, source, i);
  text += '"';
}

}  // namespace

void Writer::separate() {
  if (needs_comma_) text_ += ',';
  needs_comma_ = true;
}

Writer& Writer::open(char begin, char end) {
  separate();
  text_ += begin;
  closers_ += end;
  needs_comma_ = false;
  return *this;
}

Writer& Writer::end() {
  HPO_ASSERT(!closers_.empty(), "end() closes what object() or array() opened");
  text_ += closers_.back();
  closers_.pop_back();
  needs_comma_ = true;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  append_string(text_, name);
  text_ += ':';
  needs_comma_ = false;
  return *this;
}

Writer& Writer::value(std::string_view text) {
  separate();
  append_string(text_, text);
  return *this;
}

Writer& Writer::value(bool flag) { return raw(flag ? "true" : "false"); }

Writer& Writer::value(double number) {
  separate();
  append_double(text_, number);
  return *this;
}

Writer& Writer::value(std::int64_t number) {
  separate();
  append_number(text_, number);
  return *this;
}

Writer& Writer::value(std::uint64_t number) {
  separate();
  append_number(text_, number);
  return *this;
}

Writer& Writer::value(const ParamValue& param) {
  if (!is_active(param)) return null();
  const auto write = [this](const auto& held) {
    if constexpr (!std::is_same_v<decltype(held), const Inactive&>) value(held);
  };
  std::visit(write, param);
  return *this;
}

Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
  separate();
  text_ += json;
  return *this;
}

std::string number_text(double number) {
  std::string text;
  append_double(text, number);
  return text;
}

}  // namespace hpo::json
