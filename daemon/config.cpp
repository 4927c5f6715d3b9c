// Reads hpod.json: the user's file over the site's, over what this node has (CPUs, GPUs).
//
// Keys are refused as a study's are, with place and nearest name. Once, before any thread.
#include "daemon/config.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "executors/runner/files.hpp"
#include "schema/decode/amount.hpp"
#include "schema/decode/decode.hpp"
#include "schema/decode/duration.hpp"
#include "schema/json/utf8.hpp"
#include "schema/json/writer.hpp"
#include "schema/memory_text.hpp"
#include "schema/paths.hpp"

namespace hpo::daemon {
namespace {

constexpr int slots_limit = 100000;
constexpr int gpus_limit = 64;
constexpr std::size_t file_bytes_max = 1U << 20U;
constexpr std::chrono::seconds wait_limit = std::chrono::hours(24);
constexpr std::chrono::milliseconds deadline_limit = std::chrono::seconds(30);
constexpr std::int64_t model_memory_least = std::int64_t{16} << 20;
constexpr std::string_view shape =
    "write {\"local\": {\"slots_max\": 8}}; \"gpus\" is the other key of \"local\"";
constexpr std::string_view keys_of_local[] = {"slots_max", "gpus"};
constexpr std::string_view keys_of_tcp[] = {"tcp", "http", "port"};

struct Wait {
  std::string_view key{};
  std::chrono::seconds SlurmConfig::*member{};
};
constexpr Wait slurm_waits[] = {{"poll_interval", &SlurmConfig::poll_interval},
                                {"absent_after", &SlurmConfig::absent_after},
                                {"result_grace", &SlurmConfig::result_grace},
                                {"lost_after", &SlurmConfig::lost_after},
                                {"stuck_after", &SlurmConfig::stuck_after}};

int count_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

int count_gpus() {
  int count = 0;
  while (::access(("/dev/nvidia" + std::to_string(count)).c_str(), F_OK) == 0) ++count;
  return count;
}

struct Reading {
  const std::string& path;
  const std::string& text;
  std::string errors{};

  void refuse(const json::Position& at, std::string code, std::string pointer,
              std::string message, std::string suggestion) {
    Problem problem{.code = std::move(code), .pointer = std::move(pointer), .at = at,
                    .message = std::move(message), .suggestion = std::move(suggestion)};
    const json::Place place = json::place_of(text, at.offset);
    problem.line = place.line;
    problem.column = place.column;
    errors += render(problem, text, path);
  }
};

void read_int(Reading& reading, const json::Node& node, const std::string& pointer, int low,
              int high, int& target) {
  if (node.kind == json::Kind::integer && node.integer >= low && node.integer <= high) {
    target = static_cast<int>(node.integer);
    return;
  }
  reading.refuse(node.at, "HPO-E0105", pointer, "this must be a whole number from " +
                 std::to_string(low) + " to " + std::to_string(high), "");
}

std::string nearest_or(const std::string& key, const std::vector<std::string_view>& known,
                       std::string otherwise) {
  const std::string_view found = nearest(key, known);
  return found.empty() ? std::move(otherwise) : std::string(found);
}

// True if it is an object; otherwise the problem is noted. `right`: what may stand there.
bool is_object(Reading& reading, const json::Node& node, const std::string& pointer,
               std::string_view right) {
  if (node.kind == json::Kind::object) return true;
  reading.refuse(node.at, "HPO-E0103", pointer, "this must be an object", std::string(right));
  return false;
}

void read_local(Reading& reading, const json::Node& local, Config& config) {
  if (!is_object(reading, local, "/local", shape)) return;
  for (const json::Member& member : local.members) {
    if (member.key == "slots_max") {
      read_int(reading, member.value, "/local/slots_max", 1, slots_limit, config.slots_max);
    } else if (member.key == "gpus") {
      read_int(reading, member.value, "/local/gpus", 0, gpus_limit, config.gpus);
    } else {
      reading.refuse(member.key_at, "HPO-E0101", "/local/" + member.key,
                     "unknown key \"" + member.key + "\"",
                     nearest_or(member.key, {"slots_max", "gpus"},
                                "the keys are \"slots_max\" and \"gpus\""));
    }
  }
}

void read_wait(Reading& reading, const json::Node& node, const std::string& pointer,
               std::chrono::seconds& target) {
  const auto wait = node.kind == json::Kind::string ? decode::parse_duration(node.string)
                                                    : std::nullopt;
  if (wait && *wait >= std::chrono::seconds(1) && *wait <= wait_limit) {
    target = *wait;
    return;
  }
  reading.refuse(node.at, "HPO-E0105", pointer, "this must be a time from 1s to 24h",
                 "write \"30s\" or \"10m\"");
}

void read_slurm(Reading& reading, const json::Node& slurm, SlurmConfig& config) {
  if (!is_object(reading, slurm, "/slurm", "write {\"poll_interval\": \"30s\"}")) return;
  for (const json::Member& member : slurm.members) {
    const auto found = std::ranges::find(slurm_waits, member.key, &Wait::key);
    if (found != std::end(slurm_waits)) {
      read_wait(reading, member.value, "/slurm/" + member.key, config.*found->member);
      continue;
    }
    std::vector<std::string_view> known;
    for (const Wait& wait : slurm_waits) known.push_back(wait.key);
    std::string list;
    for (const std::string_view key : known) list += (list.empty() ? "" : ", ") + std::string(key);
    reading.refuse(member.key_at, "HPO-E0101", "/slurm/" + member.key,
                   "unknown key \"" + member.key + "\"",
                   nearest_or(member.key, known, "the keys are " + list));
  }
}

// "50ms", or as other times.
std::optional<std::chrono::milliseconds> parse_milliseconds(std::string_view text) {
  constexpr std::size_t digits_max = 9;
  if (!text.ends_with("ms")) return decode::parse_duration(text);
  text.remove_suffix(2);
  const auto number = decode::take_digits(text, digits_max);
  if (!number || !text.empty()) return std::nullopt;
  return std::chrono::milliseconds(*number);
}

void read_deadline(Reading& reading, const json::Node& node, std::chrono::milliseconds& target) {
  const auto time = node.kind == json::Kind::string ? parse_milliseconds(node.string)
                                                    : std::nullopt;
  if (time && *time >= std::chrono::milliseconds(1) && *time <= deadline_limit) {
    target = *time;
    return;
  }
  reading.refuse(node.at, "HPO-E0105", "/strategies/ask_deadline",
                 "this must be a time from 1ms to 30s", "write \"50ms\" or \"1s\"");
}

void read_model_memory(Reading& reading, const json::Node& node, std::int64_t& target) {
  const auto bytes = node.kind == json::Kind::string ? decode::parse_memory(node.string)
                                                     : std::nullopt;
  if (bytes && *bytes >= model_memory_least) {
    target = *bytes;
    return;
  }
  reading.refuse(node.at, "HPO-E0105", "/strategies/model_memory",
                 "this must be memory from 16M on", "write \"512M\" or \"1G\"");
}

void read_strategies(Reading& reading, const json::Node& node, StrategiesConfig& config) {
  if (!is_object(reading, node, "/strategies", "write {\"ask_deadline\": \"50ms\"}")) return;
  for (const json::Member& member : node.members) {
    if (member.key == "ask_deadline") {
      read_deadline(reading, member.value, config.ask_deadline);
    } else if (member.key == "model_memory") {
      read_model_memory(reading, member.value, config.model_memory);
    } else {
      reading.refuse(member.key_at, "HPO-E0101", "/strategies/" + member.key,
                     "unknown key \"" + member.key + "\"",
                     nearest_or(member.key, {"ask_deadline", "model_memory"},
                                "the keys are \"ask_deadline\" and \"model_memory\""));
    }
  }
}

void read_listen(Reading& reading, const json::Node& node, std::optional<TcpAddress>& target) {
  auto address = listen_address(node.string);
  if (address) target = *std::move(address);
  else reading.refuse(node.at, "HPO-E0105", "/listen", address.error().what,
                      address.error().remedy);
}

void refuse_root_key(Reading& reading, const json::Member& member) {
  std::string message = "unknown key \"" + member.key + "\"";
  std::string suggestion;
  if (std::ranges::count(keys_of_tcp, member.key) > 0) {
    suggestion = "for TCP, write \"listen\": \"tcp://10.0.0.5:4711\"";
  } else if (std::ranges::count(keys_of_local, member.key) > 0) {
    suggestion = shape;
  } else {
    suggestion = nearest_or(member.key, {"local", "slurm", "strategies", "listen", "profiles"},
                            "the keys are \"local\", \"slurm\", \"strategies\", \"listen\" and "
                            "\"profiles\"");
  }
  reading.refuse(member.key_at, "HPO-E0101", "/" + member.key, std::move(message),
                 std::move(suggestion));
}

void read_root(Reading& reading, const json::Node& root, Config& config) {
  if (!is_object(reading, root, "", shape)) return;
  for (const json::Member& member : root.members) {
    if (member.key == "local") {
      read_local(reading, member.value, config);
    } else if (member.key == "slurm") {
      read_slurm(reading, member.value, config.slurm);
    } else if (member.key == "strategies") {
      read_strategies(reading, member.value, config.strategies);
    } else if (member.key == "listen") {
      read_listen(reading, member.value, config.listen);
    } else if (member.key == "profiles") {
      reading.errors += read_profiles(root, reading.text, reading.path, config.profiles);
    } else {
      refuse_root_key(reading, member);
    }
  }
}

Result<void> read_file(const std::string& path, Config& config) {
  const auto text = runner::read_file(path, file_bytes_max);
  if (!text && text.error().code == ErrorCode::not_found) {
    if (environment_value("HPO_CONFIG").empty() || path != user_config_path()) return {};
    return Error{ErrorCode::invalid_argument, "the file that HPO_CONFIG names does not exist", path,
                 "write it, or: unset HPO_CONFIG"};
  }
  if (!text) return text.error();  // what it says would be missed in silence
  Reading reading{path, *text};
  const json::Parsed parsed = json::parse(*text, {.comments = true});
  for (const json::ParseProblem& p : parsed.problems) {
    reading.refuse(p.at, std::string(p.code), p.pointer, p.message, "");
  }
  if (parsed.problems.empty()) read_root(reading, parsed.root, config);
  if (reading.errors.empty()) return {};
  return Error{ErrorCode::invalid_argument, reading.errors, path,
               "mend the file, then: hpo daemon start"};
}

}  // namespace

Result<Config> load_config() {
  Config config{.gpus = count_gpus(), .cpus = count_cpus()};
  for (const std::string& path : {std::string(site_config_path), user_config_path()}) {
    if (auto read = read_file(path, config); !read) return read.error();
  }
  return config;
}

Result<TcpAddress> listen_address(const std::string& text) {
  constexpr std::string_view scheme = "tcp://";
  auto address = tcp_address_from(std::string_view(text).substr(
      text.starts_with(scheme) ? scheme.size() : text.size()));
  if (address) return address;
  return Error{ErrorCode::invalid_argument, "this is no tcp:// with a numeric address and a port",
               text, "write tcp://10.0.0.5:4711 or tcp://[fd00::5]:4711; `hostname -I` lists this "
               "host's addresses"};
}

std::string to_json(const Config& config) {
  json::Writer w;
  w.object().key("local").object();
  w.member("slots_max", config.slots_max).member("gpus", config.gpus).end();
  w.key("slurm").object();
  for (const Wait& wait : slurm_waits) {
    w.member(wait.key, decode::duration_text(config.slurm.*wait.member));
  }
  const std::int64_t deadline_ms = config.strategies.ask_deadline.count();
  w.end().key("strategies").object();
  w.member("ask_deadline", std::to_string(deadline_ms) + "ms");
  w.member("model_memory", memory_text(config.strategies.model_memory)).end();
  if (config.listen) w.member("listen", "tcp://" + config.listen->text());
  w.key("profiles").object();
  for (const auto& [name, profile] : config.profiles) w.key(name).raw(json::node_text(profile));
  w.end().end();
  return std::move(w).text();
}

}  // namespace hpo::daemon
