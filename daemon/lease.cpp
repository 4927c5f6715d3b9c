// lease.json: read, watched, written; see lease.hpp for the protocol.
#include "daemon/lease.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <optional>
#include <utility>

#include "executors/runner/files.hpp"
#include "executors/runner/process_json.hpp"

namespace hpo::daemon {
namespace {

using std::chrono::seconds;

constexpr std::size_t lease_bytes_max = 4096;
constexpr seconds look_interval{1};
constexpr seconds told_interval{10};

struct Holder {
  std::string host{};
  runner::ProcessId process{};
  std::int64_t counter = 0;
  runner::StateOrigin origin{};
  bool operator==(const Holder&) const = default;

  bool is(const Lease::Surroundings& other) const {
    return host == other.host && process == other.process;
  }
};

std::string to_json(const Holder& holder) {
  json::Writer writer;
  writer.object().member("host", holder.host);
  runner::write_members(writer, holder.process);
  runner::write_members(writer, holder.origin);
  writer.member("counter", holder.counter).end();
  return std::move(writer).text() + "\n";
}

// nullopt: there is none. One that cannot be read as JSON is somebody's all the same.
Result<std::optional<Holder>> read_holder(const std::string& path) {
  const auto text = runner::read_file(path, lease_bytes_max);
  if (!text && text.error().code == ErrorCode::not_found) return std::optional<Holder>();
  if (!text) return text.error();
  const auto node = json::parse_own(*text, path);
  if (!node) return std::optional(Holder{.host = "an unknown host"});
  return std::optional(Holder{
      .host = json::text_at(*node, "host"),
      .process = runner::process_id_of(*node),
      .counter = json::integer_at(*node, "counter"),
      .origin = runner::state_origin_of(*node)});
}

std::string name_of(const Holder& holder) {
  return holder.host + " (pid " + std::to_string(holder.process.pid) + ")";
}

Error held(const Holder& holder, const std::string& path) {
  return {ErrorCode::conflict, "the daemon on " + name_of(holder) + " has this state directory",
          path, "ask it there: ssh " + holder.host + " hpo status; or end it there: ssh " +
                    holder.host + " hpo daemon stop"};
}

std::string directory_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

// Left to its user: two daemons would carry out, and cancel, the trials that are open in both.
Error held_as_a_copy(const Holder& holder, const std::string& path) {
  const std::string original = "HPO_STATE_DIR=" + holder.origin.path + " hpo daemon stop";
  return {ErrorCode::conflict,
          "this state directory is a copy of " + holder.origin.path + ", whose daemon (pid " +
              std::to_string(holder.process.pid) +
              ") runs: trials that are open in both would have two daemons",
          path, "end that one: " + original + "; or, if no trial is open in the copy: rm " +
                    path + "; then: hpo daemon start"};
}

// Where the holder lives on this boot.
Error held_here(const Holder& holder, const std::string& path) {
  const std::string root = directory_of(path);
  const bool is_copy = runner::is_copied(holder.origin, root) ||
                       runner::leads_elsewhere(holder.origin, root);
  return is_copy ? held_as_a_copy(holder, path) : held(holder, path);
}

// By the boot alone: a container shares its host's, under a name of its own.
bool is_of_this_boot(const Holder& holder, const Lease::Surroundings& here) {
  return holder.process.boot_id == here.process.boot_id;
}

// Returns once the holder cannot be alive any more, or has given the lease up.
Result<void> outlast(const Holder& holder, const std::string& path,
                     const Lease::Surroundings& in) {
  const Time end = in.now() + lease_watch;
  Time told{};
  while (in.now() < end) {
    if (in.now() - told >= told_interval) {
      told = in.now();
      const auto left = std::chrono::round<seconds>(end - told).count();
      in.tell("the daemon on " + name_of(holder) + " had this state directory; it is ours in " +
              std::to_string(left) + " s, unless that one stirs");
    }
    in.pause(look_interval);
    const auto now = read_holder(path);
    if (!now) return now.error();
    if (!*now) return {};
    if (!(**now == holder)) return held(**now, path);
  }
  return {};
}

// Returns once the lease may be taken. A process of this boot can be asked for: its lock may be
// blind to ours, by another mount. Hosts of one name may be two ("localhost"), unless the disk is
// this one's own: then it was booted since.
Result<void> await_end(const Holder& holder, const std::string& path,
                       const Lease::Surroundings& in) {
  if (is_of_this_boot(holder, in)) {
    if (!runner::is_alive(holder.process)) return {};
    return held_here(holder, path);
  }
  if (in.is_local_disk && holder.host == in.host) return {};
  return outlast(holder, path, in);
}

}  // namespace

Lease::Surroundings Lease::here() {
  return {.now = [] { return std::chrono::steady_clock::now(); },
          .pause = [](std::chrono::milliseconds time) {
            ::poll(nullptr, 0, static_cast<int>(time.count()));
          },
          .tell = [](const std::string& line) { std::cerr << "hpod: " << line << std::endl; },
          .host = runner::host_name(), .process = runner::own_process_id()};
}

Lease::Lease(std::string path, Surroundings around)
    : path_(std::move(path)), origin_(runner::state_origin(directory_of(path_))),
      in_(std::move(around)) {}

Result<std::unique_ptr<Lease>> Lease::take(const std::string& path, Surroundings around) {
  const auto holder = read_holder(path);
  if (!holder) return holder.error();
  if (*holder) {
    if (auto free = await_end(**holder, path, around); !free) return free.error();
  }
  std::unique_ptr<Lease> lease(new Lease(path, std::move(around)));
  if (auto written = lease->write(); !written) {
    Error error = written.error();
    if (error.code == ErrorCode::no_space) error.what = "the disk is full: " + error.what;
    return error;
  }
  lease->checked_ = lease->seen_;
  return lease;
}

// Under a name of our own first: another host may be writing as well.
Result<void> Lease::write() {
  const std::string own = path_ + "." + in_.host + "." + std::to_string(in_.process.pid);
  const Holder ours{.host = in_.host, .process = in_.process, .counter = ++counter_,
                    .origin = origin_};
  written_ = in_.now();  // if it fails, it is tried again when the next one is due
  if (auto written = runner::write_file(own, to_json(ours), runner::Sync::to_disk); !written) {
    return written;
  }
  if (::rename(own.c_str(), path_.c_str()) != 0) {
    return runner::file_error("cannot write the lease", path_, errno);
  }
  seen_ = written_;
  return {};
}

// False: somebody removed it, so short a time ago that nobody can have had it since. `seen`: when
// it was last ours; set if it is.
Result<bool> Lease::is_there(Time& seen) const {
  const Time now = in_.now();
  const auto holder = read_holder(path_);
  if (!holder) return holder.error();
  if (!*holder && now - seen < lease_watch) return false;
  if (*holder && (*holder)->is(in_)) {
    seen = now;
    return true;
  }
  return Error{ErrorCode::unavailable,
               *holder ? "the daemon on " + name_of(**holder) + " has taken this state directory"
                       : std::string("the lease is gone, and another daemon may have had it since"),
               path_, "'hpo daemon start' says which daemon has it"};
}

Result<void> Lease::keep() {
  const Time now = in_.now();
  if (now - seen_ < lease_trust / 2) return {};
  const auto there = is_there(seen_);
  if (!there) return there.error();
  return *there && now - written_ < lease_renewal ? Result<void>() : write();
}

Result<void> Lease::check() {
  if (in_.now() - checked_ < lease_trust) return {};
  const auto there = is_there(checked_);
  return there ? Result<void>() : there.error();
}

void Lease::release() {
  Time seen = seen_;
  if (const auto there = is_there(seen); there && *there) ::unlink(path_.c_str());
}

}  // namespace hpo::daemon
