// See report.hpp.
#include "daemon/replay/report.hpp"

#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"

namespace hpo::replay {
namespace {

std::string counted(int count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string compared(int equal, const std::string& whose, int different) {
  return counted(equal, "suggestion") + " of " + whose + " equal, " + std::to_string(different) +
         " different\n";
}

std::string computed_text(const Difference& each, const SearchSpace& space) {
  return each.computed.empty() ? "nothing" : params_to_json(space, each.computed);
}

std::string builds_text(const Replay& replay, const std::string& build) {
  std::string others;
  for (const std::string& each : replay.builds) {
    if (each != build) others += (others.empty() ? "" : ", ") + each;
  }
  if (others.empty()) return {};
  return "recorded by another build (" + others + "), computed by " + build +
         ": small differences may be the compiler's\n";
}

}  // namespace

std::string report_text(const Replay& replay, const SearchSpace& space, const std::string& build) {
  const std::string name = replay.strategy + " version " + std::to_string(replay.version);
  std::string text = compared(replay.equal - replay.stand_ins_equal, name,
                              replay.different - replay.stand_ins_different);
  if (replay.stand_ins_equal + replay.stand_ins_different > 0) {
    text += compared(replay.stand_ins_equal, "a strategy that stood in for a late one",
                     replay.stand_ins_different);
  }
  for (const Difference& each : replay.shown) {
    text += "  trial " + std::to_string(each.trial) + ": recorded " +
            params_to_json(space, each.recorded) + ", computed " + computed_text(each, space) +
            "\n";
  }
  if (const int more = replay.different - static_cast<int>(replay.shown.size()); more > 0) {
    text += "  and " + std::to_string(more) + " more\n";
  }
  if (replay.different > 0) {
    text += "largest difference: " + json::number_text(replay.largest) +
            " of a parameter's range\n" + builds_text(replay, build);
  }
  if (replay.of_others > 0) {
    text += counted(replay.of_others, "suggestion") + " of another strategy or version: "
            "not computed\n";
  }
  if (replay.too_new > 0) {
    text += counted(replay.too_new, "suggestion") + " came while the study was read: not computed; "
            "replay it again later\n";
  }
  return text;
}

std::string report_json(const Replay& replay, const Decisions& decisions,
                        const SearchSpace& space, const std::string& build) {
  json::Writer writer;
  writer.object().member("equal", replay.is_equal() && decisions.different == 0);
  writer.member("strategy", replay.strategy);
  writer.member("version", replay.version).member("build", build).key("recorded_builds").array();
  for (const std::string& each : replay.builds) writer.value(each);
  writer.end().member("suggestions_equal", replay.equal);
  writer.member("suggestions_different", replay.different);
  writer.member("of_another_version", replay.of_others).member("too_new", replay.too_new);
  writer.member("stand_ins", replay.stand_ins);
  writer.member("pruner", decisions.pruner).member("decisions_equal", decisions.equal);
  writer.member("decisions_different", decisions.different);
  writer.member("largest_difference", replay.largest).key("different").array();
  for (const Difference& each : replay.shown) {
    writer.object().member("trial", each.trial).key("recorded");
    writer.raw(params_to_json(space, each.recorded)).key("computed");
    if (each.computed.empty()) writer.null();
    else writer.raw(params_to_json(space, each.computed));
    writer.end();
  }
  writer.end().end();
  return std::move(writer).text();
}

}  // namespace hpo::replay
