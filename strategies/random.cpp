// Random search: independent uniform coordinates (Bergstra and Bengio 2012).
#include "strategies/options.hpp"
#include "strategies/random_point.hpp"
#include "strategies/strategy.hpp"
#include "strategies/unit_cube.hpp"

namespace hpo {
namespace {

class RandomSearch final : public Strategy {
 public:
  explicit RandomSearch(const StudySpec& spec) : cube_(spec.space), seed_(spec.seed) {}

  Result<Proposals> ask(const History&, int first_number, int count) override {
    Proposals answer;
    for (int number = first_number; number < first_number + count; ++number) {
      const auto point = random_point(cube_.dimension(), {.seed = seed_, .trial = number});
      answer.proposals.push_back({number, cube_.from_unit(point)});
    }
    return answer;
  }

 private:
  UnitCube cube_;
  std::uint64_t seed_ = 0;
};

}  // namespace

Result<std::unique_ptr<Strategy>> make_random(const StudySpec& spec) {
  if (auto known = check_options(spec, {}); !known) return known.error();
  return std::unique_ptr<Strategy>(std::make_unique<RandomSearch>(spec));
}

}  // namespace hpo
