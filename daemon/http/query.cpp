// Decoding of the query. What is unclear is refused: a dropped key would answer another question.
#include "daemon/http/query.hpp"

#include <charconv>
#include <system_error>

#include "schema/decode/decode.hpp"

namespace hpo::http {
namespace {

Error bad(std::string what, std::string where, std::string remedy) {
  return {ErrorCode::invalid_argument, std::move(what), std::move(where), std::move(remedy)};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte that the three characters at `at` mean; -1 if they are no escape.
int escape(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size()) return -1;
  const int high = hex_digit(text[at + 1]);
  const int low = hex_digit(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7f; }

}  // namespace

Result<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    int byte = static_cast<unsigned char>(text[i]);
    if (text[i] == '%') {
      byte = escape(text, i);
      if (byte < 0) {
        return bad("'%' without two hexadecimal digits", "the request's target",
                   "write a percent sign as %25");
      }
      i += 2;
    }
    if (is_control(static_cast<unsigned char>(byte))) {
      return bad("a control character", "the request's target", "leave it out");
    }
    out.push_back(static_cast<char>(byte));
  }
  return out;
}

Result<Query> Query::parse(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    const std::size_t equal = pair.find('=');
    auto key = percent_decode(pair.substr(0, equal));
    if (!key) return key.error();
    auto value = percent_decode(equal == std::string_view::npos ? "" : pair.substr(equal + 1));
    if (!value) return value.error();
    if (query.find(*key) != nullptr) {
      return bad("query parameter '" + *key + "' is given twice", "the request's query",
                 "give it once");
    }
    if (query.pairs_.size() == keys_max) {
      return bad("too many query parameters", "the request's query",
                 "at most " + std::to_string(keys_max) + " are read");
    }
    query.pairs_.emplace_back(std::move(*key), std::move(*value));
  }
  return query;
}

const std::string* Query::find(std::string_view key) const {
  for (const auto& [name, value] : pairs_) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string Query::text(std::string_view key) const {
  const std::string* value = find(key);
  return value == nullptr ? std::string{} : *value;
}

Result<std::int64_t> Query::integer(std::string_view key, const IntRange& range) const {
  const std::string* text = find(key);
  if (text == nullptr) return range.fallback;
  std::int64_t number = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  const bool is_number = error == std::errc{} && stop == end && !text->empty();
  if (is_number && number >= range.min && number <= range.max) return number;
  return bad("'" + std::string(key) + "' is no whole number in its range: \"" + *text + "\"",
             "query parameter '" + std::string(key) + "'",
             "give a number from " + std::to_string(range.min) + " to " +
                 std::to_string(range.max));
}

Result<void> Query::only(const std::vector<std::string_view>& known) const {
  for (const auto& pair : pairs_) {
    const std::string& key = pair.first;
    bool is_known = false;
    for (const std::string_view name : known) is_known = is_known || name == key;
    if (is_known) continue;
    std::string list;
    for (const std::string_view name : known) {
      (list += list.empty() ? "" : ", ") += name;
    }
    const std::string_view near = nearest(key, known);
    return bad("unknown query parameter '" + key + "'", "the request's query",
               !near.empty()  ? did_you_mean(near)
               : list.empty() ? std::string("this route takes no query")
                              : "this route takes: " + list);
  }
  return {};
}

}  // namespace hpo::http
