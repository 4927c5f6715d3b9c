// One case per kind of axis, forth and back. Logarithms from elementary.hpp, not from libm.
#include "strategies/unit_cube.hpp"

#include <algorithm>
#include <cmath>

#include "schema/assert.hpp"
#include "strategies/domain_values.hpp"
#include "strategies/elementary.hpp"

namespace hpo {
namespace {

double blend(double low, double high, double u) {
  return std::clamp(low + u * (high - low), low, high);
}

double fraction(double low, double high, double x) {
  return std::clamp((x - low) / (high - low), 0.0, 1.0);
}

std::uint64_t cell_at(std::uint64_t last, double u) {
  const double cell = std::floor(u * (static_cast<double>(last) + 1.0));
  return cell >= static_cast<double>(last) ? last : static_cast<std::uint64_t>(cell);
}

double middle_of(std::uint64_t cell, std::uint64_t last) {
  return (static_cast<double>(cell) + 0.5) / (static_cast<double>(last) + 1.0);
}

std::int64_t nearest(const IntDomain& d, double x) {
  return std::clamp(static_cast<std::int64_t>(std::floor(x + 0.5)), d.low, d.high);
}

}  // namespace

UnitCube::UnitCube(SearchSpace space) : space_(std::move(space)) {
  for (std::size_t i = 0; i < space_.size(); ++i) {
    const Domain& domain = space_.parameters()[i].domain;
    fixed_.push_back(value_at(domain, 0));
    if (last_index(domain) > 0) axes_.push_back(make_axis(i));
  }
}

UnitCube::Axis UnitCube::make_axis(std::size_t parameter) const {
  const Domain& domain = space_.parameters()[parameter].domain;
  if (const auto* d = std::get_if<IntDomain>(&domain); d && d->scale == Scale::log) {
    return {.parameter = parameter, .kind = Kind::log_integer,
            .low = elementary::log(static_cast<double>(d->low) - 0.5),
            .high = elementary::log(static_cast<double>(d->high) + 0.5)};
  }
  if (!is_continuous(domain)) return {.parameter = parameter, .last = last_index(domain)};
  const auto& d = std::get<FloatDomain>(domain);
  if (d.scale == Scale::linear) {
    return {.parameter = parameter, .kind = Kind::linear, .low = d.low, .high = d.high};
  }
  return {.parameter = parameter, .kind = Kind::log, .low = elementary::log(d.low),
          .high = elementary::log(d.high)};
}

bool UnitCube::is_ordered(std::size_t axis) const {
  const Domain& of_axis = domain(axes_[axis]);
  return !std::holds_alternative<ChoiceDomain>(of_axis) &&
         !std::holds_alternative<BoolDomain>(of_axis);
}

UnitCube::Cell UnitCube::cell(std::size_t axis, double u) const {
  const Axis& a = axes_[axis];
  if (a.kind == Kind::cells) {
    const double count = static_cast<double>(a.last) + 1.0;
    const double k = static_cast<double>(cell_at(a.last, u));
    return {k / count, (k + 1.0) / count};
  }
  if (a.kind != Kind::log_integer) return {u, u};
  const auto k = static_cast<double>(std::get<std::int64_t>(value(a, u)));
  return {fraction(a.low, a.high, elementary::log(k - 0.5)),
          fraction(a.low, a.high, elementary::log(k + 0.5))};
}

const Domain& UnitCube::domain(const Axis& axis) const {
  return space_.parameters()[axis.parameter].domain;
}

double UnitCube::coordinate(const Axis& axis, const ParamValue& value) const {
  if (!is_active(value)) return unused;
  switch (axis.kind) {
    case Kind::cells: return middle_of(index_of(domain(axis), value), axis.last);
    case Kind::linear: return fraction(axis.low, axis.high, std::get<double>(value));
    case Kind::log:
      return fraction(axis.low, axis.high, elementary::log(std::get<double>(value)));
    case Kind::log_integer: break;
  }
  const auto k = static_cast<double>(std::get<std::int64_t>(value));
  return fraction(axis.low, axis.high, elementary::log(k));
}

ParamValue UnitCube::value(const Axis& axis, double u) const {
  if (axis.kind == Kind::cells) return value_at(domain(axis), cell_at(axis.last, u));
  if (u == 0.0) return value_at(domain(axis), 0);  // the bounds can be reached, and exactly
  if (u == 1.0) return value_at(domain(axis), last_index(domain(axis)));
  const double x = blend(axis.low, axis.high, u);
  if (axis.kind == Kind::linear) return x;
  if (axis.kind == Kind::log_integer) {
    return nearest(std::get<IntDomain>(domain(axis)), elementary::exp(x));
  }
  // exp(log(high)) may exceed high by one ulp.
  const auto& d = std::get<FloatDomain>(domain(axis));
  return std::clamp(elementary::exp(x), d.low, d.high);
}

std::vector<double> UnitCube::to_unit(std::span<const ParamValue> values) const {
  HPO_ASSERT(values.size() == space_.size(), "there is one value per parameter");
  std::vector<double> coordinates;
  coordinates.reserve(axes_.size());
  for (const Axis& axis : axes_) coordinates.push_back(coordinate(axis, values[axis.parameter]));
  return coordinates;
}

Values UnitCube::from_unit(std::span<const double> coordinates) const {
  HPO_ASSERT(coordinates.size() == axes_.size(), "there is one coordinate per axis");
  Values values = fixed_;
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    const double u = std::clamp(coordinates[i], 0.0, 1.0);
    HPO_ASSERT(u >= 0.0, "a coordinate is a number; NaN comes from a strategy's bug");
    values[axes_[i].parameter] = value(axes_[i], u);
  }
  space_.settle(values);
  return values;
}

std::vector<bool> UnitCube::active(std::span<const ParamValue> values) const {
  HPO_ASSERT(values.size() == space_.size(), "there is one value per parameter");
  std::vector<bool> active;
  for (const Axis& axis : axes_) active.push_back(is_active(values[axis.parameter]));
  return active;
}

std::vector<bool> UnitCube::active_at(std::span<const double> coordinates) const {
  if (!space_.has_conditions()) return std::vector<bool>(axes_.size(), true);
  return active(from_unit(coordinates));
}

}  // namespace hpo
