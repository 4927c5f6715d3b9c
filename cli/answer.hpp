// Answer<T>: a value, or a Failure that carries its exit code and the text for stderr.
//
// Error has one exit code per ErrorCode; a command line tells more apart: no daemon, another
// host's daemon, a list of problems, Ctrl-C. Any thread.
#pragma once

#include <utility>
#include <variant>

#include "cli/exit_code.hpp"
#include "cli/remedy.hpp"
#include "schema/result.hpp"

namespace hpo::cli {

struct Failure {
  ExitCode exit_code = ExitCode::error;
  Error error{};          // its remedy is the next command to type
  std::string details{};  // whole lines shown between the sentence and the remedy
};

inline Failure failure_of(Error error) {
  const ExitCode code = exit_code_of(error.code);
  error.remedy = with_command(std::move(error.remedy), command_for(error.where));
  return Failure{.exit_code = code, .error = std::move(error), .details = {}};
}

template <class T>
class [[nodiscard]] Answer {
 public:
  Answer(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Answer(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}

  explicit operator bool() const noexcept { return state_.index() == 0; }

  // REQUIRES: a value
  T& operator*() { return std::get<0>(state_); }
  const T& operator*() const { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }

  // REQUIRES: no value
  const Failure& failure() const { return std::get<1>(state_); }

 private:
  std::variant<T, Failure> state_;
};

}  // namespace hpo::cli
