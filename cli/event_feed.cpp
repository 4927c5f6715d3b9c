// The events of a study from now on, by long-poll.
#include "cli/event_feed.hpp"

#include "cli/interrupt.hpp"
#include "cli/json_view.hpp"
#include "cli/text.hpp"

namespace hpo::cli {
namespace {

constexpr int events_max = 200;  // of one answer
constexpr std::int64_t seq_max = std::int64_t{1} << 60;

}  // namespace

Answer<bool> EventFeed::has_event_after(std::int64_t seq) {
  const auto reply = client_.get("/v1/events?limit=1&after=" + std::to_string(seq));
  if (!reply) return reply.failure();
  return !member(reply->json, "events").items.empty();
}

// By bisection: a few dozen questions of a fraction of a millisecond, however old the study is.
std::optional<Failure> EventFeed::begin() {
  std::int64_t none_after = 1;
  while (none_after < seq_max) {
    const auto has_more = has_event_after(none_after);
    if (!has_more) return has_more.failure();
    if (!*has_more) break;
    none_after *= 2;
  }
  std::int64_t low = 0;
  while (low < none_after) {
    const std::int64_t middle = low + (none_after - low) / 2;
    const auto has_more = has_event_after(middle);
    if (!has_more) return has_more.failure();
    if (*has_more) low = middle + 1;
    else none_after = middle;
  }
  after_ = none_after;
  return std::nullopt;
}

Answer<std::vector<json::Node>> EventFeed::next(int wait_s) {
  if (is_interrupted()) {
    return Failure{.exit_code = ExitCode::interrupted, .error = {}, .details = {}};
  }
  const auto reply = client_.get("/v1/events?study=" + url_encoded(study_) +
                                     "&after=" + std::to_string(after_) +
                                     "&limit=" + std::to_string(events_max) +
                                     "&wait=" + std::to_string(wait_s),
                                 wait_s);
  if (!reply) return reply.failure();
  after_ = integer_of(member(reply->json, "next"));
  return member(reply->json, "events").items;
}

}  // namespace hpo::cli
