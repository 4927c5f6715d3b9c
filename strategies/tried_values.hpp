// Which values of a space were tried: those of finished and open trials, and of a batch so far.
//
// Finished trials are kept from ask to ask; it is a cache, and rebuilt it is the same. Like every
// strategy: one thread at a time.
#pragma once

#include <unordered_set>

#include "schema/history.hpp"
#include "strategies/value_index.hpp"

namespace hpo {

class TriedValues {
 public:
  explicit TriedValues(const SearchSpace& space) : space_(space), index_(space) {}

  const ValueIndex& index() const { return index_; }
  std::uint64_t count() const { return finished_.size() + others_.size(); }

  // Values outside of the space use up nothing.
  void set(const History& history);

  // False if the values were tried before. REQUIRES: the space contains them
  bool add(const Values& values);

  bool is_finished(std::uint64_t key) const { return finished_.contains(key); }
  bool is_tried(std::uint64_t key) const { return is_finished(key) || others_.contains(key); }

 private:
  bool is_extended_by(const History& history) const;

  using Keys = std::unordered_set<std::uint64_t>;
  SearchSpace space_;
  ValueIndex index_;
  Keys finished_{};
  Keys others_{};  // of open trials and of this batch, none of them in finished_
  std::size_t finished_count_ = 0;
  std::int64_t history_seq_ = 0;
};

}  // namespace hpo
