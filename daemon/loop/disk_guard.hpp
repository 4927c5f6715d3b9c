// Read-only while the disk is full: a reserve is given back at once, so that the ends of running
// trials can still be stored; when there is space again the reserve is made anew.
//
// Engine strand, but for needed_bytes(): any thread.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/loop/loop_config.hpp"

namespace hpo::loop {

class DiskGuard {
 public:
  explicit DiskGuard(const LoopConfig& config) : config_(config) {}

  void make_reserve() const;      // best effort; without it the end of a trial may have to wait
  bool is_full() const { return is_full_; }
  void became_full();
  bool has_space_again();         // true once, when it ends the read-only state

  // Free space that ends the read-only state, the reserve included.
  std::uint64_t needed_bytes() const;

 private:
  std::uint64_t reserve_bytes() const;
  std::uint64_t free_bytes() const;

  const LoopConfig& config_;
  bool is_full_ = false;
};

}  // namespace hpo::loop
