// Refuses the options that a strategy or a pruner does not know, once for all, and reads those that
// it knows. Any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "schema/study.hpp"

namespace hpo {

// Error: invalid_argument, naming the known options.
Result<void> check_options(const StudySpec& spec, std::initializer_list<std::string_view> known);

// The values of the options of a strategy or a pruner: as given, or their defaults.
class OptionValues {
 public:
  // `strategy`: as in schema/strategy_options.cpp. Error: invalid_argument, for an option that is
  // unknown, of a wrong type or out of range; also if the strategy needs a fidelity and the study
  // has none.
  static Result<OptionValues> make(const StudySpec& spec, std::string_view strategy);

  // Of the study's pruner, as in schema/pruner_options.cpp. Error: likewise; also if the pruner
  // needs a fidelity and the study has none.
  static Result<OptionValues> of_pruner(const StudySpec& spec);

  // REQUIRES: an option of this type, with a default or asked for by `has`
  bool has(std::string_view name) const { return values_.contains(name); }
  double number(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  std::string_view word(std::string_view name) const;

 private:
  struct Owner;
  static Result<OptionValues> read(const Owner& owner,
                                   const std::map<std::string, ParamValue>& given);

  std::map<std::string, ParamValue, std::less<>> values_{};
};

}  // namespace hpo
