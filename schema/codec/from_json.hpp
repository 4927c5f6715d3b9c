// FromJson: JSON text -> values, by their lists of fields. What archive.hpp reads with.
// One thread.
#pragma once

#include <chrono>
#include <type_traits>
#include <utility>

#include "schema/codec/codec.hpp"
#include "schema/words.hpp"

namespace hpo::codec {

// The first fault wins; what is read after it means nothing.
class FromJson {
 public:
  static constexpr bool reads = true;
  FromJson(const SearchSpace& space, std::string_view text) : space_(space), text_(text) {}

  template <class T>
  Result<T> read(std::string_view where) && {
    T it{};
    const Result<json::Node> root = json::parse_own(text_, where);
    if (!root) return root.error();
    get(*root, it);
    if (fault_.empty()) return it;
    return Error{ErrorCode::corrupt, fault_, std::string(where) + " " + pointer_,
                 "this text was written by hpo and changed since; restore it from a backup"};
  }

  template <class T>
  void need(std::string_view name, T& it) {
    if (!member(name, it)) refuse("is missing", name);
  }
  template <class T>
  void operator()(std::string_view name, T& it) { member(name, it); }
  void raw(std::string_view name, std::string& json) {
    const json::Node* node = object_->find(name);
    if (node != nullptr) json = text_.substr(node->at.offset, node->at.length);
  }

 private:
  template <class T>
  bool member(std::string_view name, T& it) {
    const json::Node* node = object_->find(name);
    if (node == nullptr) return false;
    inside(name, [&] { get(*node, it); });
    return true;
  }

  // Carries out `act` with the pointer one step deeper; a fault keeps the pointer it has.
  template <class Act>
  void inside(std::string_view name, Act act) {
    if (!fault_.empty()) return;
    const std::size_t length = pointer_.size();
    pointer_ += "/" + json::pointer_token(name);
    act();
    if (fault_.empty()) pointer_.resize(length);
  }

  void refuse(std::string_view why, std::string_view name = {}) {
    if (!fault_.empty()) return;
    if (!name.empty()) pointer_ += "/" + json::pointer_token(name);
    fault_ = "'" + pointer_.substr(pointer_.rfind('/') + 1) + "' " + std::string(why);
  }

  void get(const json::Node& node, bool& it);
  void get(const json::Node& node, int& it);
  void get(const json::Node& node, std::int64_t& it);
  void get(const json::Node& node, std::uint64_t& it);
  void get(const json::Node& node, double& it);
  void get(const json::Node& node, std::string& it);
  void get(const json::Node& node, std::chrono::seconds& it);
  void get(const json::Node& node, Values& it);

  template <class E>
    requires std::is_enum_v<E>
  void get(const json::Node& node, E& it) {
    const std::optional<E> known = from_word<E>(node.string);
    if (known) it = *known;
    else refuse("is no word that is known here");
  }
  template <class T>
  void get(const json::Node& node, std::optional<T>& it) {
    if (node.kind == json::Kind::null) it.reset();
    else get(node, it.emplace());
  }
  template <class T>
  void get(const json::Node& node, std::vector<T>& it) {
    if (node.kind != json::Kind::array) return refuse("is no list");
    it.clear();
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      inside(std::to_string(i), [&] { get(node.items[i], it.emplace_back()); });
    }
  }
  template <class T>
  void get(const json::Node& node, std::map<std::string, T>& it) {
    if (node.kind != json::Kind::object) return refuse("is no object");
    it.clear();
    for (const json::Member& member : node.members) {
      inside(member.key, [&] { get(member.value, it[member.key]); });
    }
  }
  template <class T>
    requires std::is_aggregate_v<T>
  void get(const json::Node& node, T& it) {
    if (node.kind != json::Kind::object) return refuse("is no object");
    const json::Node* outer = std::exchange(object_, &node);
    fields(*this, it);
    object_ = outer;
  }

  const SearchSpace& space_;
  std::string_view text_;
  const json::Node* object_ = nullptr;  // whose members are being read
  std::string pointer_{};
  std::string fault_{};  // empty: none so far
};

}  // namespace hpo::codec
