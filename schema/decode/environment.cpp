// "environment": what the training finds in its variables. See sections.hpp; for what a batch
// system does before, environment_setup.cpp.
#include <algorithm>
#include <array>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

constexpr std::size_t inherit_max = 128;
// `submit` writes these: a PATH may be long, and Linux takes 128 KiB a variable.
constexpr VariableLimits captured_limits{.count = 512, .characters = 131'072};

constexpr std::array<std::string_view, 9> environment_keys{
    "vars", "inherit", "captured", "modules", "conda", "venv", "setup", "secrets", "container"};
constexpr std::array<std::string_view, 4> secret_words{"token", "secret", "password", "key"};

std::string lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

bool is_secret(std::string_view name) {
  const std::string lower = lowered(name);
  return std::any_of(secret_words.begin(), secret_words.end(), [&lower](std::string_view word) {
    return lower.find(word) != std::string::npos;
  });
}

void check_inherited(const Cursor& at, const std::string& name) {
  if (name.starts_with("HPO_")) {
    at.add(reserved_variable(name));
  } else if (is_secret(name)) {
    at.add({.code = Code::secret_inherited,
            .message = quoted(name) + " looks like a secret, and what is inherited is stored",
            .suggestion = "keep it in a file of mode 0600, and name it in \"secrets\" instead"});
  }
}

void decode_inherit(const Cursor& at, std::vector<std::string>& out) {
  if (!expect_list(at, {.low = 0, .high = inherit_max}, "write [\"ROOTSYS\", \"DATA_DIR\"]")) {
    return;
  }
  for (const Cursor& item : at.items()) {
    auto name = read_name(item, NameKind::variable);
    if (!name) continue;
    check_inherited(item, *name);
    out.push_back(*std::move(name));
  }
}

}  // namespace

Finding reserved_variable(std::string_view name) {
  return {.code = Code::reserved_name,
          .message = quoted(name) + " begins with HPO_, and those variables are set by hpo",
          .suggestion = "choose another name"};
}

void decode_environment(const Cursor& at, bool may_prepare, EnvironmentSpec& out) {
  if (!expect_object(at, "write {\"vars\": {\"OMP_NUM_THREADS\": \"8\"}}")) return;
  check_keys(at, Section::environment, environment_keys);
  if (const auto vars = at.find("vars")) {
    out.vars = read_variables(*vars, {});
    for (const Cursor& member : vars->members()) {
      if (member.key().starts_with("HPO_")) member.add_to_key(reserved_variable(member.key()));
    }
  }
  if (const auto inherit = at.find("inherit")) decode_inherit(*inherit, out.inherit);
  if (const auto captured = at.find("captured")) {
    out.captured = read_variables(*captured, captured_limits);
  }
  decode_secrets(at, out);
  if (may_prepare) decode_setup(at, out);
  else refuse_setup(at);
}

}  // namespace hpo::decode
