// See simulated_plan.hpp.
#include "executors/simulated_plan.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"

namespace hpo {
namespace {

constexpr double best_at = 0.25;
constexpr double ns_per_s = 1e9;
constexpr std::string_view id_prefix = "sim";
constexpr std::size_t id_fields = 5;  // sim:START:END:FATE:VALUE

constexpr std::array<std::string_view, 3> fates = {"completes", "fails", "vanishes"};

// Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators": the finaliser.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

// Uniform in [0, 1): a function of seed, trial, attempt and stream. Not of the job's name, which is
// drawn anew for each submission.
double draw(const AttemptSpec& spec, std::uint64_t stream) {
  std::uint64_t bits = spec.seed;
  for (const std::uint64_t key : {static_cast<std::uint64_t>(spec.trial),
                                  static_cast<std::uint64_t>(spec.attempt), stream}) {
    bits = mixed(bits + 0x9e3779b97f4a7c15U * (key + 1));
  }
  return static_cast<double>(bits >> 11U) * 0x1.0p-53;
}

double value_of(const std::string& params) {
  const auto root = json::parse_own(params, "params");
  if (!root) return 0.0;
  double sum = 0.0;
  for (const json::Member& member : root->members) {
    const json::Node& node = member.value;
    if (!node.is_number() && node.kind != json::Kind::boolean) continue;
    const double x = node.is_number() ? node.number : node.boolean ? 1.0 : 0.0;
    const double distance = x / (1.0 + std::abs(x)) - best_at;
    sum += distance * distance;
  }
  return sum;
}

std::array<std::string_view, id_fields> split(std::string_view text) {
  std::array<std::string_view, id_fields> fields{};
  for (std::string_view& field : fields) {
    const std::size_t end = text.find(':');
    field = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return fields;
}

template <class T>
bool read(std::string_view text, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

SimulatedPlan simulated_plan(const JobRequest& request, std::int64_t now_ns) {
  const SimulatedSpec& spec = request.executor.simulated;
  const double range = spec.seconds_max - spec.seconds_min;
  const double seconds = spec.seconds_min + draw(request.spec, 0) * range;
  const double luck = draw(request.spec, 1);
  SimulatedFate fate = SimulatedFate::completes;
  if (luck < spec.failures + spec.losses) fate = SimulatedFate::vanishes;
  if (luck < spec.failures) fate = SimulatedFate::fails;
  return {.start_ns = now_ns,
          .end_ns = now_ns + static_cast<std::int64_t>(seconds * ns_per_s),
          .fate = fate, .value = value_of(request.spec.params)};
}

std::string to_text(const SimulatedPlan& plan) {
  return std::string(id_prefix) + ":" + std::to_string(plan.start_ns) + ":" +
         std::to_string(plan.end_ns) + ":" +
         std::string(fates[static_cast<std::size_t>(plan.fate)]) + ":" +
         json::number_text(plan.value);
}

std::optional<SimulatedPlan> simulated_plan_from(std::string_view native_id) {
  const auto fields = split(native_id);
  SimulatedPlan plan;
  if (fields[0] != id_prefix || !read(fields[1], plan.start_ns) || !read(fields[2], plan.end_ns) ||
      !read(fields[4], plan.value)) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < fates.size(); ++i) {
    if (fields[3] == fates[i]) {
      plan.fate = static_cast<SimulatedFate>(i);
      return plan;
    }
  }
  return std::nullopt;
}

}  // namespace hpo
