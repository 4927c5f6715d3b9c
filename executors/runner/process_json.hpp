// A process's identity as members of a JSON object of ours: of a claim, of the daemon's lease.
//
// Any thread.
#pragma once

#include "executors/runner/process.hpp"
#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"

namespace hpo::runner {

inline void write_members(json::Writer& writer, const ProcessId& id) {
  writer.member("pid", id.pid).member("start", id.start).member("boot_id", id.boot_id);
}

inline ProcessId process_id_of(const json::Node& object) {
  return {.pid = static_cast<int>(json::integer_at(object, "pid")),
          .start = static_cast<std::uint64_t>(json::integer_at(object, "start")),
          .boot_id = json::text_at(object, "boot_id")};
}

}  // namespace hpo::runner
