// See site_answer.hpp.
#include "cli/site_answer.hpp"

#include <algorithm>
#include <ctime>

#include "cli/text.hpp"
#include "executors/batch/command.hpp"
#include "executors/runner/text.hpp"
#include "executors/slurm/arguments.hpp"
#include "executors/slurm/submission.hpp"
#include "executors/slurm/times.hpp"

namespace hpo::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t quoted_bytes = 300;

// Several questions, one deadline.
class Questions {
 public:
  explicit Questions(milliseconds patience) : deadline_(Clock::now() + patience) {}

  // nullopt: no answer; `unknown` says of what, and why.
  std::optional<batch::CommandResult> ask(const std::vector<std::string>& argv) {
    const auto left = std::chrono::ceil<milliseconds>(deadline_ - Clock::now());
    const auto done = batch::run(slurm::command(argv, std::max(left, milliseconds(1))));
    why_.clear();
    if (!done) why_ = done.error().what;
    else if (done->is_timed_out) why_ = argv.front() + " does not answer";
    if (!why_.empty()) return std::nullopt;
    return *done;
  }

  template <class Value>
  std::optional<Value> read(const std::vector<std::string>& argv, const std::string& what,
                            Result<Value> (*parse)(std::string_view), SiteAnswer& answer) {
    const auto done = ask(argv);
    if (done && !done->is_good()) {
      const std::string said = runner::excerpt(first_line(done->error), quoted_bytes);
      why_ = argv.front() + " fails" + (said.empty() ? "" : ": " + said);
    } else if (done) {
      auto value = parse(done->output);
      if (value) return *std::move(value);
      why_ = value.error().what;
    }
    answer.unknown.push_back(what + ": " + why_);
    return std::nullopt;
  }

  const std::string& why() const { return why_; }

 private:
  Clock::time_point deadline_;
  std::string why_{};
};

// No getpwuid in a static program.
std::string user_name(Questions& questions) {
  const auto done = questions.ask({"id", "-un"});
  return done && done->is_good() ? first_line(done->output) : std::string();
}

void ask_accounting(Questions& questions, SiteAnswer& answer) {
  slurm::Site& site = answer.site;
  if (!site.config->has_accounting) {
    answer.unknown.push_back("accounts and QOS: the site keeps no accounting");
    return;
  }
  site.user = user_name(questions);
  if (site.user.empty()) {
    answer.unknown.push_back("accounts: nobody tells the name of this user");
  } else {
    site.associations = questions.read(
        slurm::association_arguments(site.user, site.config->cluster), "accounts",
        slurm::parse_associations, answer);
  }
  site.qos = questions.read(slurm::qos_arguments(), "QOS", slurm::parse_qos, answer);
}

std::string last_line(std::string_view text) {
  const auto lines = last_lines(text, 1);
  return lines.empty() ? std::string() : lines.back();
}

// "Job 70 to start at 1764351922 using …": seconds since 1970, as our queries want them.
std::string with_clock(std::string text) {
  constexpr std::string_view mark = "to start at ";
  const std::size_t found = text.find(mark);
  if (found == std::string::npos) return text;
  const std::size_t from = found + mark.size();
  const std::string time = text.substr(from, text.find(' ', from) - from);
  const std::int64_t time_s = slurm::time_of(time);
  if (time_s != 0) text.replace(from, time.size(), slurm::clock_text(time_s, std::time(nullptr)));
  return text;
}

TestAnswer test_job(Questions& questions, const JobRequest& request) {
  const auto done = questions.ask(slurm::test_arguments(request));
  if (!done) return {.is_accepted = {}, .text = questions.why(), .where = {}, .remedy = {}};
  if (done->exit_code == 0) {
    constexpr std::string_view mark = "sbatch: ";
    std::string text = runner::excerpt(last_line(done->error), quoted_bytes);
    if (text.starts_with(mark)) text.erase(0, mark.size());
    return {.is_accepted = true, .text = with_clock(std::move(text)), .where = {}, .remedy = {}};
  }
  const slurm::SubmitReading reading = slurm::read_submission(
      {.exit_code = done->exit_code, .signal = done->signal}, {}, done->error);
  TestAnswer answer{.is_accepted = {}, .text = reading.error.what, .where = reading.error.where,
                    .remedy = reading.error.remedy};
  if (reading.answer == slurm::SubmitAnswer::refused) answer.is_accepted = false;
  return answer;
}

}  // namespace

SiteAnswer ask_site(const JobRequest& request, milliseconds patience) {
  SiteAnswer answer;
  Questions questions(patience);
  answer.site.config = questions.read(slurm::config_arguments(), "Slurm", slurm::parse_config,
                                      answer);
  answer.has_answered = answer.site.config.has_value();
  if (!answer.has_answered) return answer;
  answer.site.partitions = questions.read(slurm::partition_arguments(), "partitions",
                                          slurm::parse_partitions, answer);
  answer.site.nodes = questions.read(slurm::node_arguments(), "nodes", slurm::parse_nodes, answer);
  ask_accounting(questions, answer);
  answer.test = test_job(questions, request);
  return answer;
}

bool has_errors(const std::vector<slurm::SiteProblem>& problems) {
  return std::any_of(problems.begin(), problems.end(),
                     [](const auto& each) { return each.weight == slurm::Weight::error; });
}

std::vector<slurm::SiteProblem> problems_of(const StudySpec& spec, const SiteAnswer& answer) {
  auto problems = slurm::check(spec, answer.site);
  if (!answer.test || answer.test->is_accepted == true || has_errors(problems)) return problems;
  const bool is_refused = answer.test->is_accepted == false;
  problems.push_back({is_refused ? slurm::Weight::error : slurm::Weight::note,
                      is_refused ? "Slurm would refuse a job: " + answer.test->text
                                 : "Slurm does not say whether it takes a job: " +
                                       answer.test->text,
                      answer.test->where, answer.test->remedy});
  return problems;
}

}  // namespace hpo::cli
