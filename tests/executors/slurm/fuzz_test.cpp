// 100,000 mutations of recorded outputs per parser: no crash, no read past the end, bounded time,
// and never a job of ours that has no name of ours. A failure prints its seed.
#include <chrono>
#include <functional>
#include <iostream>
#include <random>

#include <catch2/catch.hpp>

#include "executors/slurm/accounting.hpp"
#include "executors/slurm/job_end.hpp"
#include "executors/slurm/queue.hpp"
#include "executors/slurm/reasons.hpp"
#include "executors/slurm/rows.hpp"
#include "executors/slurm/site.hpp"
#include "executors/slurm/states.hpp"
#include "executors/slurm/submission.hpp"
#include "tests/executors/slurm/recorded.hpp"

using namespace hpo;
using namespace hpo::slurm;

namespace {

constexpr int mutations = 100'000;
constexpr int readable_min = mutations / 20;  // the mutants are not all nonsense
constexpr double seconds_max = 60;            // under a sanitiser, on a busy machine

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  // A piece of `text`, changed in a few places. In an allocation of its exact size, so that a
  // sanitiser sees each byte that is read past it.
  std::vector<char> mutant(const std::string& text) {
    const std::size_t begin = below(text.size());
    std::string piece = text.substr(begin, 1 + below(500));
    for (std::size_t i = 0, changes = below(6); i < changes; ++i) change(piece);
    return {piece.begin(), piece.end()};
  }

 private:
  std::size_t below(std::size_t count) { return count == 0 ? 0 : random_() % count; }

  void change(std::string& text) {
    static const std::string odd("|\n\0.;:,\x1b\x7f\xff\xc3 +-0", 16);
    const std::size_t at = below(text.size());
    const std::size_t kind = below(5);
    if (text.empty() || kind == 0) text.insert(at, 1, odd[below(odd.size())]);
    else if (kind == 1) text[at] = odd[below(odd.size())];
    else if (kind == 2) text[at] = static_cast<char>(random_());
    else if (kind == 3) text.erase(at, 1 + below(20));
    else text.insert(at, text.substr(below(text.size()), below(60)));
  }

  std::mt19937 random_;
};

void fuzz(std::string_view prefix, const std::function<void(std::string_view)>& parse) {
  std::vector<std::string> corpus;
  for (const std::string& name : recorded_names(prefix)) corpus.push_back(recorded(name));
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < mutations; ++i) {
    const auto seed = static_cast<unsigned>(i);
    INFO("seed " << seed);
    const auto text = Mutator(seed).mutant(corpus[seed % corpus.size()]);
    parse({text.data(), text.size()});
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  std::cout << prefix << ": " << mutations << " mutations in " << took.count() << " s\n";
  CHECK(took.count() < seconds_max);
}

}  // namespace

TEST_CASE("slurm fuzz: squeue's listing", "[slurm]") {
  int readable = 0;
  fuzz("queue_", [&](std::string_view text) {
    const auto jobs = parse_queue(text);
    if (!jobs) return;
    for (const QueueRow& job : *jobs) {
      ++readable;
      if (!is_own_name(job.name) || job.id.empty() || job.start_s < 0) FAIL(job.name);
      static_cast<void>(explain_wait({.reason = job.reason}));
      if (phase_of(job.state, job.reason) != Phase::ended) continue;
      if (outcome_of({.state = job.state, .reason = job.reason}).message.empty()) FAIL(job.state);
    }
  });
  CHECK(readable > readable_min);
}

TEST_CASE("slurm fuzz: sacct's listing", "[slurm]") {
  int readable = 0;
  fuzz("accounting_", [&](std::string_view text) {
    const auto jobs = parse_accounting(text);
    if (!jobs) return;
    for (const AccountingRow& job : *jobs) {
      ++readable;
      if (!is_own_name(job.name) || job.id.empty() || job.end_s < 0) FAIL(job.name);
    }
  });
  CHECK(readable > readable_min);
}

TEST_CASE("slurm fuzz: sbatch's answer", "[slurm]") {
  fuzz("submission_", [](std::string_view text) {
    const CommandEnd end{.exit_code = text.size() % 3 == 0 ? 255 : 1, .signal = {}};
    const SubmitReading reading = read_submission(end, "", text);
    if (reading.answer == SubmitAnswer::accepted || reading.error.remedy.empty()) FAIL(text);
    const std::string id = job_id_of(text);
    if (id.size() > 18) FAIL(id);
  });
}

// What a site says of itself comes in lines without a mark at their end.
template <class Parse>
void fuzz_site(std::string_view prefix, Parse parse) {
  int readable = 0;
  fuzz(prefix, [&](std::string_view text) {
    std::vector<char> line(text.begin(), text.end());
    line.push_back('\n');
    const std::vector<char> exact(line);
    const auto rows = parse({exact.data(), exact.size()});
    if (rows) readable += rows->empty() ? 0 : 1;
  });
  CHECK(readable > mutations / 1000);
}

TEST_CASE("slurm fuzz: what a site says of itself", "[slurm]") {
  fuzz_site("partitions_", parse_partitions);
  fuzz_site("nodes_", parse_nodes);
  fuzz_site("associations_", parse_associations);
  fuzz_site("qos_", parse_qos);
  fuzz("config_", [](std::string_view text) {
    const auto config = parse_config(text);
    if (config && config->version.empty()) FAIL(text);
  });
}
