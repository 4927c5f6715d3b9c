// exit.json: how an attempt ended, written by the runner, read by the daemon's executors.
//
// It outranks whatever a scheduler says, so it must be this attempt's own: one that came with a
// copied directory, or was left by another database, is refused. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "executors/runner/attempt.hpp"
#include "schema/outcome.hpp"
#include "schema/result.hpp"

namespace hpo {

// nullopt: there is no exit.json (yet). Error corrupt: torn, or of another attempt.
// It is ours if it names `job`, or else `identity`: then another submission of the same attempt
// wrote it.
Result<std::optional<Outcome>> read_exit(const std::string& directory, std::string_view job,
                                         std::string_view identity);

namespace runner {

Result<void> write_exit(const Attempt& attempt, const Outcome& outcome);

// The last act of every submission, duplicates included: a file named as the job, whose content
// means nothing. It is a second name of exit.json where the file system allows that.
Result<void> announce_end(const Attempt& attempt);

}  // namespace runner
}  // namespace hpo
