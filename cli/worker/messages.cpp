// See messages.hpp. Unknown members are ignored: the daemon may be newer.
#include "cli/worker/messages.hpp"

#include <charconv>

#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"

namespace hpo::cli::worker {
namespace {

constexpr std::string_view place = "the daemon's answer to an exchange";
constexpr std::size_t reply_bytes_max = 64U << 20U;

json::Writer& begin(json::Writer& out, LeaseKey key) {
  return out.object().member("trial", key.trial).member("fence", key.fence);
}

void put(json::Writer& out, std::string_view name, const std::vector<LeaseKey>& keys) {
  out.key(name).array();
  for (const LeaseKey key : keys) begin(out, key).end();
  out.end();
}

void put_holds(json::Writer& out, const Request& request) {
  out.key("holds").array();
  for (const LeaseKey key : request.holds) {
    begin(out, key);
    if (request.loading.contains(key)) out.member("is_loading", true);
    out.end();
  }
  out.end();
}

void put_ended(json::Writer& out, const std::vector<EndedTrial>& ended) {
  if (ended.empty()) return;
  out.key("ended").array();
  for (const EndedTrial& each : ended) {
    begin(out, each.key).key("outcome").raw(outcome_to_json(each.outcome)).end();
  }
  out.end();
}

void put_reports(json::Writer& out, const std::vector<ReportedStep>& reports) {
  if (reports.empty()) return;
  out.key("reports").array();
  for (const ReportedStep& each : reports) {
    begin(out, each.key).member("step", each.report.step);
    out.member("metrics", each.report.metrics);
    if (!each.report.unread.empty()) out.member("unread", each.report.unread);
    if (!each.report.skipped.empty()) out.member("skipped", each.report.skipped);
    if (each.report.left_out > 0) out.member("left_out", each.report.left_out);
    out.end();
  }
  out.end();
}

Error unreadable(std::string_view why) {
  return Error{ErrorCode::corrupt, "the daemon's answer cannot be read: " + std::string(why),
               std::string(place),
               "both must be of one version: compare 'hpo version' and 'hpo daemon status'"};
}

bool has_key(const json::Node& node) {
  const json::Node* trial = node.find("trial");
  const json::Node* fence = node.find("fence");
  return trial != nullptr && trial->kind == json::Kind::integer && fence != nullptr &&
         fence->kind == json::Kind::integer;
}

LeaseKey key_of(const json::Node& node) {
  return {.trial = static_cast<int>(json::integer_at(node, "trial")),
          .fence = static_cast<int>(json::integer_at(node, "fence"))};
}

const std::vector<json::Node>& list_at(const json::Node& root, std::string_view name) {
  static const std::vector<json::Node> none;
  const json::Node* list = root.find(name);
  return list != nullptr ? list->items : none;
}

// As text where it may be beyond int64.
std::uint64_t seed_at(const json::Node& node) {
  std::uint64_t seed = static_cast<std::uint64_t>(json::integer_at(node, "seed"));
  const std::string text = json::text_at(node, "seed");
  if (!text.empty()) std::from_chars(text.data(), text.data() + text.size(), seed);
  return seed;
}

LeasedTrial trial_of(const json::Node& node, std::string_view text) {
  LeasedTrial trial{.key = key_of(node),
                    .attempt = static_cast<int>(json::integer_at(node, "attempt")),
                    .is_started = false, .job = json::text_at(node, "job"),
                    .identity = json::text_at(node, "identity"), .params = "{}", .seed = 0,
                    .command = {}, .checkpoint_from = json::text_at(node, "checkpoint_from")};
  const json::Node* is_started = node.find("is_started");
  trial.is_started = is_started != nullptr && is_started->boolean;
  trial.seed = seed_at(node);
  if (const json::Node* params = node.find("params")) {
    trial.params = text.substr(params->at.offset, params->at.length);
  }
  for (const json::Node& word : list_at(node, "command")) trial.command.push_back(word.string);
  return trial;
}

std::vector<StopWish> wishes_at(const json::Node& root, std::string_view name) {
  std::vector<StopWish> wishes;
  for (const json::Node& node : list_at(root, name)) {
    if (has_key(node)) wishes.push_back({key_of(node), json::text_at(node, "reason")});
  }
  return wishes;
}

}  // namespace

std::string to_json(const Request& request) {
  json::Writer out;
  out.object().member("slots", request.slots);
  put_holds(out, request);  // empty too: what it does not hold, it is told again
  put_ended(out, request.ended);
  if (!request.started.empty()) put(out, "started", request.started);
  if (!request.returned.empty()) put(out, "returned", request.returned);
  put_reports(out, request.reports);
  out.member("start", request.start).member("ahead", request.ahead);
  out.member("wait_ms", static_cast<std::int64_t>(request.wait.count())).end();
  return std::move(out).text();
}

std::optional<std::chrono::milliseconds> lease_at(const json::Node& root) {
  const json::Node* lease_s = root.find("lease_s");
  const bool is_duration = lease_s != nullptr && lease_s->is_number() &&
                           lease_s->number >= 0.001 && lease_s->number < 1e7;
  if (!is_duration) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(lease_s->number * 1e3));
}

namespace {

bool is_true_at(const json::Node& root, std::string_view name) {
  const json::Node* node = root.find(name);
  return node != nullptr && node->boolean;
}

}  // namespace

Result<Reply> reply_from_json(std::string_view text) {
  const json::Parsed parsed = json::parse(text, {.bytes_max = reply_bytes_max});
  if (!parsed.problems.empty()) return unreadable(parsed.problems.front().message);
  const json::Node& root = parsed.root;
  const auto state = from_word<StudyState>(json::text_at(root, "state"));
  const auto lease = lease_at(root);
  if (!state) return unreadable("state is no state of a study");
  if (!lease) return unreadable("lease_s is no duration");
  Reply reply{.state = *state,
              .lease = *lease, .trials = {}, .stops = wishes_at(root, "stop"),
              .dropped = wishes_at(root, "dropped"), .ignored = {},
              .leave = is_true_at(root, "leave"),
              .wait = std::chrono::milliseconds(json::integer_at(root, "wait_ms"))};
  for (const json::Node& node : list_at(root, "ignored")) {
    if (!has_key(node)) continue;
    reply.ignored.push_back({key_of(node), json::integer_at(node, "step"),
                             json::text_at(node, "reason")});
  }
  for (const json::Node& node : list_at(root, "trials")) {
    if (!has_key(node)) return unreadable("a trial has no number or no fence");
    reply.trials.push_back(trial_of(node, text));
  }
  return reply;
}

}  // namespace hpo::cli::worker
