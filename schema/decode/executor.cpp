// "executor": where trials are carried out, and with how much. See sections.hpp.
#include <algorithm>
#include <array>

#include "schema/decode/display.hpp"
#include "schema/decode/duration.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

using std::chrono::seconds;

constexpr Range<int> slots_range{.low = 1, .high = 100'000};
constexpr Range<int> cpus_range{.low = 1, .high = 4096};
constexpr Range<int> gpus_range{.low = 0, .high = 64};
constexpr Range<seconds> time_range{.low = seconds(1), .high = std::chrono::hours(24 * 3650)};
constexpr Range<seconds> grace_range{.low = seconds(0), .high = std::chrono::hours(1)};

constexpr std::array<std::string_view, 2> types{"local", "simulated"};
constexpr std::array<std::string_view, 9> keys{"type", "slots", "cpus", "gpus", "time", "grace",
                                               "seconds", "failures", "losses"};
constexpr std::array<std::string_view, 3> simulated_keys{"seconds", "failures", "losses"};

// A name that is nearly none of ours: of a profile, as sites will define them.
bool is_profile(const std::string& name) {
  const bool is_planned = find_later(Section::executor_type, name).has_value();
  return !is_planned && nearest(name, {types.begin(), types.end()}).empty();
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
  if (const auto slots = at.find("slots")) {
    if (const auto count = read_int(*slots, slots_range)) out.slots = *count;
  }
  if (const auto cpus = at.find("cpus")) assign(read_int(*cpus, cpus_range), out.cpus);
  if (const auto gpus = at.find("gpus")) assign(read_int(*gpus, gpus_range), out.gpus);
  if (const auto time = at.find("time")) out.time = read_duration(*time, time_range);
  if (const auto grace = at.find("grace")) assign(read_duration(*grace, grace_range), out.grace);
}

void refuse_simulated_keys(const Cursor& at) {
  for (const std::string_view key : simulated_keys) {
    if (const auto member = at.find(key)) {
      member->add_to_key({.code = Code::key_not_here,
                          .message = quoted(key) + " belongs to the executor \"simulated\"",
                          .suggestion = "remove it, or write \"type\": \"simulated\""});
    }
  }
}

}  // namespace

void decode_executor(const Cursor& at, ExecutorSpec& out) {
  if (at.node().kind == json::Kind::string) {
    if (is_profile(at.node().string)) at.add(not_available(Code::no_profiles, at.node().string));
    else read_type(at, out);
    return;
  }
  if (!expect_object(at, "write \"local\", or {\"type\": \"local\", \"slots\": 4}")) return;
  const auto type = at.find("type");
  if (type && find_later(Section::executor_type, type->node().string)) {
    read_type(*type, out);  // its keys are not available either; once is enough
    return;
  }
  const auto meant = check_keys(at, Section::executor, keys);
  if (!type && meant.empty()) {
    at.add({.code = Code::missing_key, .message = "the executor has no \"type\"",
            .suggestion = "add \"type\": \"local\""});
  }
  const bool is_read = type && read_type(*type, out);
  read_resources(at, out);
  if (is_read && out.type == "local") refuse_simulated_keys(at);
  if (is_read && out.type == "simulated") decode_simulated(at, out.simulated);
}

}  // namespace hpo::decode
