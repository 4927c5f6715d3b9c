// Reading the daemon's JSON without a ladder of ifs, and writing a tree back as text.
//
// What is missing reads as null, "", 0: a newer or older daemon may leave fields out. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/json/node.hpp"

namespace hpo::cli {

// The member, or a null node.
const json::Node& member(const json::Node& node, std::string_view key);
const json::Node& member(const json::Node& node, std::string_view key, std::string_view inner);

bool is_null(const json::Node& node);
std::string text_of(const json::Node& node);      // "" unless a string
std::int64_t integer_of(const json::Node& node);  // 0 unless a number
std::optional<double> number_of(const json::Node& node);

// A value as one types it: strings bare, all else as JSON.
std::string plain_text(const json::Node& node);
// Likewise for people: at most six significant digits.
std::string short_text(const json::Node& node);

std::string to_json(const json::Node& node);      // on one line
std::string to_pretty_json(const json::Node& node);  // indented; what fits stays on one line

}  // namespace hpo::cli
