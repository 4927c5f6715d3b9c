// "dispatch": a job for each trial, or workers that ask for them; "warm": how those begin trials.
// See sections.hpp.
#include <array>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

constexpr std::array<std::string_view, 2> dispatches{"job_per_trial", "workers"};
constexpr Range<int> workers_range{.low = 1, .high = workers_max};

}  // namespace

bool is_external(const Cursor& root) {
  const auto executor = root.find("executor");
  return executor && executor_name(*executor) == "external";
}

namespace {

void decode_word(const Cursor& root, Dispatch& out) {
  const auto at = root.find("dispatch");
  if (!at) return;
  const std::string& word = at->node().string;
  if (at->node().kind != json::Kind::string) {
    return add_wrong_type(*at, "a string", "write \"job_per_trial\", or leave \"dispatch\" out");
  }
  if (word == "workers") {
    out = Dispatch::workers;
  } else if (word == "job_per_trial" && is_external(root)) {
    at->add({.code = Code::key_not_here,
             .message = "trials of the executor \"external\" are pulled: no jobs are submitted",
             .suggestion = "remove \"dispatch\", or choose another executor"});
  } else if (word != "job_per_trial") {
    at->add(unknown_word(Section::dispatch, "dispatch", word, dispatches));
  }
}

}  // namespace

void decode_dispatch(const Cursor& root, StudySpec& spec) {
  if (is_external(root)) spec.dispatch = Dispatch::workers;
  decode_word(root, spec.dispatch);
  if (const auto at = root.find("workers")) assign(read_int(*at, workers_range), spec.workers);
}

// Only a worker has one process after another to fork.
void decode_warm(const Cursor& at, StudySpec& out) {
  assign(read_bool(at), out.is_warm);
  if (!out.is_warm || out.is_pulled()) return;
  const bool is_simulated = out.executor.type == "simulated";
  at.add_to_key({.code = Code::key_not_here,
                 .message = "\"warm\" is for trials that workers pull; here each is a job",
                 .suggestion = is_simulated
                     ? "remove it: the executor \"simulated\" starts no process"
                     : "remove it, or write \"dispatch\": \"workers\", \"workers\": 4"});
}

}  // namespace hpo::decode
