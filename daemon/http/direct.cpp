// See direct.hpp; what head.cpp checks of a connection's bytes has no place here.
#include "daemon/http/direct.hpp"

#include <utility>

#include "daemon/http/head.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/routes.hpp"

namespace hpo::http {
namespace {

Error stray_body() {
  return {ErrorCode::invalid_argument, "a body where none belongs", "the request's body",
          "send the request without one"};
}

}  // namespace

void answer_direct(Api& api, std::uint64_t request, Direct direct, const Respond& respond) {
  auto target = parse_target(direct.target);
  if (!target) return respond(problem(400, target.error(), request));
  auto found = match(routes(), direct.method, *target);
  if (const auto* missed = std::get_if<NoMatch>(&found)) {
    return respond(problem(missed->status, missed->error, request));
  }
  auto& matched = std::get<Match>(found);
  const Route& route = *matched.route;
  const std::size_t bytes_max = api.scope().limits.body_bytes_max;
  if (direct.body.size() > bytes_max) return respond(too_large(bytes_max, request));
  if (route.body == BodyKind::none && !direct.body.empty()) {
    return respond(problem(400, stray_body(), request));
  }
  Call call{.id = request, .study = std::move(matched.study), .worker = std::move(matched.worker),
            .trial = matched.trial, .path = target->path(), .query = std::move(target->query),
            .body = std::move(direct.body)};
  if (auto known = call.query.only(route.query); !known) {
    return respond(problem(known.error(), request));
  }
  api.answer(route, std::move(call), respond);
}

}  // namespace hpo::http
