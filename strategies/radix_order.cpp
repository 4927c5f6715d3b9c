// Least significant digit first (Knuth, The Art of Computer Programming 3, 5.2.5): the bits of
// doubles that are not negative are ordered as they are.
#include "strategies/radix_order.hpp"

#include <array>
#include <bit>
#include <cstddef>

namespace hpo {
namespace {

constexpr unsigned digit_bits = 11;
constexpr unsigned digits = 6;
constexpr std::uint64_t digit_mask = (1U << digit_bits) - 1;

struct Item {
  std::uint64_t bits = 0;
  std::uint32_t index = 0;
};

using Counts = std::array<std::uint32_t, digit_mask + 1>;

std::uint64_t digit_of(const Item& item, unsigned digit) {
  return (item.bits >> (digit * digit_bits)) & digit_mask;
}

// Where the items of each digit begin. False if all have the same.
bool count(const std::vector<Item>& items, unsigned digit, Counts& places) {
  places.fill(0);
  for (const Item& item : items) ++places[digit_of(item, digit)];
  if (places[digit_of(items.front(), digit)] == items.size()) return false;
  std::uint32_t place = 0;
  for (std::uint32_t& each : places) {
    const std::uint32_t found = each;
    each = place;
    place += found;
  }
  return true;
}

}  // namespace

std::vector<std::uint32_t> radix_order(std::span<const double> numbers) {
  std::vector<Item> items(numbers.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const double number = numbers[i] + 0.0;  // -0 is 0
    items[i] = {std::bit_cast<std::uint64_t>(number), static_cast<std::uint32_t>(i)};
  }
  std::vector<Item> sorted(items.size());
  Counts places{};
  for (unsigned digit = 0; digit < digits && !items.empty(); ++digit) {
    if (!count(items, digit, places)) continue;
    for (const Item& item : items) sorted[places[digit_of(item, digit)]++] = item;
    items.swap(sorted);
  }
  std::vector<std::uint32_t> order(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) order[i] = items[i].index;
  return order;
}

}  // namespace hpo
