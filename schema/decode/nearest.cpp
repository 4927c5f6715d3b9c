// nearest(): what the user probably meant.
//
// Damerau-Levenshtein in its optimal-alignment form (Boytsov 2011, section 2.2), ASCII case
// ignored, in a band of ±2 around the diagonal: a hostile text costs O(length) per known word.
// Pure, any thread.
#include <algorithm>
#include <array>

#include "schema/decode/decode.hpp"

namespace hpo {
namespace {

constexpr std::size_t distance_max = 2;
constexpr std::size_t word_bytes_max = 128;  // longer words are no misspelt keys

using Row = std::array<std::size_t, word_bytes_max + 1>;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_swap(std::string_view a, std::string_view b, std::size_t i, std::size_t j) {
  return i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
}

// Cells outside the band count as too far. The answer is exact up to distance_max.
std::size_t distance(std::string_view a, std::string_view b) {
  constexpr std::size_t far = distance_max + 1;
  Row two_up, up, row;
  two_up.fill(far), up.fill(far), row.fill(far);
  for (std::size_t j = 0; j <= std::min(b.size(), distance_max); ++j) up[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row.fill(far);
    const std::size_t begin = i > distance_max ? i - distance_max : 0;
    for (std::size_t j = begin; j <= std::min(b.size(), i + distance_max); ++j) {
      if (j == 0) {
        row[0] = i;
        continue;
      }
      const std::size_t cost = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      row[j] = std::min({up[j] + 1, row[j - 1] + 1, up[j - 1] + cost});
      if (is_swap(a, b, i, j)) row[j] = std::min(row[j], two_up[j - 2] + 1);
    }
    if (*std::min_element(row.begin(), row.end()) >= far) return far;
    two_up = up;
    up = row;
  }
  return up[b.size()];
}

bool is_too_long_or_short(std::string_view word, std::string_view other) {
  const std::size_t longer = std::max(word.size(), other.size());
  const std::size_t shorter = std::min(word.size(), other.size());
  return longer > word_bytes_max || longer - shorter > distance_max;
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  std::string_view best;
  std::size_t best_distance = distance_max + 1;
  for (const std::string_view candidate : known) {
    if (is_too_long_or_short(word, candidate)) continue;
    const std::size_t d = distance(word, candidate);
    // "lr" and "wd" are two changes apart, and have nothing in common.
    const bool is_alike = 2 * d <= std::max(word.size(), candidate.size());
    if (d >= best_distance || !is_alike) continue;
    best = candidate;
    best_distance = d;
  }
  return best;
}

std::string did_you_mean(std::string_view meant) {
  return "did you mean \"" + std::string(meant) + "\"?";
}

}  // namespace hpo
