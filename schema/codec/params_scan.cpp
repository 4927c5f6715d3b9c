// Scans {"a":1,"b":"x"} in the space's order, without blanks, escapes or a tree.
//
// Strict where JSON is strict: whatever it takes, the parser would take and read the same.
// Pure, any thread.
#include "schema/codec/params_scan.hpp"

#include <charconv>

#include "schema/json/utf8.hpp"

namespace hpo::codec {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  // Takes all of `,"name":`, the first one without its comma, or nothing.
  bool take_key(std::string_view name, bool is_first) {
    const std::string_view before = rest_;
    if ((is_first || take(",")) && take("\"") && take(name) && take("\":")) return true;
    rest_ = before;
    return false;
  }

  bool take_value(ParamValue& value) {
    if (rest_.empty()) return false;
    if (rest_.front() == '"') return take_string(value);
    if (rest_.front() == 't') return take("true") && (value = true, true);
    if (rest_.front() == 'f') return take("false") && (value = false, true);
    return take_number(value);
  }

  bool is_at_end() const { return rest_.empty(); }

 private:
  bool take_string(ParamValue& value) {
    const std::size_t end = rest_.find('"', 1);
    if (end == std::string_view::npos) return false;
    const std::string_view inside = rest_.substr(1, end - 1);
    for (const char c : inside) {
      if (c == '\\' || static_cast<unsigned char>(c) < 0x20) return false;
    }
    if (json::utf8_fault(inside) != inside.size()) return false;
    value = std::string(inside);
    rest_.remove_prefix(end + 1);
    return true;
  }

  // JSON's grammar for the beginning; from_chars takes ".5", "01" and "inf" as well.
  bool is_number() const {
    const std::size_t first = rest_.front() == '-' ? 1 : 0;
    if (first >= rest_.size() || !is_digit(rest_[first])) return false;
    return rest_[first] != '0' || first + 1 >= rest_.size() || !is_digit(rest_[first + 1]);
  }

  bool take_number(ParamValue& value) {
    if (!is_number()) return false;
    const std::size_t length = std::min(rest_.find_first_of(",}"), rest_.size());
    const std::string_view word = rest_.substr(0, length);
    const bool is_integer = word.find_first_of(".eE") == std::string_view::npos;
    if (!(is_integer ? read<std::int64_t>(word, value) : read<double>(word, value))) return false;
    rest_.remove_prefix(length);
    return true;
  }

  template <class T>
  static bool read(std::string_view word, ParamValue& value) {
    const std::size_t dot = word.find('.');
    const bool is_bare = dot + 1 >= word.size() || !is_digit(word[dot + 1]);
    if (dot != std::string_view::npos && is_bare) return false;  // "1." and "1.e5"
    T number{};
    const char* end = word.data() + word.size();
    const auto [stop, fault] = std::from_chars(word.data(), end, number);
    if (fault != std::errc() || stop != end) return false;
    value = number;
    return true;
  }

  std::string_view rest_;
};

}  // namespace

bool scan_params(const SearchSpace& space, std::string_view text, std::vector<ParamValue>& out) {
  Scanner scanner(text);
  if (!scanner.take("{")) return false;
  const std::size_t begin = out.size();
  bool is_first = true;
  for (std::size_t i = 0; i < space.size(); ++i) {
    const Parameter& parameter = space.parameters()[i];
    ParamValue& value = out.emplace_back();
    if (!scanner.take_key(parameter.name, is_first)) {
      if (!space.is_conditional(i)) return false;
      value = Inactive{};
      continue;
    }
    is_first = false;
    if (!scanner.take_value(value) || !contains(parameter.domain, value)) return false;
  }
  if (!scanner.take("}") || !scanner.is_at_end()) return false;
  return !space.has_conditions() || space.fits(std::span(out).subspan(begin));
}

}  // namespace hpo::codec
