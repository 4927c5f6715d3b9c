// Cursor: a value in the tree, together with its JSON pointer and the list of problems.
//
// Sections of the decoder walk with it, so that each complaint has its place by itself. Cheap to
// copy; lives as long as the tree. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/decode/problems.hpp"
#include "schema/json/node.hpp"

namespace hpo::decode {

class Cursor {
 public:
  Cursor(const json::Node& root, Problems& problems) : node_(&root), problems_(&problems) {}

  const json::Node& node() const { return *node_; }
  const std::string& pointer() const { return pointer_; }
  std::string_view key() const { return key_; }  // of this member; "" for items and the root
  const json::Position& key_at() const { return key_at_; }
  std::size_t errors() const { return problems_->errors(); }

  // What to call this value in a sentence: "lr" in quotes, or `an item of "command"`.
  std::string label() const;

  void add(Finding finding) const;           // at the value
  void add_to_key(Finding finding) const;    // at the member's key
  void add_at(const json::Position& at, std::string_view below, Finding finding) const;

  std::optional<Cursor> find(std::string_view key) const;
  std::vector<Cursor> members() const;  // empty if this is no object
  std::vector<Cursor> items() const;    // empty if this is no array

  // The value that a pointer below this one names; this one if there is none.
  Cursor below(std::string_view pointer) const;

 private:
  bool is_member() const { return key_at_.length > 0; }
  Cursor member(const json::Member& member) const;
  Cursor item(std::size_t i) const;

  const json::Node* node_;
  Problems* problems_;
  std::string pointer_{};
  std::string_view key_{};
  std::string_view list_key_{};  // of an item: the key of its list
  json::Position key_at_{};
};

}  // namespace hpo::decode
