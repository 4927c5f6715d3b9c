// The claim: at most one runner ever carries out an attempt, whatever daemon and scheduler do.
//
// link() is atomic on local disks, NFS, Lustre and GPFS. A repeated NFS request answers EEXIST to
// its own author, so the return value decides nothing: the link count of our own file does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "executors/runner/process.hpp"
#include "schema/result.hpp"

namespace hpo::runner {

struct Claim {
  std::string job{};
  ProcessId process{};
  std::string host{};
  std::string identity{};   // of the attempt
  std::string native_id{};  // of the job in its batch system; empty: it runs without one
};

// True: this process holds DIR/claim, now and for ever. False: another one does.
Result<bool> take_claim(const std::string& directory, const std::string& job,
                        const std::string& identity = {}, const std::string& native_id = {});

// A runner that found the attempt claimed leaves "duplicate.<job>" in its directory, for people.
inline constexpr std::string_view duplicate_prefix = "duplicate.";

// nullopt: nobody has claimed the attempt yet.
Result<std::optional<Claim>> read_claim(const std::string& directory);

}  // namespace hpo::runner
