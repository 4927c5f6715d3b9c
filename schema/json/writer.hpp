// JSON as we write it: text, appended in order. The only place that turns a double into text.
//
//   Writer w;
//   w.object().key("lr").value(0.001).key("tags").array().value("a").end().end();
//   std::string text = std::move(w).text();   // {"lr":0.001,"tags":["a"]}
//
// Doubles are written shortest such that they read back equal; 1.0 stays "1.0", so that int and
// float stay apart. NaN and infinities have no JSON: they are written as null. Bytes that are not
// UTF-8, and zero bytes, become U+FFFD.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "schema/search_space.hpp"

namespace hpo::json {

class Writer {
 public:
  Writer& object() { return open('{', '}'); }
  Writer& array() { return open('[', ']'); }
  Writer& end();  // of the innermost object or array
  Writer& key(std::string_view name);

  Writer& value(std::string_view text);
  Writer& value(const std::string& text) { return value(std::string_view(text)); }
  Writer& value(const char* text) { return value(std::string_view(text)); }
  Writer& value(bool flag);
  Writer& value(double number);
  Writer& value(std::int64_t number);
  Writer& value(int number) { return value(static_cast<std::int64_t>(number)); }
  Writer& value(std::uint64_t number);
  Writer& value(const ParamValue& param);  // null for Inactive
  Writer& null();
  Writer& raw(std::string_view json);  // REQUIRES: valid JSON, as we wrote it before

  template <class T>
  Writer& value(const std::optional<T>& maybe) { return maybe ? value(*maybe) : null(); }
  template <class T>
  Writer& value(const std::vector<T>& list) {
    array();
    for (const T& item : list) value(item);
    return end();
  }
  template <class T>
  Writer& value(const std::map<std::string, T>& map) {
    object();
    for (const auto& [name, item] : map) key(name).value(item);
    return end();
  }

  // key + value
  template <class T>
  Writer& member(std::string_view name, const T& item) { return key(name).value(item); }

  const std::string& text() const& { return text_; }
  std::string&& text() && { return std::move(text_); }

 private:
  Writer& open(char begin, char end);
  void separate();

  std::string text_{};
  std::string closers_{};     // the brackets still to come, innermost last
  bool needs_comma_ = false;
};

// The number as JSON text; "null" if it is not finite.
std::string number_text(double number);

}  // namespace hpo::json
