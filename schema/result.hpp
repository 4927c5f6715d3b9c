// Result<T>: a value, or an Error that says what happened, where, and how to mend it.
//
// Why not exceptions: a refused study or a failed submission is an ordinary outcome here, so it
// belongs in the signature. Why not std::expected: GCC 12 has it only from C++23 on; the names
// below are std::expected's, so this file can become an alias later. Any thread.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace hpo {

// Decides the HTTP status (daemon/http/problem.cpp) and the exit code (cli/exit_code.hpp).
enum class ErrorCode {
  invalid_argument,  // the caller's input is wrong
  not_found,
  conflict,          // legal in itself, but not in the present state
  unavailable,       // try again later
  no_space,          // the disk is full; nothing was written
  outcome_unknown,   // the write may or may not be durable; ask after the restart
  too_large,
  corrupt,           // stored data cannot be what we wrote
  internal,          // a library failed in a way that we did not foresee
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string what{};    // what happened: "parameter 'lr': low 0 is not above 0 on a log scale"
  std::string where{};   // where: "study.json /space/lr/float/0", or a command, or a path
  std::string remedy{};  // how to mend it: "set low > 0, or drop \"log\": true"
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  // REQUIRES: has_value()
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }

  // REQUIRES: !has_value()
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return error_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  const Error& error() const& { return std::get<1>(error_); }
  Error&& error() && { return std::get<1>(std::move(error_)); }

 private:
  std::variant<std::monostate, Error> error_;
};

}  // namespace hpo
