// The words of our enumerations: one table each, for the database, REST and the terminal alike.
//
// An enumeration takes part by a specialisation of `words` beside it, in enumerator order.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace hpo {

template <class... Text>
constexpr std::array<std::string_view, sizeof...(Text)> word_table(Text... text) {
  return {std::string_view(text)...};
}

template <class E>
inline constexpr auto words = word_table();  // specialise beside the enumeration

template <class E>
constexpr std::string_view word(E value) {
  return words<E>[static_cast<std::size_t>(value)];
}

// nullopt: no such word.
template <class E>
constexpr std::optional<E> from_word(std::string_view text) {
  for (std::size_t i = 0; i < words<E>.size(); ++i) {
    if (words<E>[i] == text) return static_cast<E>(i);
  }
  return std::nullopt;
}

}  // namespace hpo
