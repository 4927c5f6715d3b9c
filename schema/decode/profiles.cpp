// See profiles.hpp; and "profiles" of hpod.json itself.
#include "schema/decode/profiles.hpp"

#include <algorithm>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo {
namespace decode {
namespace {

using json::Kind;
using json::Member;
using json::Node;

Node* find(Node& object, std::string_view key) {
  const auto found = std::find_if(object.members.begin(), object.members.end(),
                                  [key](const Member& member) { return member.key == key; });
  return found != object.members.end() ? &found->value : nullptr;
}

void move_to(Node& node, const json::Position& place) {
  node.at = place;
  for (Node& item : node.items) move_to(item, place);
  for (Member& member : node.members) {
    member.key_at = place;
    move_to(member.value, place);
  }
}

Member moved(Member member, const json::Position& place) {
  member.key_at = place;
  move_to(member.value, place);
  return member;
}

// Variables add up; of conda and venv, which exclude each other, the study's own one counts.
bool is_overridden(const Node& own, std::string_view key) {
  if (key == "conda" && own.find("venv") != nullptr) return true;
  if (key == "venv" && own.find("conda") != nullptr) return true;
  return own.find(key) != nullptr;
}

void add_missing(Node& own, const Node& profile, const json::Position& place) {
  for (const Member& member : profile.members) {
    if (member.key == "environment" || is_overridden(own, member.key)) continue;
    own.members.push_back(moved(member, place));
  }
}

void add_environment(Node& study, const Node& profile, const json::Position& place) {
  const Node* theirs = profile.find("environment");
  if (theirs == nullptr) return;
  Node* own = find(study, "environment");
  if (own == nullptr) {
    study.members.push_back(
        moved({.key = "environment", .key_at = place, .value = *theirs}, place));
    return;
  }
  const Node* vars = theirs->find("vars");
  Node* own_vars = find(*own, "vars");
  if (vars != nullptr && own_vars != nullptr) add_missing(*own_vars, *vars, place);
  add_missing(*own, *theirs, place);
}

Finding unknown(const std::string& name, const Profiles& profiles) {
  std::vector<std::string_view> names;
  for (const auto& entry : profiles) names.push_back(entry.first);
  std::vector<std::string_view> all(executor_types().begin(), executor_types().end());
  all.insert(all.end(), names.begin(), names.end());
  const std::string_view near = nearest(name, all);
  const std::string own = names.empty() ? "there are no profiles" : "profiles: " + joined(names);
  return {.code = Code::unknown_profile,
          .message = "no executor or profile has the name " + quoted(name),
          .suggestion = !near.empty() ? std::string(near)
                        : names.empty() ? "define it in \"profiles\" of hpod.json"
                                        : "choose one that there is, or add it to hpod.json",
          .note = near.empty() ? "known: " + joined(executor_types()) + "; " + own : own};
}

std::string pointer_of(const Node& executor) {
  return executor.kind == Kind::object ? "/executor/profile" : "/executor";
}

// A tree without the environments of its profiles, which stand beside what an executor takes.
Node executors_alone(Node root) {
  Node* profiles = find(root, "profiles");
  for (Member& profile : profiles->members) {
    std::erase_if(profile.value.members,
                  [](const Member& member) { return member.key == "environment"; });
  }
  return root;
}

void check_name(const Cursor& profile) {
  if (!check_key_name(profile, NameKind::profile)) return;
  const auto types = executor_types();
  const bool is_type = std::find(types.begin(), types.end(), profile.key()) != types.end();
  if (!is_type && !find_later(Section::executor_type, profile.key())) return;
  profile.add_to_key({.code = Code::reserved_name,
                      .message = quoted(profile.key()) + " is an executor, and cannot be a profile",
                      .suggestion = "choose another name, as in \"my-" +
                                    std::string(profile.key()) + "\""});
}

void check_environment(const Cursor& at, const Cursor& executor) {
  EnvironmentSpec environment;
  decode_environment(at, !is_without_batch(executor), environment);
}

void check_executor(const Cursor& at) {
  if (const auto other = at.find("profile")) {
    other->add_to_key({.code = Code::key_not_here,
                       .message = "a profile cannot build on another one",
                       .suggestion = "write out its values"});
    return;
  }
  ExecutorSpec executor;
  if (expect_object(at, "write {\"type\": \"slurm\", \"account\": \"m1234\"}")) {
    decode_executor(at, executor);
  }
}

void check_profiles(const Node& root, Problems& problems) {
  const auto profiles = Cursor(root, problems).find("profiles");
  if (!profiles || !expect_object(*profiles, "write {\"gpu\": {\"type\": \"slurm\"}}")) return;
  const Node alone = executors_alone(root);
  for (const Cursor& executor : Cursor(alone, problems).find("profiles")->members()) {
    check_name(executor);
    check_executor(executor);
    const auto environment = profiles->find(executor.key())->find("environment");
    if (environment) check_environment(*environment, executor);
  }
}

}  // namespace

const Node* profile_name(const Node& executor) {
  if (executor.kind == Kind::object) {
    const Node* name = executor.find("profile");
    return name != nullptr && name->kind == Kind::string ? name : nullptr;
  }
  const auto types = executor_types();
  const bool is_ours = std::find(types.begin(), types.end(), executor.string) != types.end() ||
                       find_later(Section::executor_type, executor.string);
  return executor.kind == Kind::string && !is_ours ? &executor : nullptr;
}

void apply_profile(Node& study, const Profiles& profiles, Problems& problems) {
  Node* executor = find(study, "executor");
  const Node* name = executor != nullptr ? profile_name(*executor) : nullptr;
  if (name == nullptr) return;
  const json::Position place = name->at;
  const auto found = profiles.find(name->string);
  if (found == profiles.end()) {
    problems.add(place, pointer_of(*executor), unknown(name->string, profiles));
    return;
  }
  if (executor->kind == Kind::string) *executor = Node(Kind::object, place);
  std::erase_if(executor->members, [](const Member& member) { return member.key == "profile"; });
  const Node* type = executor->find("type");
  if (type != nullptr) {
    problems.add(type->at, "/executor/type",
                 {.code = Code::one_of_keys, .message = "both \"profile\" and \"type\"",
                  .suggestion = "remove \"type\": the profile has one"});
  }
  add_missing(*executor, found->second, place);
  add_environment(study, found->second, place);
}

}  // namespace decode

std::string read_profiles(const json::Node& root, std::string_view text,
                          std::string_view file_name, Profiles& out) {
  const json::Node* profiles = root.find("profiles");
  if (profiles == nullptr) return {};
  decode::Problems problems(DecodeOptions::problems_max);
  decode::check_profiles(root, problems);
  if (problems.has_errors()) {
    DecodedStudy decoded;
    std::move(problems).finish(text, decoded);
    return render_all(decoded, text, file_name);
  }
  for (const json::Member& profile : profiles->members) {
    out.insert_or_assign(profile.key, profile.value);
  }
  return {};
}

}  // namespace hpo
