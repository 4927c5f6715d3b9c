// "extra": options of sbatch that have no key of their own, each one element of argv.
// See sections.hpp.
//
// Whatever would make another job of it, or hide it from us, is refused with its reason. sbatch
// takes abbreviations (--wra for --wrap), and an option whose value is missing takes the next
// element for it, which may be the job's name; so both are refused too.
#include <algorithm>
#include <array>
#include <iterator>

#include "schema/decode/display.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

constexpr std::size_t extra_max = 64;
constexpr std::size_t option_characters_max = 1024;

struct Refused {
  std::string_view option{};
  std::string_view remedy{};
};

constexpr std::string_view environment_remedy =
    "remove it; what \"environment\" says is all that a job gets";
constexpr std::string_view output_remedy =
    "remove it; `hpo logs` shows what a trial prints, from the trial's own directory";
constexpr std::string_view answer_remedy = "remove it; hpo reads what sbatch prints";
constexpr std::string_view nothing_remedy = "remove it; no job would be submitted";
constexpr std::string_view user_remedy = "remove it; jobs belong to the user who runs hpod";

constexpr Refused refused[] = {
    {"account", "write \"account\": \"…\" in the executor"},
    {"partition", "write \"partition\": \"…\" in the executor"},
    {"qos", "write \"qos\": \"…\" in the executor"},
    {"constraint", "write \"constraint\": \"…\" in the executor"},
    {"licenses", "write \"licenses\": \"…\" in the executor"},
    {"reservation", "write \"reservation\": \"…\" in the executor"},
    {"nodes", "write \"nodes\": 2 in the executor"},
    {"ntasks", "write \"nodes\" and \"tasks_per_node\" in the executor"},
    {"ntasks-per-node", "write \"tasks_per_node\": 4 in the executor"},
    {"cpus-per-task", "write \"cpus\": 8 in the executor"},
    {"gpus", "write \"gpus\": 4 in the executor, which counts per node"},
    {"gpus-per-node", "write \"gpus\": 4 in the executor"},
    {"mem", "write \"memory\": \"200G\" in the executor"},
    {"time", "write \"time\": \"4h\" in the executor"},
    {"exclusive", "write \"exclusive\": true in the executor"},
    {"signal", "write \"grace\": \"2m\" in the executor: SIGTERM comes so long before the end"},
    {"chdir", "write \"workdir\": \"/…\" in the study"},
    {"wrap", "remove it; what a job starts is the study's \"command\""},
    {"array", "remove it; each trial is a job of its own, and \"parallel\" bounds them"},
    {"requeue", "remove it; hpo tries again itself, as \"retry\" says"},
    {"no-requeue", "remove it; hpo never lets a job be requeued, and tries again itself"},
    {"job-name", "remove it; hpo finds each job by the name that it gave it"},
    {"comment", "remove it; hpo writes the study's name there"},
    {"clusters", "remove it; jobs go to the cluster of this login node"},
    {"wait", "remove it; hpo watches its jobs itself"},
    {"export", environment_remedy},
    {"export-file", environment_remedy},
    {"get-user-env", environment_remedy},
    {"output", output_remedy},
    {"error", output_remedy},
    {"input", output_remedy},
    {"open-mode", output_remedy},
    {"parsable", answer_remedy},
    {"quiet", answer_remedy},
    {"verbose", answer_remedy},
    {"test-only", nothing_remedy},
    {"help", nothing_remedy},
    {"usage", nothing_remedy},
    {"version", nothing_remedy},
    {"uid", user_remedy},
    {"gid", user_remedy},
};

// Those that may stand without a value.
constexpr std::array<std::string_view, 11> flags{
    "contiguous", "hold", "ignore-pbs", "nice", "no-kill", "overcommit", "oversubscribe",
    "propagate", "reboot", "spread-job", "use-min-nodes"};

struct Short {
  char letter = ' ';
  std::string_view option{};
};

constexpr Short shorts[] = {
    {'A', "account"}, {'B', "extra-node-info"}, {'C', "constraint"}, {'D', "chdir"},
    {'F', "nodefile"}, {'G', "gpus"}, {'H', "hold"}, {'J', "job-name"}, {'L', "licenses"},
    {'M', "clusters"}, {'N', "nodes"}, {'O', "overcommit"}, {'Q', "quiet"}, {'S', "core-spec"},
    {'V', "version"}, {'W', "wait"}, {'a', "array"}, {'b', "begin"}, {'c', "cpus-per-task"},
    {'d', "dependency"}, {'e', "error"}, {'h', "help"}, {'i', "input"}, {'k', "no-kill"},
    {'m', "distribution"}, {'n', "ntasks"}, {'o', "output"}, {'p', "partition"}, {'q', "qos"},
    {'s', "oversubscribe"}, {'t', "time"}, {'v', "verbose"}, {'w', "nodelist"}, {'x', "exclude"},
};

const Refused* find_refused(std::string_view option) {
  const auto is_exact = [option](const Refused& row) { return row.option == option; };
  const auto may_be = [option](const Refused& row) { return row.option.starts_with(option); };
  const auto* found = std::find_if(std::begin(refused), std::end(refused), is_exact);
  if (found == std::end(refused)) {
    found = std::find_if(std::begin(refused), std::end(refused), may_be);
  }
  return found == std::end(refused) ? nullptr : found;
}

bool is_flag(std::string_view option) {
  return std::find(flags.begin(), flags.end(), option) != flags.end();
}

// What stands between "--" and "=", if the whole is of that form; "" otherwise.
std::string_view option_of(std::string_view text) {
  if (!text.starts_with("--") || has_control_character(text)) return {};
  const std::string_view option = text.substr(2, text.find('=') - 2);
  const bool is_plain = std::all_of(option.begin(), option.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  const bool is_word = !option.empty() && option.front() >= 'a' && option.front() <= 'z';
  return is_plain && is_word ? option : std::string_view();
}

std::string remedy_of_short(char letter) {
  const auto* found = std::find_if(std::begin(shorts), std::end(shorts),
                                   [letter](const Short& row) { return row.letter == letter; });
  if (found == std::end(shorts)) return "write the long form, as in \"--mail-type=FAIL\"";
  if (const Refused* row = find_refused(found->option)) return std::string(row->remedy);
  const std::string value = is_flag(found->option) ? "\"" : "=…\"";
  return "write the long form, \"--" + std::string(found->option) + value;
}

std::string form_remedy(std::string_view text) {
  if (has_control_character(text)) return "remove the control characters";
  if (!text.starts_with('-')) return "write option and value together: \"--exclude=node7\"";
  if (text.size() > 1 && text[1] != '-') return remedy_of_short(text[1]);
  return "write it as in \"--mail-type=FAIL\"";
}

bool check_option(const Cursor& at, const std::string& text) {
  const std::string_view option = option_of(text);
  if (option.empty()) {
    at.add({.code = Code::bad_option, .message = quoted(text) + " is not a long option",
            .suggestion = form_remedy(text)});
    return false;
  }
  const std::string name = "--" + std::string(option);
  if (const Refused* row = find_refused(option)) {
    const bool is_exact = row->option == option;
    at.add({.code = Code::refused_option,
            .message = is_exact ? "\"extra\" does not take " + quoted(name)
                                : quoted(name) + " is short for --" + std::string(row->option),
            .suggestion = std::string(row->remedy)});
    return false;
  }
  if (text.size() > name.size() || is_flag(option)) return true;
  at.add({.code = Code::refused_option, .message = quoted(name) + " has no value",
          .suggestion = "write both in one element: " + quoted(name + "=…")});
  return false;
}

}  // namespace

void decode_extra(const Cursor& at, std::vector<std::string>& out) {
  if (!expect_list(at, {.low = 0, .high = extra_max}, "write [\"--mail-type=FAIL\"]")) return;
  for (const Cursor& item : at.items()) {
    auto text = read_text(item, {.low = 1, .high = option_characters_max});
    if (text && check_option(item, *text)) out.push_back(*std::move(text));
  }
}

}  // namespace hpo::decode
