// A study in words: what it waits for, how long it takes, how it ended.
#include "cli/study_view.hpp"

#include <catch2/catch.hpp>

#include "cli/problem.hpp"
#include "cli/status_text.hpp"
#include "cli/watch_frame.hpp"

using namespace hpo::cli;
using hpo::StudyReason;
using hpo::StudyState;

namespace {

hpo::json::Node node(std::string_view text) { return hpo::json::parse(text).root; }

StudyView study(StudyState state, StudyReason reason = StudyReason::none) {
  StudyView view;
  view.name = "jets";
  view.state = state;
  view.reason = reason;
  view.metric = "auc";
  view.direction = hpo::Direction::maximize;
  view.slots = 2;
  view.max_failures = 20;
  view.trials.total = 60;
  return view;
}

}  // namespace

TEST_CASE("what a newer daemon adds or an older one lacks does no harm", "[cli]") {
  const StudyView empty = study_view(node("{}"));
  CHECK(empty.name.empty());
  CHECK_FALSE(empty.best);
  const StudyView view = study_view(node(
      R"({"name":"jets","state":"running","reason":"none","new":[1],"objective":{"metric":"auc",
          "direction":"maximize"},"trials":{"total":60,"completed":2},"spent_s":4,
          "best":{"trial":1,"value":1,"params":{"lr":0.5}}})"));
  CHECK(view.state == StudyState::running);
  CHECK(view.best->value == 1.0);
  CHECK(*rate_per_s(view) == 0.5);
  CHECK(*time_left_s(view) == 116);
}

TEST_CASE("trials that have paused are done, for the time that is left", "[cli]") {
  const StudyView view = study_view(node(
      R"({"state":"running","trials":{"total":60,"completed":1,"cancelled":1,"paused":19},
          "spent_s":40})"));
  CHECK(*time_left_s(view) == 39 * 2);  // 20 in 40 s
  const StudyView none = study_view(node(
      R"({"state":"running","trials":{"total":60,"cancelled":9},"spent_s":40})"));
  CHECK_FALSE(time_left_s(none));
}

TEST_CASE("running trials whose worker is silent are told apart", "[cli]") {
  const StudyView view = study_view(node(R"({"trials":{"running":3,"waiting":1},"unheard":2})"));
  CHECK(counts_text(view.trials) ==
        "3 running (2 not heard of for more than half a lease, or since hpod started), 1 waiting");
}

TEST_CASE("a warm script that does not serve is what its study waits for", "[cli]") {
  const StudyView view = study_view(node(
      R"({"name":"warm","state":"running","executor":"external","slots":1,
          "trials":{"total":9,"created":1,"running":1},"loading":1})"));
  const std::string why = why_text(view);
  CHECK_THAT(why, Catch::StartsWith("1 trial waiting for a warm script that has not called "));
  CHECK_THAT(why, Catch::Contains("hpo cancel warm; end the script with hpo.serve(train)"));
}

TEST_CASE("status tells how long suggestions took, and who answered for a late strategy", "[cli]") {
  StudyView view = study_view(node(
      R"({"trials":{"created":60},"suggestions":{"stand_ins":0,"slot_waited_ms":
          {"count":9,"p50":0,"p99":1.254},"strategy_took_ms":{"count":9,"p50":41,"p99":60.5}}})"));
  CHECK(suggestions_text(view) == "a free slot waited 0 ms, p99 1.25 ms; the strategy took 41 ms, "
                                  "p99 60.5 ms");
  view.suggestions.stand_ins = 3;
  CHECK(suggestions_text(view).find("\n3 of 60 trials (5 %) by a stand-in") != std::string::npos);
  CHECK(suggestions_text(view).find("ask_deadline") != std::string::npos);
  view.trials.created = 600;
  CHECK(suggestions_text(view).find("ask_deadline") == std::string::npos);
  CHECK(suggestions_text(StudyView{}).empty());
}

TEST_CASE("status says in words why a study waits", "[cli]") {
  StudyView view = study(StudyState::running);
  CHECK(why_text(view) == "starting: the strategy is choosing the first values");
  view.trials.created = 3;
  view.trials.waiting = 3;
  CHECK(why_text(view).find("waiting for a free slot") != std::string::npos);
  view.executor = "external";
  CHECK(why_text(view).find("hpo worker --study") != std::string::npos);
  view.executor = "local";
  view.unready = "the disk is full";
  CHECK(why_text(view) == "the daemon starts nothing: the disk is full");
  view.unready.clear();
  view.trials.running = 2;
  CHECK(why_text(view) == "all 2 slots are busy");
  view.executor = "slurm";
  CHECK(why_text(view) == "as many jobs run as \"parallel\" allows");
  view.trials.queued = 1;
  CHECK(why_text(view) == "as many jobs run or wait in the queue as \"parallel\" allows");
  view.trials = {.total = 60, .created = 60, .running = 1, .completed = 59};
  CHECK(why_text(view) == "its last trials are running");
  view.trials.queued = 1;
  CHECK(why_text(view) == "its last jobs wait in the queue");
  view.trials = {.total = 60, .created = 3, .waiting = 3};
  CHECK(why_text(view).find("3 trials waiting to be submitted") == 0);
  CHECK(why_text(study(StudyState::paused, StudyReason::user)) == "paused by you");
  StudyView paused = study(StudyState::paused, StudyReason::failures_alike);
  paused.detail = "5 trials in a row: exit_code 1";
  CHECK(why_text(paused) == "paused: its attempts fail alike");
  CHECK(status_text(paused, {}).find(paused.detail) != std::string::npos);
  CHECK(is_paused_by_itself(paused));
}

TEST_CASE("status tells of node-hours how far they are used, and that a study waits for them",
          "[cli]") {
  StudyView view = study_view(node(
      R"({"name":"jets","state":"running","budget":{"node_hours":400},"slots":9,
          "spent_node_hours":391.5,"trial_node_hours":4,
          "trials":{"total":60,"created":9,"running":1,"completed":8}})"));
  CHECK(status_text(view, {}).find("391.5 of 400 used") != std::string::npos);
  view.node_hours->spent = 391.49666;
  CHECK(status_text(view, {}).find("391.5 of 400 used") != std::string::npos);
  view.node_hours->spent = 0.0004;
  CHECK(status_text(view, {}).find("less than 0.01 of 400 used") != std::string::npos);
  view.node_hours->spent = 391.5;
  CHECK(why_text(view) == "the strategy is choosing the next values");
  view.trials.running = 2;
  CHECK(why_text(view) == "its jobs may need all node-hours that are left");
  CHECK(why_text(study(StudyState::finished, StudyReason::node_hours)) ==
        "its node-hours are used up");
  CHECK(status_text(study(StudyState::running), {}).find("node-hours") == std::string::npos);
}

TEST_CASE("status tells which strategy auto chose, and why", "[cli]") {
  StudyView view = study_view(node(
      R"({"name":"jets","state":"running","strategy":"auto","executor":"local","slots":2,
          "strategy_chosen":{"name":"gp","because":"6 parameters: few trials"}})"));
  CHECK_THAT(status_text(view, {}), Catch::Contains("gp on local, 2 at a time\n") &&
                                        Catch::Contains("chosen by auto: 6 parameters: few"));
  view = study_view(node(R"({"strategy":"tpe","executor":"local","strategy_chosen":null})"));
  CHECK_THAT(status_text(view, {}), Catch::Contains("tpe on local") && !Catch::Contains("auto"));
}

TEST_CASE("status tells which pruner ends trials early, if one does", "[cli]") {
  StudyView view = study_view(node(R"({"name":"jets","pruner":"median"})"));
  CHECK_THAT(status_text(view, {}), Catch::Contains("median: stops what is worse than the median"));
  view = study_view(node(R"({"name":"jets","pruner":"none"})"));
  CHECK_THAT(status_text(view, {}), !Catch::Contains("pruner"));
}

TEST_CASE("with much noise status tells what a model recommends, below the best", "[cli]") {
  const StudyView view = study_view(node(
      R"({"name":"jets","objective":{"metric":"auc"},"best":{"trial":8,"value":0.9,"params":{}},
          "recommended":{"trial":4,"value":0.875,"finished":12,"params":{"lr":0.5}}})"));
  CHECK_THAT(status_text(view, {}), Catch::Contains("auc 0.9, trial 8") &&
      Catch::Contains("recommended: trial 4, by a model auc 0.875 on average: lr=0.5"));
}

TEST_CASE("status tells queued jobs from those that run", "[cli]") {
  StudyView view = study(StudyState::running);
  view.trials = {.total = 60, .created = 9, .running = 8, .queued = 5, .completed = 1};
  CHECK(counts_text(view.trials) == "1 completed, 3 running, 5 queued");
  view.trials.paused = 2;
  CHECK(counts_text(view.trials) == "1 completed, 3 running, 5 queued, 2 paused");
  CHECK(status_table({view}, {}).render({}).find("QUEUED") == std::string::npos);
  view.executor = "slurm";
  CHECK(status_table({view}, {}).render({}).find("QUEUED") != std::string::npos);
}

TEST_CASE("a trial whose job waits is told as queued", "[cli]") {
  const auto told = [](const char* state, const char* attempt) {
    return trial_state(node((R"({"state":")" + std::string(state) + R"(","attempt_state":)" +
                             attempt + "}").c_str()));
  };
  CHECK(told("running", R"("submitted")") == "queued");
  CHECK(told("running", R"("running")") == "running");
  CHECK(told("running", R"("unknown")") == "unknown");
  CHECK(told("waiting", "null") == "waiting");
  CHECK(told("completed", R"("succeeded")") == "completed");
}

TEST_CASE("the end of a study decides the exit code", "[cli]") {
  StudyView view = study(StudyState::running);
  CHECK(exit_code_of(view) == ExitCode::pending);
  view = study(StudyState::finished, StudyReason::trials);
  CHECK(exit_code_of(view) == ExitCode::no_success);
  view.trials.completed = 1;
  CHECK(exit_code_of(view) == ExitCode::ok);
  view.state = StudyState::failed;
  view.reason = StudyReason::max_failures;
  CHECK(exit_code_of(view) == ExitCode::failures);
}

TEST_CASE("a rate is that of the whole time, and none is told of an instant", "[cli]") {
  StudyView view = study(StudyState::finished);
  view.trials.completed = 20;
  view.spent_s = 0.02;
  CHECK_FALSE(rate_per_s(view));
  view.lasted_s = 10;
  CHECK(*rate_per_s(view) == 2);
  view.trials.cancelled = 100;
  CHECK(*rate_per_s(view) == 2);
  const StudyView timed = study_view(node(
      R"({"started_at":"2026-11-21T11:30:00.000Z","ended_at":"2026-11-21T11:30:05.000Z"})"));
  CHECK(timed.lasted_s == 5);
}

TEST_CASE("rates are given per second, minute or hour", "[cli]") {
  CHECK(rate_text(12.34) == "12.3/s");
  CHECK(rate_text(0.5) == "30/min");
  CHECK(rate_text(0.001) == "3.6/h");
}

TEST_CASE("a watch frame fits its terminal and shows the study", "[cli]") {
  WatchState state;
  state.study = study(StudyState::running);
  state.study.trials = {.total = 60, .created = 30, .running = 2, .completed = 28};
  state.study.spent_s = 28;
  state.values = {0.5, 0.7, 0.6, 0.8};
  state.running = {{.number = 29, .attempts = 2, .started_s = 100, .params = "lr=0.001"}};
  for (int i = 0; i < 10; ++i) state.add_news("trial " + std::to_string(i) + " completed");
  Terminal terminal;
  terminal.is_tty = true;
  terminal.has_unicode = true;
  const auto [width, height] = GENERATE(table<int, int>({{80, 40}, {40, 24}, {20, 5}, {200, 60}}));
  terminal.width = width;
  terminal.height = height;
  const auto lines = watch_frame(state, terminal, 105);
  CHECK(lines.size() < static_cast<std::size_t>(height));
  std::string all;
  for (const std::string& line : lines) {
    CHECK(hpo::cli::printable(line) == line);
    all += line + "\n";
  }
  CHECK(all.find("jets") != std::string::npos);
  if (height < 40) return;
  CHECK(all.find("28/60") != std::string::npos);
  CHECK(all.find("trial 29, attempt 2  5.0 s  lr=0.001") != std::string::npos);
  CHECK(all.find("⠉") != std::string::npos);
  CHECK(all.find("trial 9 completed") != std::string::npos);
  CHECK(all.find("trial 3 completed") == std::string::npos);
}

TEST_CASE("an event is told in a line", "[cli]") {
  StudyView view = study(StudyState::running);
  const auto event = node(R"({"kind":"attempt_ended","data":{"trial":3,"attempt":1}})");
  CHECK(needs_trial(event));
  CHECK(news_line(event, node(R"({"number":3,"state":"completed","value":0.9})"), view) ==
        "trial 3 completed: auc 0.9 (best so far)");
  view.best = Best{.trial = 1, .value = 0.95, .params = {}};
  CHECK(news_line(event, node(R"({"number":3,"state":"completed","value":0.9})"), view) ==
        "trial 3 completed: auc 0.9");
  CHECK(news_line(event,
                  node(R"({"state":"failed","failure":"timeout","message":"after 4h\nmore"})"),
                  view) == "trial 3 failed (timeout): after 4h");
  const char* begun = R"({"kind":"attempt_started","data":{"trial":3,"attempt":2,"worker":"n-7"}})";
  CHECK(news_line(node(begun), {}, view) == "trial 3 started, attempt 2 by n-7");
  CHECK(news_line(node(R"({"kind":"trial_created","data":{"trial":3}})"), {}, view).empty());
  CHECK(news_line(node(R"({"kind":"study_paused","data":{"reason":"user","detail":""}})"), {},
                  view) == "paused: user");
}

TEST_CASE("watch tells what becomes of trials that a pruner pauses", "[cli]") {
  const StudyView view = study(StudyState::running);
  const auto ended = node(R"({"kind":"attempt_ended","data":{"trial":3,"attempt":1}})");
  const auto told = [&](const char* trial) { return news_line(ended, node(trial), view); };
  CHECK(told(R"({"state":"paused","message":"not in the best third"})") ==
        "trial 3 paused: not in the best third");
  CHECK(told(R"({"state":"waiting","history":[{"number":1,"verdict":"pause"}]})") ==
        "trial 3 paused, and goes on");
  CHECK(told(R"({"state":"waiting","history":[{"number":1,"verdict":"go_on"}]})") ==
        "trial 3 lost an attempt and will be tried again");
  CHECK(news_line(node(R"({"kind":"trial_taken_up","data":{"trial":3}})"), {}, view) ==
        "trial 3 is taken up again");
  const auto pruned = node(R"({"kind":"trial_pruned","data":{"trial":3}})");
  CHECK(needs_trial(pruned));
  CHECK(news_line(pruned, node(R"({"state":"pruned","message":"no"})"), view) ==
        "trial 3 pruned: no");
}

TEST_CASE("the daemon's problem becomes its own words, its list and our exit code", "[cli]") {
  const Failure failure = failure_of_problem(422, node(
      R"({"title":"invalid study","detail":"the study has 1 problem","where":"request body",
          "remedy":"mend it","errors":[{"code":"HPO-E0104","pointer":"/space/lr","line":3,
          "column":13,"message":"unknown parameter type \"flaot\"","suggestion":"float"}]})"));
  CHECK(failure.exit_code == ExitCode::usage);
  CHECK(failure.error.what == "the study has 1 problem");
  CHECK(failure.details ==
        "  3:13 HPO-E0104 /space/lr unknown parameter type \"flaot\" → float\n");
  const Failure bare = failure_of_problem(500, node("null"));
  CHECK(bare.exit_code == ExitCode::error);
  CHECK(bare.error.remedy == "hpo daemon logs");
}
