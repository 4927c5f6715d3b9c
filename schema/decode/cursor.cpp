// See cursor.hpp.
#include "schema/decode/cursor.hpp"

#include "schema/decode/display.hpp"

namespace hpo::decode {

std::string Cursor::label() const {
  if (is_member()) return quoted(key_);
  if (!list_key_.empty()) return "an item of " + quoted(list_key_);
  return "the study";
}

void Cursor::add(Finding finding) const {
  problems_->add(node_->at, pointer_, std::move(finding));
}

void Cursor::add_to_key(Finding finding) const {
  problems_->add(is_member() ? key_at_ : node_->at, pointer_, std::move(finding));
}

void Cursor::add_at(const json::Position& at, std::string_view below, Finding finding) const {
  problems_->add(at, pointer_ + std::string(below), std::move(finding));
}

Cursor Cursor::member(const json::Member& member) const {
  Cursor cursor(member.value, *problems_);
  cursor.pointer_ = pointer_ + "/" + json::pointer_token(member.key);
  cursor.key_ = member.key;
  cursor.key_at_ = member.key_at;
  return cursor;
}

Cursor Cursor::item(std::size_t i) const {
  Cursor cursor(node_->items[i], *problems_);
  cursor.pointer_ = pointer_ + "/" + std::to_string(i);
  cursor.list_key_ = key_;
  return cursor;
}

std::optional<Cursor> Cursor::find(std::string_view key) const {
  for (const json::Member& candidate : node_->members) {
    if (candidate.key == key) return member(candidate);
  }
  return std::nullopt;
}

std::vector<Cursor> Cursor::members() const {
  std::vector<Cursor> all;
  all.reserve(node_->members.size());
  for (const json::Member& candidate : node_->members) all.push_back(member(candidate));
  return all;
}

std::vector<Cursor> Cursor::items() const {
  std::vector<Cursor> all;
  all.reserve(node_->items.size());
  for (std::size_t i = 0; i < node_->items.size(); ++i) all.push_back(item(i));
  return all;
}

Cursor Cursor::below(std::string_view pointer) const {
  if (pointer.empty()) return *this;
  for (const Cursor& child : node_->kind == json::Kind::array ? items() : members()) {
    const std::string_view token = std::string_view(child.pointer_).substr(pointer_.size());
    if (!pointer.starts_with(token)) continue;
    const std::string_view rest = pointer.substr(token.size());
    if (rest.empty() || rest.front() == '/') return child.below(rest);
  }
  return *this;
}

}  // namespace hpo::decode
