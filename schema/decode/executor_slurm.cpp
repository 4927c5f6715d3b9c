// The executor "slurm": what its jobs ask of the batch system. See sections.hpp.
#include <iterator>

#include "schema/decode/amount.hpp"
#include "schema/decode/display.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"
#include "schema/json/writer.hpp"

namespace hpo::decode {
namespace {

constexpr Range<int> nodes_range{.low = 1, .high = 100'000};
constexpr Range<int> tasks_range{.low = 1, .high = 4096};
constexpr Range<int> queued_range{.low = 1, .high = 100'000};
constexpr Range<std::int64_t> memory_range{.low = std::int64_t{1} << 20U,
                                           .high = memory_bytes_max};
constexpr Range<double> rate_range{.low = 0.001, .high = 100.0};

struct Named {
  std::string_view key{};
  NameKind kind{};
  std::string BatchSpec::*member = nullptr;
};

constexpr Named names[] = {{"account", NameKind::account, &BatchSpec::account},
                           {"partition", NameKind::partition, &BatchSpec::partition},
                           {"qos", NameKind::qos, &BatchSpec::qos},
                           {"constraint", NameKind::constraint, &BatchSpec::constraint},
                           {"licenses", NameKind::licenses, &BatchSpec::licenses},
                           {"reservation", NameKind::reservation, &BatchSpec::reservation}};

Finding beyond(const Cursor& at, const std::string& low, const std::string& high) {
  return {.code = Code::amount_out_of_range,
          .message = at.label() + " must be from " + low + " to " + high};
}

std::optional<double> read_rate(const Cursor& at) {
  const json::Node& node = at.node();
  if (node.is_number()) return read_number(at, rate_range);
  const auto rate = node.kind == json::Kind::string ? parse_rate(node.string) : std::nullopt;
  if (!rate) {
    at.add({.code = Code::bad_rate,
            .message = at.label() + " must be a number of submissions per second",
            .suggestion = "write 1, 0.2 or \"10/1min\""});
    return std::nullopt;
  }
  if (*rate >= rate_range.low && *rate <= rate_range.high) return rate;
  at.add(beyond(at, json::number_text(rate_range.low), "100 submissions per second"));
  return std::nullopt;
}

}  // namespace

void decode_slurm(const Cursor& executor, BatchSpec& out) {
  for (const Named& name : names) {
    const auto at = executor.find(name.key);
    if (at) assign(read_name(*at, name.kind), out.*name.member);
  }
  if (const auto at = executor.find("nodes")) assign(read_int(*at, nodes_range), out.nodes);
  if (const auto at = executor.find("tasks_per_node")) {
    assign(read_int(*at, tasks_range), out.tasks_per_node);
  }
  if (const auto at = executor.find("memory")) out.memory_bytes = read_memory(*at, memory_range);
  if (const auto at = executor.find("exclusive")) assign(read_bool(*at), out.is_exclusive);
  if (const auto at = executor.find("max_queued")) {
    assign(read_int(*at, queued_range), out.max_queued);
  }
  if (const auto at = executor.find("submit_rate")) assign(read_rate(*at), out.submit_rate);
  if (const auto at = executor.find("extra")) decode_extra(*at, out.extra);
}

}  // namespace hpo::decode
