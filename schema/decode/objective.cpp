// "objective": {"minimize": "loss", "noise": "low"}. See sections.hpp.
#include <array>

#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

constexpr std::array<std::string_view, 3> objective_keys{"minimize", "maximize", "noise"};

void read_metric(const Cursor& at, Direction direction, Objective& out) {
  out.direction = direction;
  assign(read_name(at, NameKind::metric), out.metric);
}

void decode_direction(const Cursor& at, bool has_unknown_key, Objective& out) {
  const auto minimize = at.find("minimize");
  const auto maximize = at.find("maximize");
  if (minimize && maximize) {
    maximize->add_to_key({.code = Code::one_of_keys,
                          .message = "an objective is minimized or maximized, not both",
                          .suggestion = "choose one metric; several objectives come later"});
  } else if (minimize) {
    read_metric(*minimize, Direction::minimize, out);
  } else if (maximize) {
    read_metric(*maximize, Direction::maximize, out);
  } else if (!has_unknown_key) {  // else that key was meant, and is reported
    at.add({.code = Code::one_of_keys,
            .message = "the objective has no metric",
            .suggestion = "add \"minimize\": \"loss\" or \"maximize\": \"auc\""});
  }
}

}  // namespace

void decode_objective(const Cursor& at, Objective& out) {
  if (!expect_object(at, "write {\"minimize\": \"loss\"} or {\"maximize\": \"auc\"}")) return;
  const bool has_unknown_key = !check_keys(at, Section::objective, objective_keys).empty();
  decode_direction(at, has_unknown_key, out);
  if (const auto noise = at.find("noise")) assign(read_enum<Noise>(*noise), out.noise);
}

}  // namespace hpo::decode
