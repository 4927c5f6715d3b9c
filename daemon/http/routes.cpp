// One row a route: method, path, handler, query keys, body, who may. To add one: README.md.
#include "daemon/http/routes.hpp"

#include "daemon/http/handlers.hpp"

namespace hpo::http {

const std::vector<Route>& routes() {
  constexpr auto get = Method::get;
  constexpr auto post = Method::post;
  constexpr auto small = BodyKind::small;
  constexpr auto study = BodyKind::study;
  constexpr auto worker = Reach::worker;
  static const std::vector<Route> table{
      {post, "/v1/studies", submit_study, {}, study},
      {get, "/v1/studies", list_studies, {"limit", "cursor"}},
      {get, "/v1/studies/{name}", show_study},
      {post, "/v1/studies/{name}:pause", pause_study, {}, small},
      {post, "/v1/studies/{name}:resume", resume_study, {}, small},
      {post, "/v1/studies/{name}:cancel", cancel_study, {}, small},
      {post, "/v1/studies/{name}:retry", retry_trials, {}, small},
      {get, "/v1/studies/{name}/trials", list_trials, {"state", "sort", "limit", "cursor"}},
      {post, "/v1/studies/{name}/trials", enqueue_trials, {}, small},
      {get, "/v1/studies/{name}/trials/{n}", show_trial},
      {post, "/v1/studies/{name}/trials/{n}:cancel", cancel_trial, {}, small},
      {get, "/v1/studies/{name}/work", show_work, {}, BodyKind::none, worker},
      {post, "/v1/studies/{name}/workers/{worker}:exchange", exchange, {}, small, worker},
      {post, "/v1/studies/{name}/trials:ask", ask_trials, {}, small, worker},
      {post, "/v1/studies/{name}/trials/{n}:report", report_trial, {}, small, worker},
      {post, "/v1/studies/{name}/trials/{n}:tell", tell_trial, {}, small, worker},
      {post, "/v1/studies/{name}/tokens", issue_token, {}, small},
      {post, "/v1/studies/{name}/tokens:revoke", revoke_tokens, {}, small},
      {get, "/v1/studies/{name}/trials/{n}/logs", show_log,
       {"stream", "attempt", "tail", "offset"}},
      {get, "/v1/studies/{name}/trials/{n}/reports", list_trial_reports, {"limit", "after"}},
      {get, "/v1/studies/{name}/reports", list_reports, {"limit", "after"}},
      {get, "/v1/studies/{name}/strategy-logs", show_strategy_log, {"tail", "offset"}},
      {get, "/v1/studies/{name}/best", show_best},
      {get, "/v1/studies/{name}/export", export_study, {"cursor"}},
      {get, "/v1/events", WaitForEvents{}, {"after", "wait", "study", "limit"}},
      {post, "/v1/validate", validate_study, {}, study},
      {get, "/v1/schema", show_schema},
      {get, "/readyz", show_ready},
      {get, "/version", show_version},
  };
  return table;
}

}  // namespace hpo::http
