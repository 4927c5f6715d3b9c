// A worker does not tell the steps that hpod would not keep: rows, decisions and remarks are the
// same as if it had told them all.
#include "cli/worker/kept_steps.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <set>

#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"
#include "tests/daemon/loop/rig.hpp"

using namespace hpo;

namespace {

constexpr std::int64_t step_max = 30'000;
constexpr std::size_t reports_max = 256;  // of one request, as a worker sends them

StudySpec judged_by(const std::string& pruner) {
  auto decoded = decode_study(
      R"({"name":"jets","space":{"x":{"float":[0,1]}},"workdir":"/","strategy":"sobol",)"
      R"("objective":{"minimize":"loss"},"executor":{"type":"external","lease":"1h"},)"
      R"("fidelity":{"name":"epochs","min":1,"max":30000,"eta":3},"parallel":4,)"
      R"("budget":{"trials":12},"pruner":)" + pruner + "}");
  REQUIRE(decoded.spec);
  return *std::move(decoded.spec);
}

// A training of every bad habit: it tells steps twice, goes back, and writes what is no report.
class Habits {
 public:
  explicit Habits(unsigned seed) : random_(seed) {}

  std::vector<StepTold> lines(int count) {
    std::vector<StepTold> lines;
    for (int i = 0; i < count; ++i) lines.push_back(line());
    return lines;
  }

 private:
  StepTold line() {
    const auto habit = random_() % 1000;
    if (habit < 5) return {.unread = "line 7 of its metrics.jsonl is no report"};
    if (habit < 10) return {.skipped = "the first 3 KiB were skipped"};
    if (habit < 40) return {step_, {{"lr", 0.1}}};
    if (habit < 200) return {step_, {{"loss", value_}, {"lr", 0.1}}, {}, {}, habit < 60 ? 3 : 0};
    if (habit == 999) step_ = std::max<std::int64_t>(0, step_ - below(500));
    else step_ += habit < 210 ? below(1 + step_ / 500) : 1;
    if (habit % 7 == 0) value_ = 0.1 * static_cast<double>(1 + below(9));
    if (habit % 101 == 0) value_ = habit % 2 == 0 ? NAN : INFINITY;
    return {step_, {{"loss", value_}}};
  }
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }

  std::mt19937_64 random_;
  std::int64_t step_ = 0;
  double value_ = 0.9;
};

struct Told {
  std::vector<std::string> kept{};  // rows, remarks, the trial's end
  std::set<std::string> stops{};    // reasons
  std::string ignored{};            // the first one, which the worker notes
  int requests = 0;
};

void send(test::Rig& rig, loop::Held lease, std::vector<loop::Reported> reports, Told& told) {
  const auto reply = rig.ask(loop::Exchange{.study = "jets", .worker = "w",
                                            .holds = std::vector{lease},
                                            .reports = std::move(reports)});
  REQUIRE(reply);
  ++told.requests;
  const auto root = *json::parse_own(reply->body, "reply");
  for (const json::Node& stop : root.find("stop")->items) {
    told.stops.insert(json::text_at(stop, "reason"));
  }
  const json::Node* ignored = root.find("ignored");
  if (ignored == nullptr || !told.ignored.empty()) return;
  told.ignored = std::to_string(json::integer_at(ignored->items.at(0), "step")) + ": " +
                 json::text_at(ignored->items.at(0), "reason");
}

std::string text_of(const JudgedReport& row) {
  json::Writer metrics;
  metrics.value(row.report.metrics);
  const double value = row.report.value;
  return std::to_string(row.report.seq) + " " + std::to_string(row.report.step) + " " +
         (std::isnan(value) ? "none" : json::number_text(value)) + " " +
         std::move(metrics).text() + " " + std::string(word(row.decision.verdict)) + " " +
         std::to_string(row.decision.rung) + " " + row.decision.reason;
}

void note_kept(test::Rig& rig, int trial, Told& told) {
  const auto reader = rig.reader();
  store::ReportQuery query{.study = "jets", .trial = trial};
  for (auto page = *reader->reports(query); !page.empty(); page = *reader->reports(query)) {
    for (const JudgedReport& row : page) told.kept.push_back(text_of(row));
    query.after = page.back().report.step;
  }
  const auto remarks = reader->doubts("jets", trial);
  for (const auto& each : *remarks) {
    const auto data = *json::parse_own(each.data, "event");
    told.kept.push_back(json::text_at(data, "remark") + ": " + json::text_at(data, "message"));
  }
  const auto row = reader->trial("jets", trial);
  told.kept.push_back(std::string(word(row->trial.state)) + " " + row->trial.message);
}

void complete(test::Rig& rig, loop::Held lease, double value) {
  REQUIRE(rig.ask(loop::TellTrial{
      "jets", {lease, {.status = OutcomeStatus::completed, .value = value}}}));
}

// Three peers at the rungs of asha, from step 729 on better than the training that follows.
Told tell(const std::string& pruner, const std::vector<StepTold>& lines, bool tells_all) {
  test::Rig rig;
  Told told;
  REQUIRE(rig.ask(loop::SubmitStudy{judged_by(pruner)}));
  for (const double loss : {0.03, 0.02, 0.01}) {
    const loop::Held lease = rig.lease_of_next("jets");
    std::vector<loop::Reported> peer;
    for (std::int64_t step = 1; step <= 760; step = step < 700 ? 3 * step : step + 1) {
      peer.push_back({lease, step, {{"loss", step < 700 ? 0.9 : loss}}});
    }
    REQUIRE(rig.ask(loop::RenewLease{"jets", lease, std::move(peer)}));
    complete(rig, lease, loss);
  }
  const loop::Held lease = rig.lease_of_next("jets");
  cli::worker::KeptSteps kept("loss", step_max);
  std::vector<loop::Reported> reports;
  for (const StepTold& line : lines) {
    if (!tells_all && !kept.must_tell(line)) continue;
    reports.push_back({lease, line.step, line.metrics, line.unread, line.skipped, line.left_out});
    if (reports.size() < reports_max) continue;
    send(rig, lease, std::exchange(reports, {}), told);
  }
  send(rig, lease, std::move(reports), told);
  complete(rig, lease, 0.8);
  note_kept(rig, lease.trial, told);
  return told;
}

}  // namespace

SCENARIO("steps that a worker leaves out change nothing", "[loop]") {
  const auto seed = GENERATE(range(1U, 3U));
  const std::string pruner = seed % 2 == 0 ? R"("asha")"
                                           : R"({"type":"median","options":{"startup_trials":1}})";
  INFO("seed " << seed);
  const auto lines = Habits(seed).lines(12'000);
  const Told all = tell(pruner, lines, true);
  const Told few = tell(pruner, lines, false);
  CHECK(few.kept == all.kept);
  CHECK(few.stops == all.stops);
  CHECK(few.ignored == all.ignored);
  INFO(all.requests << " requests, " << few.requests << " with what is kept alone; "
                    << all.kept.size() << " rows");
  CHECK(few.requests < all.requests);
  CHECK(all.kept.size() > 1500);
  CHECK_FALSE(all.stops.empty());
}
