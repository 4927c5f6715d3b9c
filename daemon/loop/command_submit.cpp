// Submitting a study: is it here already, can this node run it, which trials does it begin with.
#include "daemon/loop/command_handlers.hpp"
#include "daemon/loop/sha256.hpp"
#include "executors/executor.hpp"
#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"
#include "strategies/pruners/pruner.hpp"
#include "strategies/strategy.hpp"

namespace hpo::loop {
namespace {

constexpr int copies_max = 10000;  // NAME-2 … of one name

Reply submitted(const std::string& name, bool created, const std::string& note) {
  json::Writer w;
  w.object().member("name", name).member("created", created).member("note", note).end();
  return {.created = created, .body = std::move(w).text()};
}

// Under which name it is stored.
struct Place {
  std::string name{};
  bool is_here = false;      // the very study is under way already
  std::string ended_twin{};  // the latest of the same content that has ended
};
Result<Place> find_place(store::Store& store, const std::string& name, const std::string& hash) {
  std::string ended_twin;
  for (int copy = 1; copy <= copies_max; ++copy) {
    const std::string candidate = copy == 1 ? name : name + "-" + std::to_string(copy);
    auto found = store.find_study(candidate);
    if (!found) return found.error();
    if (!*found) return Place{candidate, false, ended_twin};
    if ((*found)->content_hash != hash) continue;
    if (!is_ended((*found)->state)) return Place{candidate, true, {}};
    ended_twin = candidate;
  }
  return Error{ErrorCode::conflict, "there are too many studies of this name", "/name",
               "choose another name"};
}

std::string note_of(const Place& place, const std::string& wanted) {
  if (place.name == wanted) return {};
  if (!place.ended_twin.empty()) {
    return "'" + place.ended_twin + "' has ended; this is a new one, '" + place.name + "'";
  }
  return "the name '" + wanted + "' is taken by another study, so this one is '" + place.name +
         "'";
}

Error beyond_node(const std::string& what, const std::string& where, const std::string& remedy) {
  return {ErrorCode::invalid_argument, what, where, remedy};
}

Result<void> check_worker(const LoopConfig& config, const StudySpec& spec) {
  const int slots = spec.slots_per_worker();
  if (spec.executor.type != "local" || !spec.has_worker_jobs()) return {};
  if (slots > config.slots_max) {
    return beyond_node("a worker job has " + std::to_string(slots) + " slots; this node takes " +
                       std::to_string(config.slots_max) + " trials at once", "/executor/slots",
                       "ask for fewer, or for more \"workers\"");
  }
  if (spec.executor.gpus * slots > config.devices) {
    return beyond_node("the slots of a worker job ask for " +
                       std::to_string(spec.executor.gpus * slots) + " GPUs; this node has " +
                       std::to_string(config.devices), "/executor/gpus",
                       "ask for fewer, or for fewer \"slots\"");
  }
  return {};
}

Result<void> check_node(const LoopConfig& config, const ExecutorSpec& executor) {
  bool is_known = executor.type == "external";  // its workers are not ours to start
  for (const ExecutorEntry& entry : executors()) is_known |= entry.name == executor.type;
  if (!is_known) {
    return beyond_node("no executor is called '" + executor.type + "'", "/executor/type",
                       "use \"local\"");
  }
  if (executor.type != "local") return {};
  if (executor.cpus > config.cpus) {
    return beyond_node("a trial asks for " + std::to_string(executor.cpus) + " cores; this node "
                       "has " + std::to_string(config.cpus), "/executor/cpus",
                       "ask for fewer, or start the daemon on a larger node");
  }
  if (executor.gpus > config.devices) {
    return beyond_node("a trial asks for " + std::to_string(executor.gpus) + " GPUs; this node "
                       "has " + std::to_string(config.devices), "/executor/gpus",
                       "ask for fewer, or set local.gpus in hpod.json if they are there");
  }
  return {};
}

// A program of the user's is looked for when it is asked first: not on this strand, which a file
// system that hangs would stop.
Result<void> check_strategy(const StudySpec& spec) {
  if (spec.strategy.type == "external") return {};
  const auto strategy = make_strategy(spec);
  return strategy ? Result<void>() : strategy.error();
}

Result<void> check_pruner(const StudySpec& spec) {
  const auto pruner = Pruner::make(spec);
  return pruner ? Result<void>() : pruner.error();
}

// `initial` first, then the default values, as far as the budget goes.
Result<void> create_first_trials(Ledger& ledger, StudyLoop& loop) {
  const StudySpec& spec = loop.spec();
  std::vector<std::pair<Values, Origin>> first;
  for (const Values& values : spec.initial) first.emplace_back(values, Origin::initial);
  if (const auto defaults = spec.space.defaults()) {
    first.emplace_back(*defaults, Origin::default_values);
  }
  for (auto& [values, origin] : first) {
    const int number = loop.study.progress.created;
    if (number >= loop.study.trials_total()) break;
    auto recorded = ledger.record(loop, TrialCreated{.trial = number, .values = std::move(values),
                                                     .origin = origin});
    if (!recorded) return recorded;
  }
  return {};
}

}  // namespace

std::string content_hash(StudySpec spec) {
  spec.name.clear();
  spec.environment.captured.clear();
  const std::string text = study_to_json(spec);
  const auto hash = sha256_hex(text);
  return hash ? *hash : text;  // which tells the same
}

Result<Reply> handle(const CommandContext& context, const SubmitStudy& command) {
  if (auto checked = check_worker(context.config, command.spec); !checked) return checked.error();
  if (auto checked = check_node(context.config, command.spec.executor); !checked) {
    return checked.error();
  }
  if (auto checked = check_strategy(command.spec); !checked) return checked.error();
  if (auto checked = check_pruner(command.spec); !checked) return checked.error();
  const std::string hash = content_hash(command.spec);
  auto place = find_place(context.store, command.spec.name, hash);
  if (!place) return place.error();
  if (place->is_here) return submitted(place->name, false, "this study is under way already");

  StudySpec spec = command.spec;
  spec.name = place->name;
  auto loop = context.ledger.create(spec, hash);
  if (!loop) return loop.error();
  if (auto created = create_first_trials(context.ledger, **loop); !created) {
    return created.error();
  }
  return submitted(place->name, true, note_of(*place, command.spec.name));
}

}  // namespace hpo::loop
