// See held_steps.hpp.
#include "cli/worker/held_steps.hpp"

#include <utility>

namespace hpo::cli::worker {
namespace {

constexpr std::size_t waiting_max = 2048;
constexpr std::size_t waiting_bytes_max = 384U << 10U;

}  // namespace

// As JSON, with the words around it.
std::size_t HeldSteps::bytes_of(const StepTold& step) {
  std::size_t bytes = 200 + step.unread.size() + step.skipped.size();
  for (const auto& [name, number] : step.metrics) bytes += name.size() + 30;
  return bytes;
}

void HeldSteps::push(StepTold step) {
  bytes_ += bytes_of(step);
  steps_.push_back(std::move(step));
}

void HeldSteps::pop() {
  bytes_ -= bytes_of(steps_.front());
  steps_.pop_front();
}

int HeldSteps::wait_for_end() {
  int gone = 0;
  for (StepTold& step : std::exchange(*this, HeldSteps()).steps_) {
    gone += push_waiting(std::move(step));
  }
  return gone;
}

int HeldSteps::push_waiting(StepTold step) {
  const std::size_t before = count() + 1;
  if (is_last_loose_) {
    bytes_ -= bytes_of(steps_.back());
    steps_.pop_back();
  }
  push(std::move(step));
  is_last_loose_ = pushed_++ % stride_ != 0;
  while (count() > 2 && (count() > waiting_max || bytes_ > waiting_bytes_max)) halve();
  return static_cast<int>(before - count());
}

void HeldSteps::halve() {
  HeldSteps half;
  const std::size_t last = count() - 1;
  for (std::size_t i = 0; i <= last; ++i) {
    if (i % 2 == 0 || i == last) half.push(std::move(steps_[i]));
  }
  half.stride_ = 2 * stride_;
  half.pushed_ = pushed_;
  half.is_last_loose_ = is_last_loose_ || last % 2 == 1;
  *this = std::move(half);
}

}  // namespace hpo::cli::worker
