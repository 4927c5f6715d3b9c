// Folds with the engine, then compares studies, open trials, all trials and all attempts.
#include "fold.hpp"

#include <map>

#include "daemon/store/reader.hpp"
#include "daemon/store/sqlite.hpp"
#include "schema/codec/codec.hpp"

namespace hpo::test {
namespace {

using store::Database;
using store::Query;

struct World {
  std::map<std::int64_t, engine::Study> studies{};
  std::map<std::pair<std::int64_t, int>, Trial> trials{};
  std::map<std::pair<std::int64_t, int>, std::map<int, Attempt>> attempts{};
};

Database open(const std::string& path) {
  return *Database::open(path, "unix-excl", Database::Access::read);
}

std::string fold_one(World& world, std::int64_t id, store::Store& store, Query& row) {
  engine::Study& study = world.studies[id];
  if (!study.spec) {
    auto loaded = store.load(id);
    if (!loaded) return "study does not load: " + loaded.error().what;
    study = {.id = id, .spec = loaded->spec};
  }
  const std::int64_t at_ns = row.integer();
  const std::int64_t elapsed_ns = row.integer();
  const std::int64_t history_seq = row.integer();
  const std::string kind(row.text());
  auto event = event_from_json(kind, row.text(), study.spec->space);
  if (!event) return "event does not decode: " + event.error().what + event.error().where;
  event->at_ns = at_ns;
  event->elapsed_ns = elapsed_ns;
  event->history_seq = history_seq;
  auto changes = engine::apply(study, *event);
  if (!changes) return "stored event " + kind + " is not legal: " + changes.error().what;
  if (changes->trial) world.trials[{id, changes->trial->number}] = *changes->trial;
  if (changes->attempt) {
    const Attempt& a = *changes->attempt;
    world.attempts[{id, a.trial}][a.number] = a;
  }
  return "";
}

std::string compare_study(const engine::Study& folded, store::Store& store) {
  const auto stored = store.load(folded.id);
  if (!stored) return "study does not load: " + stored.error().what;
  if (stored->progress != folded.progress) return "progress differs";
  if (stored->waiting != folded.waiting || stored->running != folded.running) {
    return "waiting or running trials differ";
  }
  if (stored->open.size() != folded.open.size()) return "number of open trials differs";
  for (const auto& [number, live] : folded.open) {
    const engine::LiveTrial& other = stored->open.at(number);
    const std::string name = std::to_string(number);
    if (other.trial != live.trial) return "open trial " + name + " differs";
    if (other.attempt != live.attempt) return "latest attempt of trial " + name + " differs";
    if (other.lost != live.lost) return "lost attempts of trial " + name + " differ";
  }
  if (stored->workers != folded.workers) return "worker jobs differ";
  return "";
}

std::string compare_trials(const World& world, store::Store& store) {
  for (const auto& [key, trial] : world.trials) {
    const auto stored = store.load_trial(key.first, key.second);
    if (!stored) return "trial does not load: " + stored.error().what;
    if (*stored != trial) return "trial " + std::to_string(key.second) + " differs";
  }
  return "";
}

std::string compare_attempts(const World& world, store::Reader& reader) {
  for (const auto& [key, folded] : world.attempts) {
    const std::string& name = world.studies.at(key.first).spec->name;
    const auto stored = reader.attempts(name, key.second);
    if (!stored) return "attempts do not load: " + stored.error().what;
    if (stored->size() != folded.size()) return "number of attempts differs";
    for (const Attempt& attempt : *stored) {
      if (attempt != folded.at(attempt.number)) {
        return "attempt " + std::to_string(attempt.trial) + "/" +
               std::to_string(attempt.number) + " differs";
      }
    }
  }
  return "";
}

std::string compare(const World& world, const std::string& path, store::Store& store,
                    std::int64_t trials_stored) {
  for (const auto& [id, study] : world.studies) {
    if (auto difference = compare_study(study, store); !difference.empty()) return difference;
  }
  const bool is_complete = trials_stored == static_cast<std::int64_t>(world.trials.size());
  if (!is_complete) return "trials without events";
  if (auto difference = compare_trials(world, store); !difference.empty()) return difference;
  auto reader = store::Reader::open(path);
  return reader ? compare_attempts(world, **reader) : "reader: " + reader.error().what;
}

}  // namespace

Folded fold(const std::string& path, store::Store& store) {
  Database db = open(path);
  World world;
  Folded folded;
  Query events(db, "SELECT seq, study, at_ns, elapsed_ns, history_seq, kind, data FROM events "
                   "ORDER BY seq");
  auto row = events.next();
  for (; row && *row; row = events.next()) {
    const std::int64_t seq = events.integer();
    if (seq != folded.last_seq + 1) folded.difference = "seqs have a gap";
    folded.last_seq = seq;
    const std::int64_t study = events.integer();
    const std::string wrong = fold_one(world, study, store, events);
    if (!wrong.empty()) folded.difference = wrong;
    if (!folded.difference.empty()) return folded;
  }
  if (!row) return {.difference = row.error().what};
  Query count(db, "SELECT count(*) FROM trials");
  if (!count.next()) return {.difference = "trials cannot be counted"};
  folded.difference = compare(world, path, store, count.integer());
  return folded;
}

std::string integrity(const std::string& path) {
  Database db = open(path);
  Query check(db, "PRAGMA integrity_check");
  const auto row = check.next();
  return row && *row ? std::string(check.text()) : "integrity_check failed";
}

}  // namespace hpo::test
