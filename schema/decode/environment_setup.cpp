// What a job of a batch system does on its node before the training: modules, conda or venv, shell
// lines, a container; and secrets, which any executor hands over. See sections.hpp.
//
// Names and paths become arguments of constant scripts, the shell lines a file; none of them is
// pasted into a shell's text.
#include <algorithm>
#include <array>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

constexpr std::size_t modules_max = 64;
constexpr std::size_t secrets_max = 64;
constexpr std::size_t binds_max = 64;
constexpr std::size_t path_characters_max = 4096;
constexpr std::size_t setup_characters_max = 65'536;

constexpr std::array<std::string_view, 5> setup_keys{"modules", "conda", "venv", "setup",
                                                     "container"};
constexpr std::array<std::string_view, 4> container_keys{"runtime", "image", "binds", "gpu"};

bool is_path(std::string_view text) {
  return text.starts_with('/') && !has_control_character(text);
}

// "/host" or "/host:/inside". A runtime takes , and ; for the end of one.
bool is_bind(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string_view inside = text.substr(std::min(colon + 1, text.size()));
  const bool has_inside = colon < text.size();
  return is_path(text) && (!has_inside || inside.starts_with('/')) &&
         inside.find(':') == std::string_view::npos &&
         text.find_first_of(",;") == std::string_view::npos;
}

bool is_image(std::string_view text) {
  return !text.starts_with('-') && !has_control_character(text);
}

std::optional<std::string> read_place(const Cursor& at, bool (*is_legal)(std::string_view),
                                      std::string_view remedy) {
  auto text = read_text(at, {.low = 1, .high = path_characters_max});
  if (!text || is_legal(*text)) return text;
  at.add({.code = Code::bad_path,
          .message = at.label() + " cannot be " + quoted(*text),
          .suggestion = std::string(remedy)});
  return std::nullopt;
}

void decode_modules(const Cursor& at, std::vector<std::string>& out) {
  if (!expect_list(at, {.low = 0, .high = modules_max}, "write [\"python/3.11\"]")) return;
  for (const Cursor& item : at.items()) {
    if (auto name = read_name(item, NameKind::module)) out.push_back(*std::move(name));
  }
}

void decode_python(const Cursor& environment, EnvironmentSpec& out) {
  const auto conda = environment.find("conda");
  const auto venv = environment.find("venv");
  if (conda && conda->node().string.starts_with('/')) {
    assign(read_place(*conda, is_path, "write its name, or its absolute path"), out.conda);
  } else if (conda) {
    assign(read_name(*conda, NameKind::conda), out.conda);
  }
  if (venv) assign(read_place(*venv, is_path, "write its absolute path"), out.venv);
  if (!conda || !venv) return;
  venv->add_to_key({.code = Code::one_of_keys, .message = "both \"conda\" and \"venv\"",
                    .suggestion = "keep the one that has the training's Python"});
}

void decode_binds(const Cursor& at, std::vector<std::string>& out) {
  if (!expect_list(at, {.low = 0, .high = binds_max}, "write [\"/data\"]")) return;
  for (const Cursor& item : at.items()) {
    auto bind = read_place(item, is_bind, "write it as in \"/data\" or \"/scratch/me:/tmp\"");
    if (bind) out.push_back(*std::move(bind));
  }
}

void decode_container(const Cursor& at, std::optional<ContainerSpec>& out) {
  if (!expect_object(at, "write {\"image\": \"/data/ml.sif\"}")) return;
  const auto meant = check_keys(at, Section::container, container_keys);
  ContainerSpec& container = out.emplace();
  const auto image = at.find("image");
  if (image) {
    assign(read_place(*image, is_image, "write its path, or what the runtime calls it"),
           container.image);
  } else if (std::find(meant.begin(), meant.end(), "image") == meant.end()) {
    at.add({.code = Code::missing_key, .message = "the container has no \"image\"",
            .suggestion = "add \"image\": \"/data/ml.sif\""});
  }
  if (const auto runtime = at.find("runtime")) {
    assign(read_enum<ContainerRuntime>(*runtime), container.runtime);
  }
  if (const auto binds = at.find("binds")) decode_binds(*binds, container.binds);
  if (const auto gpu = at.find("gpu")) assign(read_bool(*gpu), container.has_gpu);
}

std::string remedy_without_batch(std::string_view key, std::string remedy) {
  if (key == "container") return "write \"command\": [\"apptainer\", \"exec\", \"ml.sif\", …]";
  return remedy;
}

}  // namespace

void decode_secrets(const Cursor& environment, EnvironmentSpec& out) {
  const auto at = environment.find("secrets");
  if (!at) return;
  const auto is_in_the_open = [&out](const std::string& name) {
    return out.vars.contains(name) ||
           std::find(out.inherit.begin(), out.inherit.end(), name) != out.inherit.end();
  };
  if (!expect_list(*at, {.low = 0, .high = secrets_max}, "write [\"WANDB_API_KEY\"]")) return;
  for (const Cursor& item : at->items()) {
    auto name = read_name(item, NameKind::variable);
    if (!name) continue;
    if (name->starts_with("HPO_")) {
      item.add(reserved_variable(*name));
    } else if (is_in_the_open(*name)) {
      item.add({.code = Code::secret_inherited,
                .message = quoted(*name) + " is among \"vars\" or \"inherit\", which are stored",
                .suggestion = "keep it in \"secrets\" alone"});
    }
    out.secrets.push_back(*std::move(name));
  }
}

void decode_setup(const Cursor& environment, EnvironmentSpec& out) {
  if (const auto at = environment.find("modules")) decode_modules(*at, out.modules);
  decode_python(environment, out);
  if (const auto at = environment.find("setup")) {
    assign(read_text(*at, {.low = 0, .high = setup_characters_max}), out.setup);
  }
  if (const auto at = environment.find("container")) decode_container(*at, out.container);
}

void refuse_setup(const Cursor& environment) {
  for (const std::string_view key : setup_keys) {
    const auto at = environment.find(key);
    if (!at) continue;
    Finding finding = not_available(Code::no_environment_setup, key);
    finding.message = quoted(key) + " is for batch systems, and this study has none";
    finding.suggestion = remedy_without_batch(key, std::move(finding.suggestion));
    at->add_to_key(std::move(finding));
  }
}

}  // namespace hpo::decode
