// See read.hpp: numbers, texts, lists and objects.
#include "schema/decode/read.hpp"

#include <cmath>

#include "schema/decode/amount.hpp"
#include "schema/decode/display.hpp"
#include "schema/decode/duration.hpp"
#include "schema/json/writer.hpp"
#include "schema/memory_text.hpp"

namespace hpo::decode {
namespace {

constexpr double int64_end = 9223372036854775808.0;  // 2^63, the first double beyond

bool is_whole_number(const json::Node& node) {
  return node.is_number() && std::trunc(node.number) == node.number;
}

// "4" instead of 4: the most frequent slip of all.
std::string unquote_remedy(const json::Node& node, const std::string& otherwise) {
  if (node.kind != json::Kind::string || node.string.empty()) return otherwise;
  const bool is_digits = node.string.find_first_not_of("0123456789.eE+-") == std::string::npos;
  return is_digits ? "write " + visible(node.string) + " without quotes" : otherwise;
}

void add_out_of_range(const Cursor& at, const std::string& low, const std::string& high,
                      const std::string& remedy) {
  at.add({.code = Code::out_of_range,
          .message = at.label() + " must be from " + low + " to " + high,
          .suggestion = remedy});
}

// For a word that is like none of them: "write "stopping" or "promotion"".
std::string any_of_words(std::span<const std::string_view> known) {
  std::string text = "write";
  for (std::size_t i = 0; i < known.size(); ++i) {
    text += (i == 0 ? " " : " or ") + quoted(known[i]);
  }
  return text;
}

void add_bad_length(const Cursor& at, std::string_view what, std::size_t found,
                    Range<std::size_t> range, std::string_view remedy) {
  const std::string limits = range.low == range.high
                                 ? std::to_string(range.low)
                                 : std::to_string(range.low) + " to " + std::to_string(range.high);
  at.add({.code = Code::bad_length,
          .message = at.label() + " has " + std::to_string(found) + " " + std::string(what) +
                     (found == 1 ? "" : "s") + ", but takes " + limits,
          .suggestion = std::string(remedy)});
}

}  // namespace

std::string_view kind_words(const json::Node& node) {
  switch (node.kind) {
    case json::Kind::null: return "null";
    case json::Kind::boolean: return node.boolean ? "true" : "false";
    case json::Kind::integer: return "an integer";
    case json::Kind::number: return "a number";
    case json::Kind::string: return "a string";
    case json::Kind::array: return "a list";
    case json::Kind::object: return "an object";
  }
  return "a value";
}

void add_wrong_type(const Cursor& at, std::string_view expected, std::string remedy) {
  if (at.node().kind == json::Kind::null && !at.key().empty()) {
    remedy = "remove the key to have its default";
  }
  at.add({.code = Code::wrong_type,
          .message = at.label() + " must be " + std::string(expected) + ", not " +
                     (at.node().is_number() ? value_words(at.node())
                                            : std::string(kind_words(at.node()))),
          .suggestion = std::move(remedy)});
}

std::optional<std::int64_t> whole_value(const json::Node& node) {
  if (node.kind == json::Kind::integer) return node.integer;
  if (!is_whole_number(node)) return std::nullopt;
  if (node.number < -int64_end || node.number >= int64_end) return std::nullopt;
  return static_cast<std::int64_t>(node.number);
}

std::string value_words(const json::Node& node) {
  if (node.kind == json::Kind::integer) return std::to_string(node.integer);
  if (node.kind == json::Kind::number) return json::number_text(node.number);
  if (node.kind == json::Kind::string) return quoted(node.string);
  return std::string(kind_words(node));
}

std::string joined(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

std::optional<bool> read_bool(const Cursor& at) {
  if (at.node().kind == json::Kind::boolean) return at.node().boolean;
  add_wrong_type(at, "true or false");
  return std::nullopt;
}

std::optional<std::int64_t> read_integer(const Cursor& at, Range<std::int64_t> range,
                                         const std::string& remedy) {
  if (!is_whole_number(at.node())) {
    add_wrong_type(at, "an integer", unquote_remedy(at.node(), remedy));
    return std::nullopt;
  }
  const auto number = whole_value(at.node());
  if (number && *number >= range.low && *number <= range.high) return number;
  add_out_of_range(at, std::to_string(range.low), std::to_string(range.high), remedy);
  return std::nullopt;
}

std::optional<int> read_int(const Cursor& at, Range<int> range) {
  const auto number = read_integer(at, {.low = range.low, .high = range.high});
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

std::optional<double> read_number(const Cursor& at, Range<double> range,
                                  const std::string& remedy) {
  if (!at.node().is_number()) {
    add_wrong_type(at, "a number", unquote_remedy(at.node(), remedy));
    return std::nullopt;
  }
  const double number = at.node().number;
  if (number >= range.low && number <= range.high) return number;
  add_out_of_range(at, json::number_text(range.low), json::number_text(range.high), remedy);
  return std::nullopt;
}

std::optional<std::string> read_text(const Cursor& at, Range<std::size_t> length) {
  if (at.node().kind != json::Kind::string) {
    add_wrong_type(at, "a string", at.node().is_number() ? "put it in quotes" : "");
    return std::nullopt;
  }
  const std::size_t characters = count_characters(at.node().string);
  if (characters >= length.low && characters <= length.high) return at.node().string;
  add_bad_length(at, "character", characters, length, "");
  return std::nullopt;
}

std::optional<std::chrono::seconds> read_duration(const Cursor& at,
                                                  Range<std::chrono::seconds> range) {
  const json::Node& node = at.node();
  const auto duration = node.kind == json::Kind::string ? parse_duration(node.string)
                                                        : std::nullopt;
  if (!duration) {
    at.add({.code = Code::bad_duration,
            .message = at.label() + " must be a duration with its unit, in quotes",
            .suggestion = node.is_number()
                              ? "add the unit: \"" + value_words(node) + "s\""
                              : "write it as in \"90s\", \"15m\", \"4h\", \"2d\", \"04:30:00\""});
    return std::nullopt;
  }
  const bool is_rounded_up = range.low > std::chrono::seconds(0) && is_part_of_second(node.string);
  if (!is_rounded_up && *duration >= range.low && *duration <= range.high) return duration;
  at.add({.code = Code::duration_out_of_range,
          .message = at.label() + " must be from " + duration_text(range.low) + " to " +
                     duration_text(range.high)});
  return std::nullopt;
}

std::optional<std::int64_t> read_memory(const Cursor& at, Range<std::int64_t> range) {
  const json::Node& node = at.node();
  const auto bytes = node.kind == json::Kind::string ? parse_memory(node.string) : std::nullopt;
  if (!bytes) {
    at.add({.code = Code::bad_memory,
            .message = at.label() + " must be an amount with its unit, in quotes",
            .suggestion = node.is_number()
                              ? "add the unit: \"" + value_words(node) + "G\""
                              : "write it as in \"200G\", \"512M\", \"1.5T\""});
    return std::nullopt;
  }
  if (*bytes >= range.low && *bytes <= range.high) return bytes;
  at.add({.code = Code::amount_out_of_range,
          .message = at.label() + " must be from " + memory_text(range.low) + " to " +
                     memory_text(range.high)});
  return std::nullopt;
}

std::optional<std::string_view> read_word(const Cursor& at,
                                          std::span<const std::string_view> known) {
  if (at.node().kind != json::Kind::string) {
    add_wrong_type(at, "one of: " + joined(known));
    return std::nullopt;
  }
  for (const std::string_view word : known) {
    if (word == at.node().string) return word;
  }
  const std::string_view near = nearest(at.node().string, {known.begin(), known.end()});
  at.add({.code = Code::unknown_word,
          .message = at.label() + " cannot be " + quoted(at.node().string),
          .suggestion = near.empty() ? any_of_words(known) : std::string(near),
          .note = "known: " + joined(known)});
  return std::nullopt;
}

bool expect_object(const Cursor& at, std::string_view remedy) {
  if (at.node().kind == json::Kind::object) return true;
  add_wrong_type(at, "an object", std::string(remedy));
  return false;
}

bool expect_list(const Cursor& at, Range<std::size_t> length, std::string_view remedy) {
  if (at.node().kind != json::Kind::array) {
    add_wrong_type(at, "a list", std::string(remedy));
    return false;
  }
  const std::size_t items = at.node().items.size();
  if (items >= length.low && items <= length.high) return true;
  add_bad_length(at, "item", items, length, items < length.low ? remedy : "");
  return false;
}

}  // namespace hpo::decode
