// "executor": where trials are carried out, and with how much. See sections.hpp.
#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "schema/decode/display.hpp"
#include "schema/decode/duration.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/profiles.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

using std::chrono::seconds;

constexpr Range<int> slots_range{.low = 1, .high = 100'000};
constexpr Range<int> cpus_range{.low = 1, .high = 4096};
constexpr Range<int> gpus_range{.low = 0, .high = 64};
constexpr Range<seconds> time_range{.low = seconds(1), .high = attempt_time_max};
constexpr Range<seconds> grace_range{.low = seconds(0), .high = std::chrono::hours(1)};

constexpr Range<seconds> lease_range{.low = lease_min, .high = lease_max};

constexpr std::array<std::string_view, 4> types{"local", "simulated", "slurm", "external"};
constexpr std::array<std::string_view, 8> local_keys{"profile", "type", "slots", "cpus", "gpus",
                                                     "time", "grace", "lease"};
constexpr std::array<std::string_view, 10> simulated_keys{
    "profile", "type", "slots", "cpus", "gpus", "time", "grace", "seconds", "failures", "losses"};
constexpr std::array<std::string_view, 21> slurm_keys{
    "profile", "type", "account", "partition", "qos", "constraint", "nodes", "tasks_per_node",
    "slots", "cpus", "gpus", "memory", "time", "grace", "lease", "licenses", "reservation",
    "exclusive", "max_queued", "submit_rate", "extra"};
constexpr std::array<std::string_view, 7> pulled_keys{"profile", "type", "cpus", "gpus", "time",
                                                        "grace", "lease"};

// Each list begins with "profile", which stands in the place of a type.
// Keys by the first executor that takes them: where a key belongs that stands with another one.
struct Kind {
  std::string_view type{};
  Section section{};
  std::span<const std::string_view> keys{};
};
constexpr Kind kinds[] = {{"external", Section::executor, pulled_keys},
                          {"local", Section::executor, local_keys},
                          {"simulated", Section::executor, simulated_keys},
                          {"slurm", Section::slurm, slurm_keys}};

bool has(const Kind& kind, std::string_view key) {
  return std::find(kind.keys.begin(), kind.keys.end(), key) != kind.keys.end();
}

// REQUIRES: `type` is one of `types`
const Kind& kind_of(std::string_view type) {
  return *std::find_if(std::begin(kinds), std::end(kinds),
                       [type](const Kind& kind) { return kind.type == type; });
}

std::vector<std::string_view> all_keys() {
  std::vector<std::string_view> keys;
  for (const Kind& kind : kinds) keys.insert(keys.end(), kind.keys.begin(), kind.keys.end());
  return keys;
}

bool read_type(const Cursor& at, ExecutorSpec& out) {
  const json::Node& node = at.node();
  if (node.kind != json::Kind::string) {
    add_wrong_type(at, "an executor's name", "write \"local\"");
    return false;
  }
  if (std::find(types.begin(), types.end(), node.string) != types.end()) {
    out.type = node.string;
    return true;
  }
  at.add(unknown_word(Section::executor_type, "executor", node.string, types));
  return false;
}

void read_resources(const Cursor& at, ExecutorSpec& out) {
  const auto slots = has(kind_of(out.type), "slots") ? at.find("slots") : std::nullopt;
  if (slots) {
    if (const auto count = read_int(*slots, slots_range)) out.slots = *count;
  }
  if (const auto cpus = at.find("cpus")) assign(read_int(*cpus, cpus_range), out.cpus);
  if (const auto gpus = at.find("gpus")) assign(read_int(*gpus, gpus_range), out.gpus);
  const auto lease = has(kind_of(out.type), "lease") ? at.find("lease") : std::nullopt;
  if (lease) assign(read_duration(*lease, lease_range), out.lease);
}

void refuse_keys_of_others(const Cursor& at, const Kind& own) {
  for (const Cursor& member : at.members()) {
    if (has(own, member.key())) continue;
    const auto* home = std::find_if(std::begin(kinds), std::end(kinds), [&](const Kind& kind) {
      return has(kind, member.key());
    });
    if (home == std::end(kinds)) continue;
    const bool is_slots = member.key() == "slots";
    member.add_to_key(
        {.code = Code::key_not_here,
         .message = quoted(member.key()) + " belongs to the executor " + quoted(home->type),
         .suggestion = is_slots ? "remove it; the study's \"parallel\" bounds its jobs"
                                : "remove it, or write \"type\": " + quoted(home->type)});
  }
}

// A batch system asks a job to end so long before its time is over.
void check_grace(const Cursor& at, const ExecutorSpec& spec) {
  if (!spec.time || spec.grace < *spec.time) return;
  const auto grace = at.find("grace");
  (grace ? *grace : *at.find("time"))
      .add({.code = Code::grace_not_below_time,
            .message = "a grace of " + duration_text(spec.grace) + " does not fit into a time of " +
                       duration_text(*spec.time),
            .suggestion = "raise \"time\", or lower \"grace\": it is the last part of the time"});
}

void read_times(const Cursor& at, ExecutorSpec& out) {
  if (const auto time = at.find("time")) out.time = read_duration(*time, time_range);
  const auto grace_at = at.find("grace");
  const auto grace = grace_at ? read_duration(*grace_at, grace_range) : std::nullopt;
  assign(grace, out.grace);
  if (out.type == "slurm" && (grace || !grace_at)) check_grace(at, out);
}

void decode_members(const Cursor& at, ExecutorSpec& out) {
  read_resources(at, out);
  read_times(at, out);
  if (out.type == "simulated") decode_simulated(at, out.simulated);
  if (out.type == "slurm") decode_slurm(at, out.batch);
}

}  // namespace

std::span<const std::string_view> executor_types() { return types; }

std::string executor_name(const Cursor& executor) {
  const auto type = executor.find("type");
  return type ? type->node().string : executor.node().string;
}

bool is_without_batch(const Cursor& executor) {
  const std::string name = executor_name(executor);
  return std::find(types.begin(), types.end(), name) != types.end() && !is_batch(name);
}

bool has_no_batch(const Cursor& root) {
  const auto at = root.find("executor");
  return !at || is_without_batch(*at);
}

void decode_executor(const Cursor& at, ExecutorSpec& out) {
  if (at.node().kind == json::Kind::string) {
    if (profile_name(at.node()) == nullptr) read_type(at, out);
    return;  // a profile that is there is no name any more
  }
  if (!expect_object(at, "write \"local\", or {\"type\": \"local\", \"slots\": 4}")) return;
  if (const auto profile = at.find("profile")) {
    if (profile_name(at.node()) == nullptr) add_wrong_type(*profile, "a profile's name");
    return;
  }
  const auto type = at.find("type");
  const bool is_read = type && read_type(*type, out);
  if (type && find_later(Section::executor_type, type->node().string)) {
    return;  // its keys are not available either; once is enough
  }
  const Kind& kind = kind_of(out.type);
  const auto known = kind.keys.subspan(type ? 1 : 0);  // of a type: no profile
  const auto meant = check_keys(at, kind.section, known, all_keys());
  if (!type && meant.empty()) {
    at.add({.code = Code::missing_key, .message = "the executor has no \"type\"",
            .suggestion = "add \"type\": \"local\""});
  }
  if (is_read) refuse_keys_of_others(at, kind);
  decode_members(at, out);
}

}  // namespace hpo::decode
