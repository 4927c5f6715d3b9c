// Whether the daemon takes writes at present.
#include "cli/health.hpp"

#include "cli/json_view.hpp"

namespace hpo::cli {

std::string unready_reason(ApiClient& client) {
  const auto ready = client.get("/readyz");
  if (ready || ready.failure().exit_code != ExitCode::temporary) return {};
  return ready.failure().error.what;
}

bool has_started(ApiClient& client) {
  if (client.get("/readyz")) return true;
  const auto version = client.get("/version");
  return version && !is_null(member(version->json, "started_at"));
}

}  // namespace hpo::cli
