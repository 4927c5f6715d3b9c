// See road.hpp.
#include "cli/worker/road.hpp"

#include "cli/api_client.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/problem.hpp"
#include "cli/worker/channel.hpp"
#include "cli/worker/two_ways.hpp"
#include "schema/paths.hpp"

namespace hpo::cli::worker {
namespace {

constexpr std::chrono::seconds spool_patience{30};  // for one answer
constexpr std::chrono::seconds tcp_patience{3};     // a daemon that starts again is back by then

std::string spool_of_this_state() {
  const auto state = state_directory();
  return state ? StatePaths{*state}.spool() : std::string();
}

}  // namespace

// "": nobody has made it, or it may be another daemon's.
std::string Road::spool_root(const Answer<Endpoint>& endpoint) const {
  if (!wish_.spool.empty()) {  // beside TCP it is a second way, if it is one
    return !wish_.remote || SpoolChannel::is_there(wish_.spool) ? wish_.spool : std::string();
  }
  const bool is_its = !wish_.remote ||
                      (endpoint && endpoint->fingerprint == wish_.remote->fingerprint);
  const std::string root = is_its ? spool_of_this_state() : std::string();
  return !root.empty() && SpoolChannel::is_there(root) ? root : std::string();
}

std::vector<Road::Way> Road::ways(const Answer<Endpoint>& endpoint) const {
  const bool has_spool = !spool_root(endpoint).empty();
  std::vector<Way> ways;
  if (wish_.remote) {
    ways.push_back(Way::tcp);
    if (has_spool) ways.push_back(Way::files);
    return ways;
  }
  if (!wish_.spool.empty()) return {Way::files};
  const bool is_elsewhere = endpoint && !is_on(*endpoint, this_host());
  if (!is_elsewhere) ways.push_back(Way::socket);
  if (!wish_.else_connect.empty()) ways.push_back(Way::tcp);
  if (is_elsewhere && has_spool) ways.push_back(Way::files);
  if (ways.empty()) ways.push_back(Way::socket);  // which says what to type instead
  return ways;
}

Answer<std::string> Road::ask(SpoolVerb verb) {
  if (chosen_) return ask_by(*chosen_, verb);
  const auto endpoint = read_endpoint();
  const std::vector<Way> all = ways(endpoint);
  for (std::size_t i = 0;; ++i) {
    if (all[i] == Way::files) tell(all[i], endpoint);  // its answer may take long
    auto answer = ask_by(all[i], verb);
    const bool is_answered = answer || !leads_nowhere(all[i], answer.failure());
    if (is_answered) {
      chosen_ = all[i];
      tell(all[i], endpoint);
    }
    if (is_answered || i + 1 == all.size() || is_interrupted()) return answer;
    if (all[i] == Way::tcp) why_not_ = answer.failure().error.what;
    const bool may_return = answer.failure().exit_code == ExitCode::unreachable &&
                            std::chrono::steady_clock::now() < first_asked_ + tcp_patience;
    if (all[i + 1] == Way::files && may_return) return answer;
  }
}

// A job's token ends with the job; one that waited for too long in a queue has outlived it.
bool Road::leads_nowhere(Way way, const Failure& failure) const {
  const bool is_spent = way == Way::tcp && !wish_.remote &&
                        (failure.exit_code == ExitCode::authentication ||
                         failure.exit_code == ExitCode::usage);
  return is_spent || failure.exit_code == ExitCode::unreachable ||
         failure.exit_code == ExitCode::interrupted;
}

bool Road::may_lead_somewhere() const {
  const bool is_named = wish_.remote || !wish_.spool.empty() || !wish_.else_connect.empty();
  return is_named || read_endpoint();
}

void Road::tell(Way way, const Answer<Endpoint>& endpoint) {
  const bool is_wished = wish_.remote ? way == Way::tcp : !wish_.spool.empty();
  if (way == Way::socket || is_wished || !told_.insert(way).second) return;
  const std::string how = way == Way::tcp ? "TCP" : "files in " + spool_root(endpoint);
  if (!why_not_.empty() && way == Way::files) {
    return note("no way by TCP (" + why_not_ + "): the daemon is asked by " + how);
  }
  const std::string host = endpoint ? endpoint->host : "another host";
  note("the daemon runs on " + host + ", whose socket does not reach this node: it is asked by " +
       how);
}

Answer<std::string> Road::ask_by(Way way, SpoolVerb verb) {
  if (way == Way::files) return ask_in_spool(verb);
  if (way == Way::socket) return ask_daemon(connect(context_), verb, false);
  auto file = connect_file();
  if (!file) return file.failure();
  file_ = *file;
  return ask_daemon(ApiClient::connect({.socket = {}, .remote = *std::move(file)}), verb, true);
}

Answer<std::string> Road::ask_daemon(Answer<ApiClient> client, SpoolVerb verb, bool by_token) {
  if (!client) return client.failure();
  const bool is_work = verb == SpoolVerb::work || by_token;
  auto reply = client->get(study_target(wish_.study) + (is_work ? "/work" : ""));
  if (!reply) return reply.failure();
  return std::move(reply->body);
}

Answer<std::string> Road::ask_in_spool(SpoolVerb verb) {
  const auto endpoint = read_endpoint();
  std::string why = why_not_;
  if (why.empty() && endpoint) why = "the daemon runs on " + endpoint->host;
  const std::string root = spool_root(endpoint);
  auto reply = spool(root).ask(verb, why, spool_patience);
  if (!reply) return reply.failure();
  if (reply->status == 200) return std::move(reply->body);
  return failure_of_problem(reply->status, json::parse(reply->body).root);
}

// One object for good: its requests are counted.
SpoolChannel& Road::spool(const std::string& root) {
  if (!spool_) spool_ = std::make_unique<SpoolChannel>(root, wish_.study, wish_.worker);
  return *spool_;
}

Answer<ConnectFile> Road::connect_file() const {
  if (wish_.remote) return *wish_.remote;
  return read_connect_file(wish_.else_connect);
}

Transport& Road::transport() {
  if (chosen_ == Way::files) return *spool_;
  const std::string target = study_target(wish_.study) + "/workers/" + wish_.worker + ":exchange";
  const bool is_by_tcp = chosen_ == Way::tcp;
  const std::string root = is_by_tcp ? spool_root(read_endpoint()) : std::string();
  auto channel = std::make_unique<Channel>(target, is_by_tcp ? file_ : std::nullopt);
  if (root.empty()) {
    transport_ = std::move(channel);
  } else {
    transport_ = std::make_unique<TwoWays>(std::move(channel), spool(root), root);
  }
  return *transport_;
}

}  // namespace hpo::cli::worker
