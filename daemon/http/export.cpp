// GET export: all there is of a study, in pages that the client joins. Reader strand.
#include "daemon/http/encode.hpp"
#include "daemon/http/handlers.hpp"
#include "daemon/http/problem.hpp"

namespace hpo::http {

Response export_study(const Scope& scope, store::Reader& reader, const Call& call) {
  const auto study = reader.study(call.study);
  if (!study) return problem(study.error(), call.id);
  const auto page = reader.trials({.study = call.study, .cursor = call.query.text("cursor"),
                                   .limit = scope.limits.export_page});
  if (!page) return problem(page.error(), call.id);
  json::Writer writer;
  writer.object().key("study");
  if (auto written = write_study(writer, *study, {.spec = true, .waits = {}}); !written) {
    return problem(written.error(), call.id);
  }
  writer.key("trials").array();
  for (const store::TrialRow& row : page->trials) write_trial(writer, row, {.suggestion = true});
  writer.end().key("next");
  if (page->next.empty()) writer.null();
  else writer.value(page->next);
  writer.end();
  return {.body = std::move(writer).text()};
}

}  // namespace hpo::http
