// None: every trial runs to its end.
#include <memory>

#include "schema/study.hpp"
#include "strategies/options.hpp"
#include "strategies/pruners/rule.hpp"

namespace hpo {
namespace {

class None final : public Rule {
 public:
  Decision judge(const Observation&) override { return {}; }
  void end(int, bool, double) override {}
};

}  // namespace

Result<std::unique_ptr<Rule>> make_none(const StudySpec& spec) {
  const auto options = OptionValues::of_pruner(spec);
  if (!options) return options.error();
  return std::unique_ptr<Rule>(std::make_unique<None>());
}

}  // namespace hpo
