// The list of pruners, expanded from pruners.def.
#include <array>

#include "strategies/pruners/pruner.hpp"

namespace hpo {

#define HPO_PRUNER(name, version) Result<std::unique_ptr<Rule>> make_##name(const StudySpec&);
#include "strategies/pruners/pruners.def"
#undef HPO_PRUNER

std::span<const PrunerEntry> pruners() {
#define HPO_PRUNER(name, version) PrunerEntry{#name, version, make_##name},
  static const std::array entries{
#include "strategies/pruners/pruners.def"
  };
#undef HPO_PRUNER
  return entries;
}

Result<PrunerEntry> find_pruner(const StudySpec& spec) {
  std::string known;
  for (const PrunerEntry& entry : pruners()) {
    if (entry.name == spec.pruner.type) return entry;
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  return Error{ErrorCode::invalid_argument, "no pruner is called '" + spec.pruner.type + "'",
               "study.json /pruner", "use one of: " + known};
}

}  // namespace hpo
