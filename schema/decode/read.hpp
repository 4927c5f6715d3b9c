// Typed reading at a cursor: each answers with a value, or adds the problem and answers nothing.
//
// So a section reads `read_into(at.find("parallel"), …)` and goes on; nothing is thrown and
// nothing is reported twice. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/decode/cursor.hpp"
#include "schema/words.hpp"

namespace hpo::decode {

template <class T>
struct Range {
  T low{};
  T high{};  // included
};

std::optional<bool> read_bool(const Cursor& at);
// `remedy`: for whatever is refused, where more is known than the range.
std::optional<std::int64_t> read_integer(const Cursor& at, Range<std::int64_t> range,
                                         const std::string& remedy = {});
std::optional<int> read_int(const Cursor& at, Range<int> range);
std::optional<double> read_number(const Cursor& at, Range<double> range,
                                  const std::string& remedy = {});

// The value of 8, 8.0 or 8e0, as JSON Schema has it; nullopt if it is no integer of 64 bits.
std::optional<std::int64_t> whole_value(const json::Node& node);
// As the user wrote it, as far as we know: 8, 8.0, "eight".
std::string value_words(const json::Node& node);

// Lengths are counted in characters, as JSON Schema does.
std::optional<std::string> read_text(const Cursor& at, Range<std::size_t> length);
std::optional<std::chrono::seconds> read_duration(const Cursor& at,
                                                  Range<std::chrono::seconds> range);
std::optional<std::int64_t> read_memory(const Cursor& at, Range<std::int64_t> range);  // bytes

enum class NameKind {
  study, metric, tag, parameter, variable, profile,
  account, partition, qos, reservation, licenses, constraint, module, conda  // of batch systems
};
std::optional<std::string> read_name(const Cursor& at, NameKind kind);
// The same for a key; adds the problem to the key.
bool check_key_name(const Cursor& member, NameKind kind);

// One of `known`; E0108 with the nearest one otherwise.
std::optional<std::string_view> read_word(const Cursor& at,
                                          std::span<const std::string_view> known);

template <class E>
std::optional<E> read_enum(const Cursor& at) {
  const auto text = read_word(at, words<E>);
  return text ? from_word<E>(*text) : std::nullopt;
}

bool expect_object(const Cursor& at, std::string_view remedy = {});
bool expect_list(const Cursor& at, Range<std::size_t> length, std::string_view remedy = {});

// {"NAME": "text", …}: names are environment variables.
struct VariableLimits { std::size_t count = 128; std::size_t characters = 8192; };
std::map<std::string, std::string> read_variables(const Cursor& at, VariableLimits limits);

// What a value is, for a sentence: "a string".
std::string_view kind_words(const json::Node& node);
void add_wrong_type(const Cursor& at, std::string_view expected, std::string remedy = {});

// "a b c", for the note "known keys: a b c".
std::string joined(std::span<const std::string_view> words);

// Keeps the default if nothing was read.
template <class T>
void assign(std::optional<T> read, T& target) {
  if (read) target = *std::move(read);
}

}  // namespace hpo::decode
