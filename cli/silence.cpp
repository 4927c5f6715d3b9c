// See silence.hpp.
#include "cli/silence.hpp"

namespace hpo::cli {
namespace {

bool is_stopped(const runner::Process& process) {
  return process.state == 'T' || process.state == 't';  // by a signal, or by a debugger
}

}  // namespace

std::string silence_text(const Way& way, const std::optional<runner::Process>& process) {
  if (way.remote) {
    return "waiting for the daemon at " + way.host() +
           ", which does not answer; where it runs, type: hpo daemon status";
  }
  if (!process) return "waiting for the daemon, which does not answer; its log: hpo daemon logs";
  const std::string pid = std::to_string(process->pid);
  if (is_stopped(*process)) {
    return "waiting for the daemon, process " + pid + ", which is stopped; to let it go on: kill "
           "-CONT " + pid + "; its log: hpo daemon logs";
  }
  return "waiting for the daemon, process " + pid + ", which does not answer; its log: hpo daemon "
         "logs; its state: ps -o stat,etime,args -p " + pid;
}

}  // namespace hpo::cli
