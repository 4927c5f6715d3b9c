// Two tables: what must not be called, and which words mean nothing here.
#include "tests/tidy/words.hpp"

#include <algorithm>
#include <cctype>
#include <regex>

namespace hpo::tidy {
namespace {

struct Ban {
  std::regex pattern{};
  std::string_view instead{};
  std::vector<std::string_view> except{};  // folders with a slash, or single files
  std::vector<std::string_view> only{};    // empty: everywhere
  bool in_comments = false;
};

std::regex pattern(const char* text) { return std::regex(text, std::regex::optimize); }

// Threads are started in main and behind the loop's two thread pools; elsewhere there are none.
const std::vector<std::string_view>& thread_homes() {
  static const std::vector<std::string_view> places{"daemon/main.cpp", "tests/",
      "daemon/loop/asio_threads.hpp", "daemon/loop/asio_threads.cpp"};
  return places;
}

// And who grants a trial looks whether a connection is cut, while the io thread may close it.
const std::vector<std::string_view>& mutex_homes() {
  static const std::vector<std::string_view> places = [] {
    auto all = thread_homes();
    all.push_back("daemon/http/line.hpp");
    all.push_back("daemon/http/line.cpp");
    return all;
  }();
  return places;
}

// The orchestrator's counters, why trials wait, and which are not heard of, are read by HTTP
// connections, which have strands of their own.
const std::vector<std::string_view>& atomic_homes() {
  static const std::vector<std::string_view> places{"daemon/main.cpp", "tests/",
      "daemon/loop/asio_threads.hpp", "daemon/loop/asio_threads.cpp",
      "daemon/loop/orchestrator.hpp", "daemon/loop/wait_board.cpp", "daemon/loop/ask_board.cpp",
      "daemon/loop/leases.cpp"};
  return places;
}

// One clock per program: of hpod, of hpo exec, and of hpo's display.
const std::vector<std::string_view>& clock_homes() {
  static const std::vector<std::string_view> places{"tests/", "daemon/loop/asio_threads.cpp",
      "executors/runner/exec.cpp", "cli/watch_study.cpp"};
  return places;
}

const std::vector<Ban>& bans() {
  static const std::vector<Ban> table{
      {pattern(R"(\bstd::(recursive_|shared_|timed_)*mutex\b)"),
       "a mutex; post to the strand that owns the data", mutex_homes()},
      {pattern(R"(\bstd::(jthread|thread|async)\b)"),
       "a thread; post to a pool of daemon/loop", thread_homes()},
      {pattern(R"(\bstd::atomic)"), "an atomic; let one strand own the value", atomic_homes()},
      {pattern(R"((^|[^\w.>:]|std::)system\s*\()"), "a shell; use argv and posix_spawn or execve"},
      {pattern(R"(\bpopen\s*\()"), "a shell; use argv, a pipe and posix_spawn or execve"},
      {pattern(R"(\b(sleep_for|sleep_until|usleep|nanosleep)\b|(^|[^\w.>])sleep\s*\()"),
       "a sleep; wait on a condition or a timer, with a deadline"},
      {pattern(R"(\bstd::random_device\b)"),
       "a random source; use strategies/random_bits.hpp or the daemon's random bytes"},
      {pattern(R"((^|[^\w.>:]|std::)s?rand\s*\()"),
       "a random source; use strategies/random_bits.hpp"},
      {pattern(R"(\bstd::(mt19937|minstd_rand|default_random_engine|\w+_distribution\b))"),
       "a generator that differs between libraries; use strategies/random_bits.hpp", {"tests/"}},
      {pattern(R"(\bsystem_clock::now\b)"),
       "the wall clock; take the time from the program's one clock", clock_homes()},
      {pattern(R"(\b(steady|system|high_resolution)_clock\b)"),
       "a clock where nothing may depend on time; let the caller hand the time in", {},
       {"daemon/engine/", "strategies/"}},
      {pattern(R"(#\s*include\s*<(fstream|iostream|cstdio|filesystem|random|unistd\.h|fcntl\.h)>)"),
       "the world outside; engine and strategies are pure: take values, give values", {},
       {"daemon/engine/", "strategies/"}, true},
      {pattern(R"(\bco_(await|return|yield)\b)"),
       "a coroutine; GCC 12 miscompiles them with aggregates: use callbacks"},
      {pattern(R"(\busing\s+namespace\s+std\s*;)"), "using namespace std; write std::"},
      {pattern(R"(\bthrow\b)"), "an exception; return an Error",
       {"tests/", "executors/runner/helpers/"}},  // helpers are compiled into trainings alone
      {pattern(R"(\bstd::(exp|log|log2|log10|log1p|expm1|pow|sin|cos|tan|tanh|erf|erfc|lgamma|)"
               R"(tgamma|cbrt|exp2)\s*\()"),
       "libm, whose bits change; use strategies/elementary.hpp", {}, {"strategies/"}},
      {pattern(R"(\b(FIXME|TODO|XXX)\b)"), "a note to yourself; do it, or open an issue", {}, {},
       true}};
  return table;
}

bool is_banned_in(const Ban& ban, std::string_view path) {
  return !is_listed(path, ban.except) && (ban.only.empty() || is_listed(path, ban.only));
}

struct WrongWord {
  std::string_view word{};
  std::string_view instead{};
  std::vector<std::string_view> except{};  // folders with a slash, or single files
  std::vector<std::string_view> allowed{};  // identifiers that mean something else
};

// "run" is not here: it is a verb too (io.run(), a dry run), which no identifier tells apart.
const std::vector<WrongWord>& wrong_words() {
  static const std::vector<WrongWord> table{
      {"sampler", "strategy"}, {"suggester", "strategy"}, {"experiment", "study"},
      {"evaluation", "trial, attempt or value"}, {"task", "trial, attempt, job or command"},
      {"point", "params or values; a point is a vector in the unit cube",
       {"strategies/", "tests/strategies/", "tests/conformance/strategies_test.cpp",
        "tests/daemon/store/power_loss_test.cpp"},  // there a point in time
       {"time_point", "code_point", "is_floating_point_v", "no_points"}}};
  return table;
}

bool is_allowed(const WrongWord& wrong, std::string_view path, const std::string& identifier) {
  return is_listed(path, wrong.except) || std::count(wrong.allowed.begin(), wrong.allowed.end(),
                                                     identifier) > 0;
}

// The words of an identifier: trialStateMax, trial_state_max and TrialStateMax have three.
std::vector<std::string> words_of(const std::string& identifier) {
  std::vector<std::string> words(1);
  bool was_lower = false;
  for (const char c : identifier) {
    const bool is_upper = std::isupper(static_cast<unsigned char>(c)) != 0;
    if (c == '_' || (is_upper && was_lower)) words.emplace_back();
    if (c != '_') words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    was_lower = !is_upper && c != '_';
  }
  return words;
}

// Slurm and PanDA have tasks of their own, and a user asks for some on each node.
bool is_their_word(std::string_view word, std::string_view path, const std::string& identifier) {
  if (word != "task") return false;
  if (identifier == "tasks_per_node") return true;
  std::string near = std::string(path) + identifier;
  std::transform(near.begin(), near.end(), near.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return near.find("slurm") != std::string::npos || near.find("panda") != std::string::npos;
}

}  // namespace

Findings check_banned_calls(const Source& source) {
  Findings findings;
  for (const Ban& ban : bans()) {
    if (!is_banned_in(ban, source.path)) continue;
    const std::string& view = ban.in_comments ? source.prose : source.code;
    for (auto hit = std::sregex_iterator(view.begin(), view.end(), ban.pattern);
         hit != std::sregex_iterator(); ++hit) {
      const auto end = static_cast<std::size_t>(hit->position() + hit->length());
      findings.push_back({source.path, line_of(view, end), "uses " + std::string(ban.instead)});
    }
  }
  return findings;
}

Findings check_glossary(const Source& source) {
  static const std::regex identifier(R"([A-Za-z_]\w*)", std::regex::optimize);
  Findings findings;
  for (auto hit = std::sregex_iterator(source.code.begin(), source.code.end(), identifier);
       hit != std::sregex_iterator(); ++hit) {
    for (const std::string& word : words_of(hit->str())) {
      for (const WrongWord& wrong : wrong_words()) {
        const bool is_wrong = word == wrong.word || word == std::string(wrong.word) + "s";
        if (!is_wrong || is_their_word(wrong.word, source.path, hit->str())) continue;
        if (is_allowed(wrong, source.path, hit->str())) continue;
        findings.push_back({source.path,
            line_of(source.code, static_cast<std::size_t>(hit->position())),
            "'" + hit->str() + "': the glossary's word is " + std::string(wrong.instead)});
      }
    }
  }
  return findings;
}

}  // namespace hpo::tidy
