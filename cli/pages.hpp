// Lists of the daemon come in pages; these join them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/api_client.hpp"

namespace hpo::cli {

inline constexpr int page_size_max = 1000;

// The items under `key` of all pages of `target` (which has a ?query already), `limit` at most.
Answer<std::vector<json::Node>> all_items(ApiClient& client, const std::string& target,
                                          const char* key, std::size_t limit);

// Likewise page by page, so that a million trials need no memory. Stops if `take` returns false.
Answer<bool> each_page(ApiClient& client, const std::string& target,
                       const std::function<bool(const json::Node& page)>& take);

// Reports come by number: those of a study behind a "seq", those of a trial behind a "step".
struct ReportPages {
  std::string target{};  // …/reports
  const char* key = "seq";
  std::int64_t after = -1;
  int pages_max = 1;
};
// The answer is where to go on. The daemon keeps 20,000 reports of a trial at most.
Answer<std::int64_t> each_report(ApiClient& client, const ReportPages& pages,
                                 const std::function<void(const json::Node& report)>& take);

}  // namespace hpo::cli
