// The number of the QOS limit that jobs wait for: "your QOS runs 2 jobs at a time".
//
// squeue's reason names the limit alone. Its number takes two questions more, which are put only
// while a job waits for it, and again after a while. Unknown where the QOS of the waiting jobs
// differ, and where nobody answers. The executor's strand; a call may block as long as `ask` does.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/result.hpp"

namespace hpo::slurm {

// What a command printed. Error: it failed.
using Ask = std::function<Result<std::string>(const std::vector<std::string>& argv)>;

class WaitLimits {
 public:
  // `monotonic_ns` as in ExecutorConfig.
  WaitLimits(Ask ask, std::function<std::int64_t()> monotonic_ns)
      : ask_(std::move(ask)), monotonic_ns_(std::move(monotonic_ns)) {}

  // `reason` as squeue's %r.
  std::optional<std::int64_t> of(std::string_view reason, const std::string& user_id);

 private:
  std::optional<std::int64_t> look(const std::string& user_id) const;

  Ask ask_;
  std::function<std::int64_t()> monotonic_ns_;
  std::optional<std::int64_t> asked_ns_{};
  std::optional<std::int64_t> limit_{};
};

// argv of the question which QOS the user's jobs have that wait for the number of running jobs,
// and these QOS; corrupt: the listing was cut.
std::vector<std::string> waiting_qos_arguments(const std::string& user_id);
Result<std::vector<std::string>> parse_waiting_qos(std::string_view text);

}  // namespace hpo::slurm
