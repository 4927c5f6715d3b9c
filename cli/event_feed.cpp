// The events of a study from now on, by long-poll.
#include "cli/event_feed.hpp"

#include "cli/interrupt.hpp"
#include "cli/json_view.hpp"
#include "cli/text.hpp"

namespace hpo::cli {
namespace {

constexpr int events_max = 200;  // of one answer

}  // namespace

std::optional<Failure> EventFeed::begin() {
  const auto version = client_.get("/version");
  if (!version) return version.failure();
  after_ = integer_of(member(version->json, "last_event_seq"));
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
