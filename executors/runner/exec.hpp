// `hpo exec DIR`: carries out one attempt on this machine, exactly once, and writes down its end.
//
// One thread, POSIX only, a few milliseconds beyond the training itself.
#pragma once

#include <string>

#include "executors/runner/capture.hpp"
#include "executors/runner/unprepared.hpp"
#include "executors/runner/warm.hpp"

namespace hpo {

// The exit code of the process: 0 if exit.json was written, or another runner holds the attempt;
// 1 if the directory is unusable (told on stderr). Takes over SIGTERM, SIGINT, SIGHUP and the
// reaping of children: for a process that does nothing else.
int exec_attempt(const std::string& directory);
int exec_attempt(const std::string& directory, const runner::CaptureLimits& limits);

// The same by a warm training. For a process that carries out attempts one after another, and is a
// subreaper with no other children. Told to end before the training began, it is cancelled. That
// the script loads for long is said on the attempt's stderr, and to `slow`.
int exec_attempt(const std::string& directory, runner::WarmServer& warm,
                 const runner::SlowLoad& slow);

// The same where a job script could not prepare the training: the attempt ends with that.
int exec_unprepared(const std::string& directory, const runner::Unprepared& why);

}  // namespace hpo
