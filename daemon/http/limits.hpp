// The limits of the HTTP side, one name each; every one is tested at the limit and one past it.
//
// Plain values; tests pass small ones instead of waiting.
#pragma once

#include <chrono>
#include <cstddef>

namespace hpo::http {

struct Limits {
  using Milliseconds = std::chrono::milliseconds;

  std::size_t connections_max = 256;              // one more is answered 503; of each kind
  std::size_t strangers_max = 64;                 // by TCP, without a token yet; the oldest goes
  std::size_t header_bytes_max = 16U << 10U;      // one more byte: 431
  std::size_t body_bytes_max = 1U << 20U;         // 413
  std::size_t study_body_bytes_max = 4U << 20U;   // of POST studies and validate: 413
  std::size_t read_bytes = 16U << 10U;            // asked from the socket at once
  std::size_t inline_body_bytes_max = 64U << 10U; // larger bodies are decoded off the io thread
  std::size_t drain_bytes_max = 64U << 10U;       // read and dropped so that a 413 can be read
  std::size_t log_bytes_max = 256U << 10U;        // of a log in one answer
  std::size_t key_bytes_max = 128;                // Idempotency-Key

  Milliseconds handshake_deadline{5'000}; // of TLS
  Milliseconds token_trusted{5'000};      // before it is looked up again
  Milliseconds header_deadline{10'000};   // from a request's first byte to the end of its head
  Milliseconds request_deadline{30'000};  // from its first byte to its last
  Milliseconds idle_deadline{60'000};     // between requests
  Milliseconds answer_deadline{30'000};   // of engine or reader; then "outcome unknown"
  Milliseconds write_deadline{20'000};    // for the client to take the answer
  Milliseconds drain_deadline{2'000};
  Milliseconds stop_deadline{5'000};      // for requests under way when the daemon stops
  Milliseconds sweep_interval{250};       // how often deadlines are looked at

  int page_default = 100;
  int page_max = 1000;
  int export_page = 1000;
  int event_wait_s_max = 30;
  int retry_after_s = 1;  // what 503 tells clients
};

}  // namespace hpo::http
