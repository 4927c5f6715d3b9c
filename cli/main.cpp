// hpo: the table of verbs, and how the first words find theirs. Nothing else is built for a verb.
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/verbs/verbs.hpp"
#include "executors/runner/exec.hpp"
#include "schema/decode/decode.hpp"

namespace hpo::cli {
namespace {

constexpr Command commands[] = {
    {"submit", "Send a study to the daemon; starts one if none runs",
     "hpo submit study.json               # and go home\n"
     "hpo submit study.json --watch       # and see it go\n"
     "hpo submit study.json --dry-run     # what would the first trial do?",
     submit},
    {"validate", "Check a study file and show every problem with its place",
     "hpo validate study.json\n"
     "hpo validate study.json --explain   # with every default filled in\n"
     "hpo validate study.json --check     # what does the scheduler say of it?",
     validate},
    {"status", "All studies, or one of them: how far, how good, why it waits",
     "hpo status\nhpo status jets\nhpo status jets --json", status},
    {"watch", "Follow a study until it ends; Ctrl-C leaves it running",
     "hpo watch jets\nhpo watch jets && hpo best jets", watch},
    {"best", "The best trial of a study and its params",
     "hpo best jets\n"
     "eval \"python3 train.py $(hpo best jets --format args)\"\n"
     "eval \"$(hpo best jets --format env)\"",
     best},
    {"trials", "List the trials of a study",
     "hpo trials jets\n"
     "hpo trials jets --state failed\n"
     "hpo trials jets --sort -value --limit 10    # the ten largest values",
     trials},
    {"trial", "All about one trial: params, learning curve, attempts, times, places",
     "hpo trial jets/17\nhpo trial jets 17 --json", trial},
    {"logs", "What a trial printed; or why trials failed, alike ones together",
     "hpo logs jets/17\n"
     "hpo logs jets/17 -f --stderr        # as it grows\n"
     "hpo logs jets --failed              # 37 × CUDA out of memory (e.g. trial 12)\n"
     "hpo logs jets --strategy            # of a study whose strategy is a program of yours",
     logs},
    {"pause", "Start no further trials; those that run go on", "hpo pause jets", pause},
    {"resume", "Go on with a paused study", "hpo resume jets", resume},
    {"cancel", "End a study, or one trial, for good",
     "hpo cancel jets\nhpo cancel jets/17\nhpo cancel jets --yes   # in a script", cancel},
    {"retry", "Try failed trials again, as new trials with the same params",
     "hpo retry jets          # all that failed\nhpo retry jets/17", retry},
    {"enqueue", "Add a trial with params of your own; left-out ones take their defaults",
     "hpo enqueue jets lr=0.001 width=64", enqueue},
    {"worker", "Pull trials of a study and carry them out here, until it has ended",
     "hpo worker --study jets\n"
     "hpo worker --study jets --slots 8 --gpus 0,1,2,3\n"
     "hpo worker --study jets --max-time 3h50m    # in a batch job of four hours\n"
     "hpo worker --connect jets.connect.json      # on another machine, by a file of hpo token",
     start_worker},
    {"ask", "Lease a trial to a program of your own: its params, and its fence",
     "hpo ask jets --wait 30s --json\n"
     "hpo ask jets --worker node7 --count 4    # four trials, each with a lease of its own",
     ask},
    {"tell", "The result of a trial that was asked for",
     "hpo tell jets/17 --fence 1 loss=0.1 accuracy=0.93\n"
     "hpo tell jets/17 --fence 1 --failed 'no beam'\n"
     "hpo tell jets/17 --fence 1 --infeasible",
     tell_result},
    {"report", "A step of a trial that was asked for; exit 11 if it should stop",
     "hpo report jets/17 3 loss=0.4 --fence 1    # after epoch 3\n"
     "hpo report jets/17 $epoch loss=$loss --fence 1 || break",
     report_step},
    {"heartbeat", "Keep a trial that was asked for; exit 11 if it should stop",
     "hpo heartbeat jets/17 --fence 1    # well within the study's lease", heartbeat},
    {"token", "Let workers on other machines in by TCP: a file to take there",
     "hpo token jets                      # jets.connect.json, good for a day\n"
     "hpo token jets --valid 72h --output /scratch/jets.connect.json\n"
     "hpo token jets --revoke             # none given out so far is good any more",
     token},
    {"export", "Write a study with all its trials to stdout; or what they told step by step",
     "hpo export jets > jets.json\nhpo export jets --format csv > jets.csv\n"
     "hpo export jets --reports --format csv > steps.csv    # the learning curves", export_study},
    {"replay", "Compute a study's suggestions once more; exit 1 if any differs",
     "hpo replay jets\nhpo replay jets --json", replay},
    {"strategy list", "The strategies of this version, and what each is for", "hpo strategy list",
     list_strategies},
    {"strategy show", "A strategy's options with range, default and source",
     "hpo strategy show cma_es", show_strategy},
    {"strategy test", "Try a strategy, or a program of yours, on many spaces; exit 1 if one fails",
     "hpo strategy test tpe\n"
     "hpo strategy test python3 my_strategy.py\n"
     "hpo strategy test --options '{\"sampler\": \"gp\"}' python3 optuna_strategy.py\n"
     "hpo strategy test -- ./mine --verbose    # behind --, options are the program's",
     test_strategy},
    {"daemon start", "Start the daemon of this state directory", "hpo daemon start", daemon_start},
    {"daemon stop", "Stop the daemon; trials that run go on", "hpo daemon stop", daemon_stop},
    {"daemon status", "Where the daemon is; exit 6 if none runs",
     "hpo daemon status\nhpo daemon status --json", daemon_status},
    {"daemon config", "The effective configuration", "hpo daemon config", daemon_config},
    {"daemon logs", "The end of the daemon's log", "hpo daemon logs\nhpo daemon logs --lines 200",
     daemon_logs},
    {"doctor", "Send a test job the way of a trial; explain each step",
     "hpo doctor                          # may I submit, does it start, are files shared?\n"
     "hpo doctor --executor our-gpus      # a profile of hpod.json\n"
     "hpo doctor --partition short --wait 30m\n"
     "hpo doctor study.json               # with its partition, modules, conda, setup",
     doctor},
    {"schema", "The JSON Schema of study.json, for editors", "hpo schema > study.schema.json",
     schema},
    {"explain", "What a code of a message means and how to mend it", "hpo explain HPO-E0104",
     explain_code},
    {"helper", "The helper file for trainings in a language",
     "hpo helper python > hpo.py\nhpo helper cpp > hpo.hpp\nhpo helper sh > hpo.sh", helper},
    {"version", "The version of this program", "hpo version", version},
    {"exec", "Carry out one attempt; executors call this on the node that trains",
     "hpo exec DIR", exec},
};

// As exit_code.hpp has them.
constexpr std::string_view exit_codes =
    "Exit codes: 0 ok, 1 error, 2 usage or invalid study, 3 not found, 4 authentication,\n"
    "5 conflict, 6 no daemon, 7 it takes too long, 8 pending, 9 no successful trial,\n"
    "10 failures above the limit, 11 stop the training, 75 try again, 130 Ctrl-C.\n";

const Command* find_command(const std::string& name) {
  const auto* const found = std::find_if(std::begin(commands), std::end(commands),
                                         [&](const Command& each) { return each.name == name; });
  return found == std::end(commands) ? nullptr : found;
}

// All, or those of a group: "daemon ".
ExitCode print_verbs(const Context& context, std::string_view group = {}) {
  std::string text = "hpo: hyperparameter optimisation on this machine and on batch systems\n\n";
  for (const Command& command : commands) {
    const std::string name(command.name);
    if (!command.name.starts_with(group)) continue;
    text += "  " + styled(name, Style::bold, context.terminal.has_color) +
            std::string(name.size() < 15 ? 15 - name.size() : 1, ' ') +
            std::string(command.brief) + "\n";
  }
  text += "\nhpo VERB --help starts with examples.\n";
  print(group.empty() ? text.append("\n").append(exit_codes) : text);
  return ExitCode::ok;
}

ExitCode unknown_verb(const std::string& typed, const Context& context) {
  std::vector<std::string_view> known;
  for (const Command& command : commands) known.push_back(command.name);
  const std::string_view near = nearest(typed, known);
  return tell({.exit_code = ExitCode::usage,
               .error = {.code = ErrorCode::invalid_argument,
                         .what = "there is no verb \"" + typed + "\"",
                         .where = {},
                         .remedy = near.empty() ? "hpo --help" : "hpo " + std::string(near)},
               .details = {}},
              context.terminal);
}

ExitCode carry_out(const Command& command, std::vector<std::string> words,
                   const Context& context) {
  Arguments arguments(command, std::move(words), context.terminal);
  return command.carry_out(arguments, context);
}

// True of "daemon", whose verbs have two words.
bool is_group(const std::string& word) {
  return std::any_of(std::begin(commands), std::end(commands), [&](const Command& each) {
    return each.name.starts_with(word + " ");
  });
}

bool is_help(const std::string& word) { return word == "--help" || word == "-h"; }

ExitCode dispatch(const Context& context) {
  std::vector<std::string> words(context.typed.begin() + 1, context.typed.end());
  if (words.empty()) return carry_out(*find_command("status"), {}, context);
  if (words[0] == "help" && words.size() > 1) {  // as VERB --help
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  if (is_help(words[0]) || words[0] == "help") return print_verbs(context);
  const bool has_group = is_group(words[0]);
  if (has_group && (words.size() == 1 || is_help(words[1]))) {
    return print_verbs(context, words[0] + " ");
  }
  if (words[0] == "--version") words[0] = "version";
  if (words.size() > 1) {
    if (const Command* two = find_command(words[0] + " " + words[1])) {
      return carry_out(*two, {words.begin() + 2, words.end()}, context);
    }
  }
  const Command* one = find_command(words[0]);
  if (one == nullptr) {
    return unknown_verb(has_group ? words[0] + " " + words[1] : words[0], context);
  }
  return carry_out(*one, {words.begin() + 1, words.end()}, context);
}

}  // namespace
}  // namespace hpo::cli

int main(int argc, char** argv) {
  using namespace hpo::cli;
  // Once per attempt, on a compute node: before anything else is built.
  if (argc == 3 && std::string_view(argv[1]) == "exec" && argv[2][0] != '-') {
    return hpo::exec_attempt(argv[2]);
  }
  const Context context{.terminal = this_terminal(),
                        .typed = std::vector<std::string>(argv, argv + argc)};
  return number_of(finish_output(dispatch(context)));
}
