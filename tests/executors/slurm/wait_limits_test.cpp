// The number of the limit that jobs wait for.
#include "executors/slurm/wait_limits.hpp"

#include <catch2/catch.hpp>

using namespace hpo;
using namespace hpo::slurm;

namespace {

constexpr std::string_view reason = "QOSMaxJobsPerUserLimit";

// squeue and sacctmgr, and how often each was asked.
struct Site {
  std::int64_t now_ns = 1;
  std::string queue = "QOSMaxJobsPerUserLimit|tiny|.\nPriority|normal|.\n";
  std::string qos = "normal||||\ntiny||00:10:00|2|3\n";
  bool is_down = false;
  int questions = 0;
  WaitLimits limits{[this](const std::vector<std::string>& argv) -> Result<std::string> {
                      ++questions;
                      if (is_down) return Error{ErrorCode::unavailable, "down", "", ""};
                      return argv.front() == "squeue" ? queue : qos;
                    },
                    [this] { return now_ns; }};
};

constexpr std::int64_t minute_ns = 60'000'000'000;

}  // namespace

TEST_CASE("limit of a wait: that of the QOS of the jobs that wait for it", "[slurm]") {
  Site site;
  CHECK(site.limits.of(reason, "1000") == 2);
  CHECK(site.questions == 2);
  site.now_ns += 9 * minute_ns;
  CHECK(site.limits.of(reason, "1000") == 2);
  CHECK(site.questions == 2);  // remembered
  site.qos = "tiny|||5|\n";
  site.now_ns += 2 * minute_ns;
  CHECK(site.limits.of(reason, "1000") == 5);
}

TEST_CASE("limit of a wait: of other reasons nobody is asked", "[slurm]") {
  Site site;
  CHECK_FALSE(site.limits.of("Priority", "1000"));
  CHECK_FALSE(site.limits.of("QOSGrpJobsLimit", "1000"));
  CHECK(site.questions == 0);
}

TEST_CASE("limit of a wait: not known, nobody is asked again at once", "[slurm]") {
  Site site;
  SECTION("two QOS") { site.queue += "QOSMaxJobsPerUserLimit|other|.\n"; }
  SECTION("a cut listing") { site.queue.resize(site.queue.size() - 2); }
  SECTION("a QOS that accounting does not show") { site.qos = "normal||||\n"; }
  SECTION("cut accounting") { site.qos = "tiny||00:10:00|2|3"; }
  SECTION("no limit: it is the partition's QOS") { site.qos = "tiny||||\n"; }
  SECTION("nobody answers") { site.is_down = true; }
  CHECK_FALSE(site.limits.of(reason, "1000"));
  const int questions = site.questions;
  CHECK_FALSE(site.limits.of(reason, "1000"));
  CHECK(site.questions == questions);
}
