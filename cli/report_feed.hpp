// The reports of a study into its learning curves: the recent ones first, then what comes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/api_client.hpp"
#include "cli/curves.hpp"

namespace hpo::cli {

class ReportFeed {
 public:
  ReportFeed(ApiClient& client, const std::string& study) : client_(client), study_(study) {}

  // `completed` as the daemon lists trials, in the order of their ends. Reports from long before
  // the last end are left out, but those of the best trial.
  std::optional<Failure> begin(const std::vector<json::Node>& completed,
                               std::optional<std::int64_t> best, Curves& curves);

  // What came since, or a part of it: the next call goes on there.
  std::optional<Failure> next(std::optional<std::int64_t> best, Curves& curves);

 private:
  std::optional<Failure> take(int pages_max, Curves& curves);

  ApiClient& client_;
  std::string study_;
  std::int64_t after_ = -1;  // a seq
};

}  // namespace hpo::cli
