// ToJson: values -> JSON text, by their lists of fields. What archive.hpp writes with.
// One thread.
#pragma once

#include <chrono>
#include <cmath>
#include <concepts>
#include <type_traits>

#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"
#include "schema/words.hpp"

namespace hpo::codec {

class ToJson {
 public:
  static constexpr bool reads = false;
  explicit ToJson(const SearchSpace& space) : space_(space) {}

  template <class T>
  void need(std::string_view name, const T& it) { put(writer_.key(name), it); }
  template <class T>
  void operator()(std::string_view name, const T& it) {
    if (!is_empty(it)) need(name, it);
  }
  // A member whose JSON text is kept byte by byte.
  void raw(std::string_view name, const std::string& json) {
    if (!json.empty()) writer_.key(name).raw(json);
  }

  template <class T>
  std::string text(const T& it) && {
    put(writer_, it);
    return std::move(writer_).text();
  }

 private:
  template <class T>
  static bool is_empty(const std::optional<T>& it) { return !it.has_value(); }
  template <class T>
  static bool is_empty(const T& it) {
    if constexpr (requires { it.empty(); }) return it.empty();
    else return false;
  }

  void put(json::Writer& to, bool it) { to.value(it); }
  void put(json::Writer& to, std::integral auto it) { to.value(static_cast<std::int64_t>(it)); }
  void put(json::Writer& to, std::uint64_t it) { to.value(std::to_string(it)); }  // beyond int64
  void put(json::Writer& to, double it) { to.value(it); }
  void put(json::Writer& to, const std::string& it) { to.value(it); }
  void put(json::Writer& to, std::chrono::seconds it) { put(to, it.count()); }
  void put(json::Writer& to, auto it) requires std::is_enum_v<decltype(it)> { to.value(word(it)); }
  void put(json::Writer& to, const std::map<std::string, double>& it) {
    to.object();
    for (const auto& [name, number] : it) {
      if (std::isfinite(number)) to.member(name, number);  // null would not read back
    }
    to.end();
  }
  void put(json::Writer& to, const Values& it) { to.raw(params_to_json(space_, it)); }
  template <class T>
  void put(json::Writer& to, const std::optional<T>& it) {
    if (it) put(to, *it);
    else to.null();
  }
  template <class T>
  void put(json::Writer& to, const std::vector<T>& it) { to.value(it); }
  template <class T>
  void put(json::Writer& to, const std::map<std::string, T>& it) { to.value(it); }
  template <class T>
    requires std::is_aggregate_v<T>
  void put(json::Writer& to, const T& it) {
    to.object();
    fields(*this, it);
    to.end();
  }

  const SearchSpace& space_;
  json::Writer writer_{};
};

}  // namespace hpo::codec
