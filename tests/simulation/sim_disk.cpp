// Plans for the power-loss VFS, one for each life.
#include "tests/simulation/sim_disk.hpp"

#include <utility>

namespace hpo::sim {
namespace {

constexpr int operations_max = 400;  // about as many as a short life has
constexpr int shortage = 8;          // failing operations until somebody frees space

}  // namespace

SimDisk::SimDisk(bool is_simulated) {
  if (is_simulated) disk_ = std::make_unique<test::PowerLossVfs>("hpo-simulation");
}

void SimDisk::plan(DiskFault fault, std::int64_t operation, std::uint64_t seed) {
  if (!disk_) return;
  fault_ = fault;
  faults_before_ = disk_->damage().faults;
  disk_->plan(test::FaultPlan{});
  disk_->plan(test::PowerPlan{.seed = seed});
  if (fault == DiskFault::none) return;
  const std::int64_t at = disk_->operations() + operation;
  if (fault == DiskFault::power_cut || fault == DiskFault::killed) {
    return disk_->plan(test::PowerPlan{.operation = at, .seed = seed});
  }
  const bool is_error = fault == DiskFault::error;
  disk_->plan(test::FaultPlan{.operation = at, .code = is_error ? SQLITE_IOERR_FSYNC : SQLITE_FULL,
                              .once = fault != DiskFault::full_for_a_while});
}

void SimDisk::draw(Chance& chance) {
  if (!disk_) return;
  static constexpr DiskFault faults[] = {DiskFault::none, DiskFault::full_once,
                                         DiskFault::full_for_a_while, DiskFault::error,
                                         DiskFault::power_cut, DiskFault::power_cut};
  plan(faults[chance.below(6)], 1 + chance.below(operations_max), chance.bits());
}

bool SimDisk::has_struck() const {
  return is_off() || (disk_ && disk_->damage().faults > faults_before_);
}

bool SimDisk::look() {
  if (!disk_) return false;
  const std::int64_t faults = disk_->damage().faults;
  const bool is_lasting = faults >= faults_before_ + shortage;
  if (fault_ == DiskFault::full_for_a_while && is_lasting) disk_->plan(test::FaultPlan{});
  return std::exchange(faults_seen_, faults) != faults;
}

void SimDisk::life_is_over(std::map<std::string, int>& counts) {
  if (!disk_ || !has_struck()) return;
  static constexpr const char* names[] = {"", "disk full once", "disk full for a while",
                                          "disk fails", "killed at a file operation",
                                          "power cut"};
  ++counts[names[static_cast<int>(fault_)]];
  if (!is_off()) return;
  if (fault_ == DiskFault::killed) return disk_->keep();
  disk_->settle();
}

void SimDisk::write_back() {
  if (disk_) disk_->write_back();
}

}  // namespace hpo::sim
