// Lists of the daemon come in pages; these join them.
#include "cli/pages.hpp"

#include <algorithm>

#include "cli/json_view.hpp"
#include "cli/text.hpp"

namespace hpo::cli {

Answer<bool> each_page(ApiClient& client, const std::string& target,
                       const std::function<bool(const json::Node& page)>& take) {
  const char* separator = target.find('?') == std::string::npos ? "?" : "&";
  std::string cursor;
  do {
    const std::string query = cursor.empty() ? "" : separator + ("cursor=" + url_encoded(cursor));
    const auto reply = client.get(target + query);
    if (!reply) return reply.failure();
    if (!take(reply->json)) return true;
    cursor = text_of(member(reply->json, "next"));
  } while (!cursor.empty());
  return true;
}

Answer<std::int64_t> each_report(ApiClient& client, const ReportPages& pages,
                                 const std::function<void(const json::Node& report)>& take) {
  std::int64_t after = pages.after;
  for (int page = 0; page < pages.pages_max; ++page) {
    const auto reply = client.get(pages.target + "?limit=" + std::to_string(page_size_max) +
                                  "&after=" + std::to_string(after));
    if (!reply) return reply.failure();
    const auto& reports = member(reply->json, "reports").items;
    for (const json::Node& report : reports) {
      after = std::max(after, integer_of(member(report, pages.key)));
      take(report);
    }
    if (reports.size() < page_size_max) break;
  }
  return after;
}

Answer<std::vector<json::Node>> all_items(ApiClient& client, const std::string& target,
                                          const char* key, std::size_t limit) {
  std::vector<json::Node> items;
  const auto done = each_page(client, target, [&](const json::Node& page) {
    for (const json::Node& item : member(page, key).items) {
      if (items.size() < limit) items.push_back(item);
    }
    return items.size() < limit;
  });
  if (!done) return done.failure();
  return items;
}

}  // namespace hpo::cli
