// POST of a study, and its rehearsal. Large texts are decoded off the io thread.
#include <optional>

#include "daemon/http/encode.hpp"
#include "daemon/http/handlers.hpp"
#include "daemon/http/problem.hpp"
#include "schema/codec/codec.hpp"

namespace hpo::http {
namespace {

std::vector<Problem> only(Severity severity, std::vector<Problem> problems) {
  std::erase_if(problems, [&](const Problem& one) { return one.severity != severity; });
  return problems;
}

struct Checked {
  DecodedStudy decoded{};
  std::optional<Response> refusal{};
};

Checked check(const Scope& scope, const Call& call) {
  const std::size_t bytes_max = scope.limits.study_body_bytes_max;
  Checked checked{.decoded = decode_study(call.body, {.comments = false, .absolute_workdir = true,
                                                      .bytes_max = bytes_max,
                                                      .profiles = &scope.profiles})};
  DecodedStudy& decoded = checked.decoded;
  if (!decoded.spec) {
    const bool is_json = json::parse(call.body, {.bytes_max = bytes_max}).problems.empty();
    checked.refusal = problem(is_json ? 422 : 400, only(Severity::error, decoded.problems),
                              decoded.problems_more, call.id);
  }
  return checked;
}

}  // namespace

Prepared submit_study(const Scope& scope, Call&& call) {
  Checked checked = check(scope, call);
  if (checked.refusal) return std::move(*checked.refusal);
  return loop::Command{.body = loop::SubmitStudy{std::move(*checked.decoded.spec)}};
}

Response validate_study(const Scope& scope, store::Reader&, const Call& call) {
  Checked checked = check(scope, call);
  if (checked.refusal) return std::move(*checked.refusal);
  json::Writer writer;
  writer.object().member("valid", true).key("problems").array();
  for (const Problem& one : checked.decoded.problems) write_problem(writer, one);
  writer.end().key("study").raw(study_to_json(*checked.decoded.spec)).end();
  return {.body = std::move(writer).text()};
}

}  // namespace hpo::http
