// GET /v1/events: read, and if there is nothing, wait for the next commit and read again.
//
// `seen` is read before the rows, so an event that is committed between the two wakes us.
#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>

#include "daemon/http/api.hpp"
#include "daemon/http/encode.hpp"
#include "daemon/http/problem.hpp"

namespace hpo::http {

using Clock = std::chrono::steady_clock;

// One long-poll. Owned by whoever carries it on: the pool, then the sink, then the io thread.
struct Api::Wait {
  std::uint64_t id = 0;
  std::int64_t after = 0;
  std::string study{};
  int limit = 0;
  Clock::time_point deadline{};
  Respond respond{};
};

namespace {

constexpr std::int64_t seq_max = std::int64_t{1} << 62;

Response encode_events(const std::vector<store::EventRow>& rows, std::int64_t next) {
  json::Writer writer;
  writer.object().key("events").array();
  for (const store::EventRow& row : rows) write_event(writer, row);
  writer.end().member("next", next).end();
  return {.body = std::move(writer).text()};
}

int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::max<std::int64_t>(left, 0));
}

}  // namespace

void Api::start_waiting(const Call& call, const Respond& respond) {
  const Limits& limits = scope_.limits;
  const auto after = call.query.integer("after", {0, 0, seq_max});
  const auto seconds = call.query.integer("wait", {0, 0, limits.event_wait_s_max});
  const auto limit = call.query.integer("limit", {limits.page_default, 1, limits.page_max});
  for (const auto* number : {&after, &seconds, &limit}) {
    if (!*number) return respond(problem(number->error(), call.id));
  }
  const std::string study = call.query.text("study");
  if (!study.empty() && !is_study_name(study)) {
    return respond(problem(Error{ErrorCode::invalid_argument, "\"" + study + "\" is no study name",
                                 "query parameter 'study'", "give the name of one study"},
                           call.id));
  }
  read_events(std::make_shared<Wait>(Wait{.id = call.id, .after = *after, .study = study,
                                          .limit = static_cast<int>(*limit),
                                          .deadline = Clock::now() + std::chrono::seconds(*seconds),
                                          .respond = respond}));
}

void Api::read_events(std::shared_ptr<Wait> wait) {
  boost::asio::post(pool_, [this, wait = std::move(wait)] {
    std::int64_t waits_after = -1;
    const Response response = guarded(wait->id, [&]() -> Response {
      const auto seen = reader_->last_event_seq();
      if (!seen) return problem(seen.error(), wait->id);
      const auto rows = reader_->events(wait->after, wait->study, wait->limit);
      if (!rows) return problem(rows.error(), wait->id);
      if (rows->empty() && milliseconds_until(wait->deadline) > 0) {
        waits_after = std::max(*seen, wait->after);
        return {};
      }
      const bool is_full = rows->size() == static_cast<std::size_t>(wait->limit);
      const std::int64_t last = rows->empty() ? wait->after : rows->back().seq;
      return encode_events(*rows, is_full ? last : std::max(last, *seen));
    });
    if (waits_after < 0) wait->respond(response);
    else wake_later(wait, waits_after);
  });
}

// The sink may call after this Api is gone, so the way back leads over the io thread.
void Api::wake_later(std::shared_ptr<Wait> wait, std::int64_t seen) {
  const int wait_ms = milliseconds_until(wait->deadline);
  sink_.wait_for_event(seen, wait_ms, [&io = io_, weak = weak_from_this(), wait] {
    boost::asio::post(io, [weak, wait] {
      if (const auto api = weak.lock()) api->read_events(wait);
    });
  });
}

}  // namespace hpo::http
