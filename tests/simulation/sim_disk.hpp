// What a life's disk will do to it: nothing, fail, be full for a while, or lose its power.
//
// Where it can fail, it is the power-loss VFS; it costs more than a plain file in memory, which the
// other histories have. The one thread of the simulation.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tests/daemon/store/power_loss_vfs.hpp"
#include "tests/simulation/sim_threads.hpp"

namespace hpo::sim {

enum class DiskFault { none, full_once, full_for_a_while, error, killed, power_cut };

class SimDisk {
 public:
  explicit SimDisk(bool is_simulated);

  std::string vfs() const { return disk_ ? disk_->name() : "unix-excl"; }
  void plan(DiskFault fault, std::int64_t operation, std::uint64_t seed);
  void draw(Chance& chance);    // a plan for one life, or none
  bool look();                  // in every step: has it failed since? Ends a long shortage of space
  bool is_off() const { return disk_ && disk_->is_off(); }
  bool has_struck() const;      // in this life
  // Every connection is closed. After a power cut the files are what survived of them.
  void life_is_over(std::map<std::string, int>& counts);
  void write_back();            // what the kernel holds reaches the real files

 private:
  std::unique_ptr<test::PowerLossVfs> disk_{};
  DiskFault fault_ = DiskFault::none;
  std::int64_t faults_before_ = 0;  // this life
  std::int64_t faults_seen_ = 0;
};

}  // namespace hpo::sim
