// GET of studies. Reader strand.
#include <algorithm>

#include "daemon/http/encode.hpp"
#include "daemon/http/handlers.hpp"
#include "daemon/http/problem.hpp"

namespace hpo::http {
namespace {

// The cursor is the last name shown: stable under new studies. Empty: the first page.
Result<std::string> cursor_of(const Query& query) {
  std::string cursor = query.text("cursor");
  if (cursor.empty() || is_study_name(cursor)) return cursor;
  return Error{ErrorCode::invalid_argument, "this is no cursor", "query parameter 'cursor'",
               "pass on `next` of the last page, or leave it out for the first"};
}

Result<std::string> encode_page(const std::vector<store::StudyRow>& rows, std::size_t limit,
                                const loop::CommandSink& sink) {
  json::Writer writer;
  writer.object().key("studies").array();
  const std::size_t count = std::min(limit, rows.size());
  for (std::size_t i = 0; i < count; ++i) {
    const StudyExtras extras{.spec = false, .waits = sink.waits(rows[i].name),
                             .unheard = sink.unheard(rows[i].name),
                             .loading = sink.loading(rows[i].name)};
    if (auto written = write_study(writer, rows[i], extras); !written) return written.error();
  }
  writer.end().key("next");
  if (rows.size() > limit) writer.value(rows[count - 1].name);
  else writer.null();
  writer.end();
  return std::move(writer).text();
}

// An ended study has nothing to wait for.
Error no_best(const store::StudyRow& row) {
  const auto& progress = row.progress;
  const std::string where = "study " + row.name;
  if (!is_ended(progress.state)) {
    return {ErrorCode::not_found, "no trial has completed yet", where,
            "wait for one: hpo status " + row.name};
  }
  return {ErrorCode::not_found,
          "no trial completed: the study has ended (" + std::string(word(progress.state)) + ")",
          where, progress.failed > 0 ? "hpo logs " + row.name + " --failed"
                                     : "hpo trials " + row.name};
}

}  // namespace

Response list_studies(const Scope& scope, store::Reader& reader, const Call& call) {
  const auto limit = call.query.integer("limit", {scope.limits.page_default, 1,
                                                  scope.limits.page_max});
  if (!limit) return problem(limit.error(), call.id);
  const auto cursor = cursor_of(call.query);
  if (!cursor) return problem(cursor.error(), call.id);
  const auto rows = reader.studies(*cursor, static_cast<int>(*limit) + 1);  // one more: is it all?
  if (!rows) return problem(rows.error(), call.id);
  auto page = encode_page(*rows, static_cast<std::size_t>(*limit), *scope.sink);
  if (!page) return problem(page.error(), call.id);
  return {.body = std::move(*page)};
}

Response show_study(const Scope& scope, store::Reader& reader, const Call& call) {
  const auto row = reader.study(call.study);
  if (!row) return problem(row.error(), call.id);
  json::Writer writer;
  if (auto written = write_study(
          writer, *row, {.spec = true, .waits = scope.sink->waits(row->name),
                         .unheard = scope.sink->unheard(row->name),
                         .loading = scope.sink->loading(row->name),
                         .asks = scope.sink->asks(row->name)}); !written) {
    return problem(written.error(), call.id);
  }
  return {.body = std::move(writer).text()};
}

Response show_best(const Scope&, store::Reader& reader, const Call& call) {
  const auto row = reader.study(call.study);
  if (!row) return problem(row.error(), call.id);
  if (!row->progress.best_trial) return problem(no_best(*row), call.id);
  const auto best = reader.trial(call.study, *row->progress.best_trial);
  if (!best) return problem(best.error(), call.id);
  json::Writer writer;
  writer.object().member("study", row->name).member("trial", best->trial.number);
  writer.member("value", best->trial.value).key("params").raw(best->params);
  writer.member("metrics", best->trial.metrics);
  write_recommended(writer, *row);
  writer.end();
  return {.body = std::move(writer).text()};
}

}  // namespace hpo::http
