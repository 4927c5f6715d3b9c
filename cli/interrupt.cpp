// Ctrl-C as a fact that loops ask for.
#include "cli/interrupt.hpp"

#include <poll.h>

#include <csignal>
#include <initializer_list>

namespace hpo::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

extern "C" void note_interrupt(int) { interrupted = 1; }

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = note_interrupt;  // without SA_RESTART: a blocked poll returns
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
}

bool is_interrupted() { return interrupted != 0; }

void pause_for(int wait_ms) {
  if (!is_interrupted()) ::poll(nullptr, 0, wait_ms);
}

}  // namespace hpo::cli
