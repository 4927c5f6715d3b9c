// See reason.hpp.
#include "strategies/pruners/reason.hpp"

#include <array>
#include <charconv>

namespace hpo::pruning {

std::string short_number(double number) {
  constexpr int digits = 6;
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number,
                                 std::chars_format::general, digits).ptr;
  return {text.data(), end};
}

std::string value_at(double loss, std::int64_t step, Direction direction) {
  const double value = direction == Direction::minimize ? loss : 0.0 - loss;  // no -0
  return "value " + short_number(value) + " at step " + std::to_string(step);
}

std::string fraction_words(double eta) {
  if (eta == 2.0) return "half";
  if (eta == 3.0) return "third";
  if (eta == 4.0) return "quarter";
  return "1/" + short_number(eta);
}

}  // namespace hpo::pruning
