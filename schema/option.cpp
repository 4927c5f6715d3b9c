// See option.hpp.
#include "schema/option.hpp"

#include <algorithm>

namespace hpo {

std::span<const Option> options_of(std::span<const Option> all, std::string_view owner) {
  const auto is_its = [owner](const Option& option) { return option.owner == owner; };
  const auto begin = std::find_if(all.begin(), all.end(), is_its);
  return {begin, std::find_if_not(begin, all.end(), is_its)};
}

bool is_legal(const Option& option, const ParamValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    return option.kind == Option::Kind::word &&
           std::find(option.words.begin(), option.words.end(), *text) != option.words.end();
  }
  const auto* whole = std::get_if<std::int64_t>(&value);
  const auto* real = std::get_if<double>(&value);
  const bool takes_real = option.kind == Option::Kind::number;
  if (option.kind == Option::Kind::word || (!whole && !(real && takes_real))) return false;
  const double number = whole ? static_cast<double>(*whole) : *real;
  return number >= option.low && number <= option.high;
}

}  // namespace hpo
