// What a worker needs of a study beside its trials.
#include "daemon/http/handlers.hpp"
#include "daemon/http/problem.hpp"
#include "schema/codec/codec.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/writer.hpp"
#include "schema/paths.hpp"

namespace hpo::http {

Response show_work(const Scope& scope, store::Reader& reader, const Call& call) {
  const auto row = reader.study(call.study);
  if (!row) return problem(row.error(), call.id);
  const DecodedStudy decoded = decode_study(row->spec, {.comments = false});
  if (!decoded.spec) {
    return problem(Error{ErrorCode::corrupt, "the stored study does not decode",
                         "study '" + row->name + "'", "this is a bug of hpo: report it"}, call.id);
  }
  if (!decoded.spec->is_pulled()) {
    return problem(Error{ErrorCode::conflict, "hpod starts the trials of this study itself",
                         "study '" + row->name + "'",
                         "submit it with \"dispatch\": \"workers\""}, call.id);
  }
  json::Writer writer;
  writer.object().member("study", row->name).member("state", word(row->progress.state));
  writer.member("lease_s", decoded.spec->executor.lease.count()).member("reports", true);
  writer.member("directory", StatePaths{scope.state_dir}.study(row->name));
  writer.key("attempt").raw(attempt_spec_to_json(attempt_spec_of(*decoded.spec))).end();
  return {.body = std::move(writer).text()};
}

}  // namespace hpo::http
