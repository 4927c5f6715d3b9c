// Quasi-random search: the scrambled Sobol sequence, indexed by trial number.
//
// Covers the space more evenly than random points do, in every subset of the parameters; the
// index makes it replay whatever the batches were.
#include "strategies/options.hpp"
#include "strategies/sobol_sequence.hpp"
#include "strategies/strategy.hpp"
#include "strategies/unit_cube.hpp"

namespace hpo {
namespace {

class SobolSearch final : public Strategy {
 public:
  explicit SobolSearch(const StudySpec& spec)
      : cube_(spec.space), sequence_(cube_.dimension(), spec.seed) {}

  Result<Proposals> ask(const History&, int first_number, int count) override {
    Proposals answer;
    for (int number = first_number; number < first_number + count; ++number) {
      const auto point = sequence_.point(static_cast<std::uint32_t>(number));
      answer.proposals.push_back({number, cube_.from_unit(point)});
    }
    return answer;
  }

 private:
  UnitCube cube_;
  SobolSequence sequence_;
};

}  // namespace

Result<std::unique_ptr<Strategy>> make_sobol(const StudySpec& spec) {
  if (auto known = check_options(spec, {}); !known) return known.error();
  return std::unique_ptr<Strategy>(std::make_unique<SobolSearch>(spec));
}

}  // namespace hpo
