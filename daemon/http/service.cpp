// What the daemon says about itself.
#include <unistd.h>

#include "daemon/http/encode_time.hpp"
#include "daemon/http/handlers.hpp"
#include "daemon/http/problem.hpp"

namespace hpo::http {
namespace {

Result<int> count_studies(store::Reader& reader, int page) {
  int count = 0;
  std::string last;
  while (true) {
    const auto rows = reader.studies(last, page);
    if (!rows) return rows.error();
    count += static_cast<int>(rows->size());
    if (rows->size() < static_cast<std::size_t>(page)) return count;
    last = rows->back().name;
  }
}

}  // namespace

Response show_schema(const Scope&, const Call&) { return {.body = std::string(study_schema())}; }

Response show_ready(const Scope& scope, const Call&) {
  const auto health = scope.sink->health();
  json::Writer writer;
  writer.object().member("ready", health.ready).member("reason", health.reason).end();
  Response response{.body = std::move(writer).text()};
  if (health.ready) return response;
  response.status = 503;
  response.retry_after_s = scope.limits.retry_after_s;
  return response;
}

Response show_version(const Scope& scope, store::Reader& reader, const Call& call) {
  const auto studies = count_studies(reader, scope.limits.page_max);
  if (!studies) return problem(studies.error(), call.id);
  const auto seq = reader.last_event_seq();
  if (!seq) return problem(seq.error(), call.id);
  json::Writer writer;
  writer.object().member("version", scope.version).member("build", scope.build);
  writer.member("pid", static_cast<std::int64_t>(::getpid()));
  writer.member("state_dir", scope.state_dir).member("socket", scope.socket_path);
  writer.member("tcp", scope.tcp_address);
  write_time(writer, "started_at", scope.sink->health().started_ns);
  writer.member("studies", *studies).member("last_event_seq", *seq).end();
  return {.body = std::move(writer).text()};
}

}  // namespace hpo::http
