// json::parse: nlohmann's lexer and grammar behind our limits. The only file that includes it.
//
// Never throws, never recurses. Any thread.
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "schema/json/node.hpp"
#include "schema/json/relax.hpp"
#include "schema/json/tree_builder.hpp"
#include "schema/json/utf8.hpp"

namespace hpo::json {
namespace {

constexpr auto integer_max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
constexpr int overflow_id = 406;  // nlohmann's only error that is not about the grammar

// nlohmann's SAX interface, handed on.
struct Events {
  TreeBuilder& tree;

  bool null() { return tree.null(); }
  bool boolean(bool flag) { return tree.boolean(flag); }
  bool number_integer(std::int64_t number) { return tree.integer(number); }
  bool number_unsigned(std::uint64_t number) {
    if (number > integer_max) return tree.number(static_cast<double>(number));
    return tree.integer(static_cast<std::int64_t>(number));
  }
  bool number_float(double number, const std::string&) { return tree.number(number); }
  bool string(std::string& text) { return tree.string(text); }
  bool binary(std::vector<std::uint8_t>&) { return false; }  // JSON has none
  bool start_object(std::size_t) { return tree.start(Kind::object); }
  bool start_array(std::size_t) { return tree.start(Kind::array); }
  bool key(std::string& text) { return tree.key(text); }
  bool end_object() { return tree.end(); }
  bool end_array() { return tree.end(); }
  bool parse_error(std::size_t read, const std::string&, const nlohmann::detail::exception& what) {
    if (what.id == overflow_id) tree.overflow();
    else tree.syntax_error(read, what.what());
    return false;
  }
};

Parsed refusal(std::string_view code, Position at, std::string message) {
  Parsed parsed;
  parsed.problems.push_back({.code = code, .message = std::move(message), .at = at});
  return parsed;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// What must be known before the library sees the text: it ends at a zero byte and skips a
// byte-order mark, both in silence.
std::optional<Parsed> refuse_bytes(std::string_view text, const ParseOptions& options) {
  if (text.size() > options.bytes_max) {
    return refusal("HPO-E0002", {.offset = options.bytes_max, .length = 0},
                   "the text has too many bytes; at most " +
                       std::to_string(options.bytes_max) + " are read");
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return refusal("HPO-E0005", {.offset = 0, .length = 3},
                   "a byte-order mark; save the file as UTF-8 without one");
  }
  const std::size_t fault = std::min(utf8_fault(text), text.find('\0'));
  if (fault < text.size()) {
    return refusal("HPO-E0005", {.offset = fault, .length = 1},
                   text[fault] == '\0' ? "a zero byte; save the file as UTF-8 text"
                                       : "a byte that is not UTF-8; save the file as UTF-8");
  }
  return std::nullopt;
}

Parsed build(std::string_view text, std::string_view strict, const ParseOptions& options) {
  TreeBuilder builder(text, strict, options);
  bool is_whole = false;
  try {
    Events events{builder};
    is_whole = nlohmann::json::sax_parse(strict.begin(), strict.end(), &events);
  } catch (const std::exception& failure) {  // std::bad_alloc, or a bug in the library
    return refusal("HPO-E0001", {}, std::string("the text cannot be read: ") + failure.what());
  }
  return std::move(builder).finish(is_whole);
}

}  // namespace

Parsed parse(std::string_view text, const ParseOptions& options) {
  if (std::optional<Parsed> refused = refuse_bytes(text, options)) return *std::move(refused);
  Relaxed relaxed;
  std::string_view strict = text;
  if (options.comments || options.non_finite || options.keep_going) {
    relaxed = relax(text, {.comments = options.comments,
                           .non_finite = options.non_finite || options.keep_going,
                           .any_form = options.keep_going && !options.non_finite});
    if (relaxed.open_comment != std::string::npos) {
      return refusal("HPO-E0001", {.offset = relaxed.open_comment, .length = 2},
                     "a comment without its end; add */");
    }
    strict = relaxed.text;
  }
  if (is_blank(strict)) return refusal("HPO-E0007", {}, "the text is empty");
  return build(text, strict, options);
}

}  // namespace hpo::json
