// hpo ask STUDY: leases trials to a program of the user's own.
#include <algorithm>
#include <chrono>

#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/study_view.hpp"
#include "cli/text.hpp"
#include "cli/typed_duration.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/json/writer.hpp"
#include "schema/study.hpp"

namespace hpo::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds wait_max{20'000};  // in one request
constexpr int count_max = 1000;           // in one answer
constexpr int pause_ms = 100;             // between two that were answered at once

struct AskWords {
  std::string study{};
  std::string worker{};
  std::optional<int> count{};
  milliseconds wait{0};
};

std::string body_of(const AskWords& words, milliseconds wait) {
  json::Writer body;
  body.object();
  if (!words.worker.empty()) body.member("worker", words.worker);
  body.member("count", words.count.value_or(1));
  body.member("wait_ms", static_cast<std::int64_t>(wait.count())).end();
  return std::move(body).text();
}

bool goes_on(const Reply& reply) {
  const auto state = from_word<StudyState>(text_of(member(reply.json, "state")));
  return state && *state < StudyState::cancelling;
}

// The first answer with a trial, or the last within the wait.
Answer<Reply> ask_within(ApiClient& client, const AskWords& words) {
  const auto deadline = Clock::now() + words.wait;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    const auto wait = std::clamp(left, milliseconds(0), wait_max);
    auto reply = client.post(study_target(words.study) + "/trials:ask", body_of(words, wait),
                             static_cast<int>(wait.count() / 1000) + 1);
    const bool is_last = Clock::now() >= deadline || is_interrupted();
    const bool is_final = !reply || !member(reply->json, "trials").items.empty();
    if (is_final || is_last || !goes_on(*reply)) return reply;
    pause_for(pause_ms);
  }
}

std::vector<std::string> names_in(const std::vector<json::Node>& trials) {
  std::vector<std::string> names;
  for (const json::Node& trial : trials) {
    for (const json::Member& each : member(trial, "params").members) {
      if (std::find(names.begin(), names.end(), each.key) == names.end()) {
        names.push_back(each.key);
      }
    }
  }
  return names;
}

std::string table_of(const AskWords& words, const json::Node& reply, const Terminal& terminal) {
  const auto& trials = member(reply, "trials").items;
  const std::vector<std::string> names = names_in(trials);
  Table table;
  table.column("trial");
  table.column("fence", Align::right);
  table.column("attempt", Align::right);
  for (const std::string& name : names) table.column(name);
  for (const json::Node& trial : trials) {
    std::vector<Cell> cells{{words.study + "/" + plain_text(member(trial, "trial"))},
                            {plain_text(member(trial, "fence"))},
                            {plain_text(member(trial, "attempt"))}};
    for (const std::string& name : names) {
      const json::Node& value = member(trial, "params", name);
      cells.push_back({is_null(value) ? std::string() : plain_text(value)});
    }
    table.row(std::move(cells));
  }
  return table.render(terminal);
}

// The answer to `ask` names the state alone; what it paused of is the study's to tell.
Failure of_paused(ApiClient& client, const AskWords& words) {
  const auto reply = client.get(study_target(words.study));
  const StudyView study = reply ? study_view(reply->json) : StudyView{};
  const bool is_known = study.state == StudyState::paused;
  std::string why = words.study + " is " + (is_known ? why_text(study) : "paused");
  if (is_paused_by_itself(study) && !study.detail.empty()) why += "; " + study.detail;
  return {.exit_code = ExitCode::temporary,
          .error = {ErrorCode::unavailable, "a paused study hands out no trials", why,
                    "hpo resume " + shell_quoted(words.study)},
          .details = {}};
}

ExitCode tell_that_there_is_none(ApiClient& client, const AskWords& words, const Reply& reply,
                                 const Terminal& terminal) {
  const std::string state = text_of(member(reply.json, "state"));
  const std::string study = shell_quoted(words.study);
  if (state == word(StudyState::paused)) return tell(of_paused(client, words), terminal);
  if (goes_on(reply)) {
    return tell({.exit_code = ExitCode::temporary,
                 .error = {ErrorCode::unavailable, "there is no trial at present",
                           words.study + " is " + state, "hpo ask " + study + " --wait 5m"},
                 .details = {}}, terminal);
  }
  return tell({.exit_code = ExitCode::conflict,
               .error = {ErrorCode::conflict, "there are no more trials",
                         words.study + " is " + state, "hpo best " + study},
               .details = {}}, terminal);
}

}  // namespace

ExitCode ask(Arguments& arguments, const Context& context) {
  AskWords words;
  std::string wait;
  std::string connect_file;
  bool as_json = false;
  arguments.positional("STUDY", words.study, "the study whose trials it pulls")
      .option("--worker", "NAME", words.worker, "who asks, as hpo trial shows it")
      .option("--count", "N", words.count, {.least = 1, .most = count_max},
              "at most so many; default 1")
      .option("--wait", "TIME", wait, "for a trial if there is none, as in 30s")
      .option("--connect", "FILE", connect_file, "by TCP: a file of hpo token")
      .json_flag(as_json)
      .closing("hpo tell tells its end, with the fence. Until then hpo heartbeat keeps it;\n"
               "unheard of for the study's \"lease\", it goes to somebody else. Exit code 75:\n"
               "no trial at present; 5: the study has no more. A study has trials\n"
               "to pull with \"executor\": \"external\"; with \"dispatch\": \"workers\" it shares\n"
               "them with the worker jobs that hpod starts.\n");
  if (const auto exit = arguments.parse()) return *exit;
  if (!wait.empty()) {
    const auto time = typed_duration("--wait", wait);
    if (!time) return tell(failure_of(time.error()), context.terminal);
    words.wait = *time;
  }
  catch_interrupts();
  auto client = connect(context, connect_file);
  if (!client) return tell(client.failure(), context.terminal);
  const auto reply = ask_within(*client, words);
  if (!reply) return tell(reply.failure(), context.terminal);
  if (as_json) print_line(reply->body);
  if (member(reply->json, "trials").items.empty()) {
    return tell_that_there_is_none(*client, words, *reply, context.terminal);
  }
  if (!as_json) print(table_of(words, reply->json, context.terminal));
  return ExitCode::ok;
}

}  // namespace hpo::cli
