// The strategy "external": a program of the user's and its limits. See sections.hpp.
#include <algorithm>
#include <array>

#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"
#include "schema/json/node.hpp"

namespace hpo::decode {
namespace {

using std::chrono::seconds;

constexpr std::size_t words_max = 256;
constexpr std::size_t word_characters_max = 8192;
constexpr Range<seconds> reply_time{.low = seconds(1), .high = seconds(3600)};
constexpr Range<std::int64_t> program_memory{.low = std::int64_t{16} << 20U,
                                             .high = memory_bytes_max};
constexpr const char* command_example = "write \"command\": [\"python3\", \"my_strategy.py\"]";

void read_command(const Cursor& at, std::vector<std::string>& out) {
  if (!expect_list(at, {.low = 1, .high = words_max}, command_example)) return;
  const std::vector<Cursor> items = at.items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto word = read_text(items[i], {.low = i == 0 ? 1U : 0U, .high = word_characters_max});
    if (word) out.push_back(*std::move(word));
  }
}

}  // namespace

std::span<const std::string_view> external_keys() {
  static constexpr std::array<std::string_view, 3> keys{"command", "time", "memory"};
  return keys;
}

void decode_external(const Cursor& strategy, ExternalSpec& out) {
  const auto command = strategy.find("command");
  if (!command) {
    strategy.add({.code = Code::missing_key,
                  .message = "the strategy \"external\" has no \"command\"",
                  .suggestion = std::string("write {\"type\": \"external\", \"command\": "
                                            "[\"python3\", \"my_strategy.py\"]}")});
  } else {
    read_command(*command, out.command);
  }
  const auto options = strategy.find("options");
  if (options && expect_object(*options)) out.options = json::node_text(options->node());
  if (const auto time = strategy.find("time")) assign(read_duration(*time, reply_time), out.time);
  if (const auto memory = strategy.find("memory")) {
    assign(read_memory(*memory, program_memory), out.memory_bytes);
  }
}

void refuse_external_keys(const Cursor& strategy) {
  for (const Cursor& member : strategy.members()) {
    const auto keys = external_keys();
    if (std::find(keys.begin(), keys.end(), member.key()) == keys.end()) continue;
    member.add_to_key({.code = Code::key_not_here,
                       .message = quoted(member.key()) + " belongs to the strategy \"external\"",
                       .suggestion = "remove it, or write \"type\": \"external\""});
  }
}

}  // namespace hpo::decode
