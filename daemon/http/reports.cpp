// GET of what trainings have told while they ran, with what the pruner said of it. Reader strand.
#include "daemon/http/handlers.hpp"
#include "daemon/http/problem.hpp"
#include "schema/json/writer.hpp"

namespace hpo::http {
namespace {

constexpr auto seq_max = std::int64_t{1} << 62;

void write_decision(json::Writer& writer, const Decision& decision) {
  writer.key("decision");
  if (decision == Decision{}) {
    writer.null();
    return;
  }
  writer.object().member("verdict", word(decision.verdict)).key("rung");
  if (decision.rung >= 0) writer.value(decision.rung);
  else writer.null();
  writer.member("reason", decision.reason).end();
}

void write_report(json::Writer& writer, const JudgedReport& row) {
  writer.object().member("trial", row.report.trial).member("step", row.report.step);
  writer.member("attempt", row.report.attempt).member("seq", row.report.seq);
  writer.member("value", row.report.value).member("metrics", row.report.metrics);
  write_decision(writer, row.decision);
  if (row.report.is_late) writer.member("late", true);
  writer.end();
}

Response list(const Scope& scope, store::Reader& reader, const Call& call,
              std::optional<int> trial) {
  const auto limit = call.query.integer("limit", {scope.limits.page_max, 1,
                                                  scope.limits.page_max});
  if (!limit) return problem(limit.error(), call.id);
  const auto after = call.query.integer("after", {-1, -1, seq_max});
  if (!after) return problem(after.error(), call.id);
  const auto rows = reader.reports({.study = call.study, .trial = trial, .after = *after,
                                    .limit = static_cast<int>(*limit)});
  if (!rows) return problem(rows.error(), call.id);
  json::Writer writer;
  writer.object().key("reports").array();
  for (const JudgedReport& row : *rows) write_report(writer, row);
  writer.end().end();
  return {.body = std::move(writer).text()};
}

}  // namespace

Response list_reports(const Scope& scope, store::Reader& reader, const Call& call) {
  return list(scope, reader, call, std::nullopt);
}

Response list_trial_reports(const Scope& scope, store::Reader& reader, const Call& call) {
  if (const auto row = reader.trial(call.study, call.trial); !row) {
    return problem(row.error(), call.id);
  }
  return list(scope, reader, call, call.trial);
}

}  // namespace hpo::http
