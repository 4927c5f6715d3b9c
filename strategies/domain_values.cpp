// One overload of each function per kind of domain.
#include "strategies/domain_values.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "schema/assert.hpp"

namespace hpo {
namespace {

constexpr double steps_max = 0x1.0p62;  // more cannot be told apart anyway

// Doubles in order as consecutive integers; both zeros are 0.
std::int64_t ordered(double x) {
  const auto bits = std::bit_cast<std::int64_t>(std::abs(x));
  return std::signbit(x) ? -bits : bits;
}

double from_ordered(std::int64_t k) {
  const double magnitude = std::bit_cast<double>(k < 0 ? -k : k);
  return k < 0 ? -magnitude : magnitude;
}

// Unsigned arithmetic wraps, so the distance is right even if it is above 2^63.
std::uint64_t distance(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

std::int64_t advance(std::int64_t from, std::uint64_t distance) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + distance);
}

std::uint64_t last(const FloatDomain& d) {
  if (!d.step) return distance(ordered(d.low), ordered(d.high));
  const double steps = std::round((d.high - d.low) / *d.step);  // whole; SearchSpace::make checks
  return static_cast<std::uint64_t>(std::min(steps, steps_max));
}

std::uint64_t index(const FloatDomain& d, const ParamValue& value) {
  const double x = std::clamp(std::get<double>(value), d.low, d.high);
  if (!d.step) return distance(ordered(d.low), ordered(x));
  return std::min(static_cast<std::uint64_t>(std::round((x - d.low) / *d.step)), last(d));
}

ParamValue at(const FloatDomain& d, std::uint64_t index) {
  if (!d.step) return from_ordered(advance(ordered(d.low), index));
  return std::clamp(d.low + static_cast<double>(index) * *d.step, d.low, d.high);
}

std::uint64_t last(const IntDomain& d) {
  return distance(d.low, d.high) / static_cast<std::uint64_t>(d.step);
}

std::uint64_t index(const IntDomain& d, const ParamValue& value) {
  return distance(d.low, std::get<std::int64_t>(value)) / static_cast<std::uint64_t>(d.step);
}

ParamValue at(const IntDomain& d, std::uint64_t index) {
  return advance(d.low, index * static_cast<std::uint64_t>(d.step));
}

std::uint64_t place(const std::vector<ParamValue>& list, const ParamValue& value) {
  const auto found = std::find(list.begin(), list.end(), value);
  HPO_ASSERT(found != list.end(), "the value is one of the list; SearchSpace::contains checks it");
  return static_cast<std::uint64_t>(found - list.begin());
}

std::uint64_t last(const ChoiceDomain& d) { return d.choices.size() - 1; }
std::uint64_t index(const ChoiceDomain& d, const ParamValue& v) { return place(d.choices, v); }
ParamValue at(const ChoiceDomain& d, std::uint64_t index) { return d.choices[index]; }

std::uint64_t last(const OrdinalDomain& d) { return d.levels.size() - 1; }
std::uint64_t index(const OrdinalDomain& d, const ParamValue& v) { return place(d.levels, v); }
ParamValue at(const OrdinalDomain& d, std::uint64_t index) { return d.levels[index]; }

std::uint64_t last(const BoolDomain&) { return 1; }
std::uint64_t index(const BoolDomain&, const ParamValue& v) { return std::get<bool>(v) ? 1 : 0; }
ParamValue at(const BoolDomain&, std::uint64_t index) { return index != 0; }

std::uint64_t last(const FixedDomain&) { return 0; }
std::uint64_t index(const FixedDomain&, const ParamValue&) { return 0; }
ParamValue at(const FixedDomain& d, std::uint64_t) { return d.value; }

}  // namespace

std::uint64_t last_index(const Domain& domain) {
  return std::visit([](const auto& d) { return last(d); }, domain);
}

std::uint64_t index_of(const Domain& domain, const ParamValue& value) {
  return std::visit([&](const auto& d) { return index(d, value); }, domain);
}

ParamValue value_at(const Domain& domain, std::uint64_t index) {
  HPO_ASSERT(index <= last_index(domain), "an index stays within its domain");
  return std::visit([&](const auto& d) { return at(d, index); }, domain);
}

bool is_continuous(const Domain& domain) {
  const auto* d = std::get_if<FloatDomain>(&domain);
  return d != nullptr && !d->step;
}

}  // namespace hpo
