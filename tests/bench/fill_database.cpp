// Writes a database that holds a study with many finished trials, then pauses the study.
//
//   fill_database DATABASE STUDY TRIALS
// STUDY is a study.json whose params are floats in [0, 1]. Every row and event goes through the
// store, as the daemon's own would; only the flushes are left out. Prints the database's size.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "daemon/engine/apply.hpp"
#include "daemon/store/store.hpp"
#include "schema/decode/decode.hpp"

namespace {

using namespace hpo;

constexpr int batch_trials = 1000;
constexpr std::int64_t now_ns = 1'795'262'694'000'000'000;

[[noreturn]] void give_up(const std::string& what) {
  std::cerr << "fill_database: " << what << '\n';
  std::exit(1);
}

template <class T>
T must(Result<T> result) {
  if (!result) give_up(result.error().what);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

StudySpec read_study(const char* path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  DecodedStudy decoded = decode_study(text);
  if (!decoded.spec) give_up(render_all(decoded, text, path));
  return *std::move(decoded.spec);
}

class Filler {
 public:
  Filler(const char* path, const StudySpec& spec)
      : store_(must(store::Store::open({.path = path, .survives_power_loss = false}))) {
    const Event event{.at_ns = now_ns, .body = StudyCreated{}};
    study_.spec = std::make_shared<const StudySpec>(spec);
    must(store_->begin());
    study_.id = must(store_->create_study(spec, "filled", event));
    if (!engine::apply(study_, event)) give_up("the study cannot begin");
    must(store_->commit());
  }

  void fill(int trials) {
    for (int trial = 0; trial < trials;) {
      must(store_->begin());
      for (int i = 0; i < batch_trials && trial < trials; ++i, ++trial) live(trial);
      must(store_->commit());
      must(store_->checkpoint(false));
    }
    must(store_->begin());
    record({.body = StudyPaused{StudyReason::user, ""}});
    must(store_->commit());
    must(store_->checkpoint(true));
  }

 private:
  void record(Event event) {
    event.at_ns = now_ns;
    event.history_seq = store_->last_history_seq() + 1;
    const auto changes = must(engine::apply(study_, event));
    must(store_->write(study_, changes, event));
  }

  void live(int trial) {
    const std::string job = "hpoabcd" + std::to_string(10'000'000 + trial);
    record({.body = TrialCreated{.trial = trial, .values = values_of(trial),
                                 .origin = Origin::enqueued}});
    if (study_.spec->is_pulled()) {
      record({.body = AttemptStarted{.trial = trial, .worker = "w", .job = job}});
    } else {
      record({.body = AttemptSubmitting{.trial = trial, .job = job}});
      record({.body = AttemptSubmitted{.trial = trial, .job = job, .native_id = "4711:8:ab",
                                       .is_running = true}});
    }
    Outcome outcome{.status = OutcomeStatus::completed, .exit_code = 0};
    outcome.value = static_cast<double>(trial % 9973) / 9973.0;
    outcome.metrics = {{"loss", *outcome.value}};
    record({.body = AttemptEnded{.trial = trial, .outcome = outcome}});
  }

  Values values_of(int trial) const {
    Values values;
    for (std::size_t d = 0; d < study_.spec->space.size(); ++d) {
      const auto mixed = (std::int64_t{trial} * 7919 + static_cast<std::int64_t>(d) * 104'729);
      values.emplace_back(static_cast<double>(mixed % 1'000'003) / 1'000'003.0);
    }
    return values;
  }

  std::unique_ptr<store::Store> store_;
  engine::Study study_{};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) give_up("DATABASE STUDY TRIALS");
  Filler(argv[1], read_study(argv[2])).fill(std::atoi(argv[3]));
  const std::uintmax_t bytes = std::filesystem::file_size(argv[1]);
  std::printf("{\"bytes\":%ju}\n", bytes);
}
