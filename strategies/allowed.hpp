// Values that the constraints of a space allow, and the layer that lets no others through.
//
// The one place where constraints are kept for every strategy: a proposal that violates one is
// replaced by a uniform draw over what is allowed (rejection, by address, so it replays). Where
// chance finds nothing, draws come nearer and nearer to values that are known to be allowed. A
// strategy that wants to do better asks space().violated() itself while it chooses.
// Like every strategy: one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "strategies/random_bits.hpp"
#include "strategies/strategy.hpp"
#include "strategies/unit_cube.hpp"

namespace hpo {

class AllowedValues {
 public:
  static constexpr int rounds_max = 4096;

  AllowedValues(const SearchSpace& space, std::uint64_t seed) : cube_(space), seed_(seed) {}

  struct Address {
    int number = 0;  // the trial's
    Stream stream = Stream::allowed;
    int rounds = rounds_max;
  };
  // The first draw that is allowed and that `accept` takes. nullopt: there was none.
  std::optional<Values> draw(const Address& at, const std::function<bool(const Values&)>& accept);

 private:
  std::vector<double> random_point_of(const Address& at, int round) const;
  std::optional<Values> draw_near(const Address& at,
                                  const std::function<bool(const Values&)>& accept);

  UnitCube cube_;
  std::uint64_t seed_ = 0;
  std::optional<std::vector<double>> anchor_{};  // an allowed point; sought once
  bool has_sought_ = false;
};

std::unique_ptr<Strategy> make_constrained(const StudySpec& spec, std::unique_ptr<Strategy> inner);

}  // namespace hpo
