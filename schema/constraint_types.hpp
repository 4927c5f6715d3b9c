// What a part of a constraint is: a number, true or false, or a text. For constraint_parser.cpp.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "schema/parameter.hpp"

namespace hpo {

enum class PartType { number, truth, text, mixed };

// Of all values of a domain; mixed if they differ.
PartType part_type(const Domain& domain);

// The texts of a domain whose type is text.
std::vector<std::string_view> texts_of(const Domain& domain);

// A part that has been read. A text has put no step down yet: it waits for its other side.
struct Part {
  PartType type = PartType::number;
  std::size_t offset = 0;
  std::size_t end = 0;
  std::optional<std::size_t> parameter{};  // of a text that is a parameter
  std::string_view text{};                 // of a text in quotes
};

}  // namespace hpo
