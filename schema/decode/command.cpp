// "command" and "result": argv, what is filled into it, and where the result is. See sections.hpp.
#include <algorithm>
#include <array>
#include <set>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/placeholders.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

constexpr std::size_t elements_max = 256;
constexpr std::size_t element_characters_max = 8192;
constexpr std::size_t path_characters_max = 4096;
constexpr std::size_t listed_max = 8;
constexpr Range<std::int64_t> result_bytes{.low = 1024, .high = std::int64_t{16} << 20};

constexpr std::array<std::string_view, 4> result_keys{"file", "stdout", "format", "max_bytes"};
constexpr std::array<std::string_view, 1> formats{"hpo"};

using Used = std::set<std::string_view>;

// Placeholders are one way of four to hand a value over. Whoever uses it for some parameters
// probably meant to use it for all.
void warn_unused(const Cursor& at, const Names& names, const Used& used) {
  const auto is_used = [&used](std::string_view name) { return used.contains(name); };
  const bool takes_some = std::any_of(names.begin(), names.end(), is_used);
  if (!takes_some || is_used("params_file")) return;
  std::string list;
  std::size_t count = 0;
  for (const std::string_view name : names) {
    if (is_used(name)) continue;
    if (count++ < listed_max) list += " {" + visible(name) + "}";
  }
  if (count == 0) return;
  at.add_to_key({.code = Code::unused_parameter,
                 .message = "the command never uses" + list + (count > listed_max ? " …" : ""),
                 .suggestion = "add it to the command, or read $HPO_P_NAME in the script"});
}

std::string split_remedy(const json::Node& node) {
  if (node.kind != json::Kind::string) return "write [\"python3\", \"train.py\"]";
  return "there is no shell: write one string for each argument, as in [\"python3\", \"train.py\"]";
}

void decode_file(const Cursor& at, const Names& names, ResultSpec& out) {
  auto file = read_text(at, {.low = 1, .high = path_characters_max});
  if (!file) return;
  const auto used = check_placeholders(at, names);
  if (std::find(used.begin(), used.end(), "result_file") != used.end()) {
    at.add({.code = Code::bad_result_file,
            .message = "the result file cannot be named by {result_file}",
            .suggestion = "write \"{trial_dir}/result.json\", or leave \"file\" out"});
  }
  out.file = *std::move(file);
}

void decode_format(const Cursor& at) {
  if (at.node().kind != json::Kind::string) {
    add_wrong_type(at, "a string");
  } else if (at.node().string != "hpo") {
    at.add(unknown_word(Section::format, "result format", at.node().string, formats));
  }
}

}  // namespace

void decode_command(const Cursor& at, const Names& names, std::vector<std::string>& out) {
  if (!expect_list(at, {.low = 1, .high = elements_max}, split_remedy(at.node()))) return;
  Used used;
  const std::vector<Cursor> items = at.items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto text = read_text(items[i], {.low = i == 0 ? 1U : 0U, .high = element_characters_max});
    if (!text) continue;
    for (const std::string_view name : check_placeholders(items[i], names)) used.insert(name);
    out.push_back(*std::move(text));
  }
  warn_unused(at, names, used);
}

void decode_result(const Cursor& at, const Names& names, ResultSpec& out) {
  if (!expect_object(at, "write {\"file\": \"results/{trial}.json\"}")) return;
  check_keys(at, Section::result, result_keys);
  if (const auto file = at.find("file")) decode_file(*file, names, out);
  if (const auto flag = at.find("stdout")) assign(read_bool(*flag), out.from_stdout);
  if (const auto format = at.find("format")) decode_format(*format);
  if (const auto bytes = at.find("max_bytes")) {
    assign(read_integer(*bytes, result_bytes), out.bytes_max);
  }
}

}  // namespace hpo::decode
