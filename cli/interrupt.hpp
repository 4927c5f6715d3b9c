// Ctrl-C as a fact that loops ask for, so that the terminal is put back and a last word is said.
//
// One flag, set by the handler; system calls end with EINTR. Main thread.
#pragma once

namespace hpo::cli {

// From here on SIGINT, SIGTERM and SIGHUP no longer end the process by themselves.
void catch_interrupts();
bool is_interrupted();

// Returns after wait_ms, or as soon as a signal comes.
void pause_for(int wait_ms);

}  // namespace hpo::cli
