// History: blocks that are shared with whoever holds a copy, and a newest one that grows.
//
// One writer; the copies that it handed out may be read on other threads meanwhile.
#include "schema/history.hpp"

#include <algorithm>

#include "schema/assert.hpp"

namespace hpo {
namespace {

// True if nobody else can see the block, now or later: only we hand out copies.
template <class Block>
bool is_ours(const std::shared_ptr<const Block>& block) {
  if (block.use_count() != 1) return false;
  // use_count() is a relaxed read. Counting up and down once more orders our writes behind the
  // reads of the thread that let go of the block last.
  std::shared_ptr<const Block>(block).reset();
  return true;
}

// A block that may be written: the given one if it is ours alone, else a copy of it. Loading 10⁶
// trials would otherwise copy half a block for each of them.
template <class Block>
std::shared_ptr<Block> writable(const std::shared_ptr<const Block>& block) {
  // Every block was made by make_shared<Block>: the object itself is not const.
  if (is_ours(block)) return std::const_pointer_cast<Block>(block);
  return std::make_shared<Block>(*block);
}

// How many of `count`, sorted by it, have a seq up to this one.
template <class SeqOf>
std::size_t count_until(std::size_t count, std::int64_t seq, SeqOf seq_of) {
  std::size_t low = 0;
  while (low < count) {
    const std::size_t middle = low + (count - low) / 2;
    if (seq_of(middle) <= seq) low = middle + 1;
    else count = middle;
  }
  return low;
}

}  // namespace

const FinishedTrial& History::finished(std::size_t i) const {
  HPO_ASSERT(i < finished_count_, "a finished trial is asked for by its place in the history");
  return blocks_[i / HistoryBlock::trials_max]->trials[i % HistoryBlock::trials_max];
}

std::span<const ParamValue> History::values(std::size_t i) const {
  HPO_ASSERT(i < finished_count_, "values are asked for by the trial's place in the history");
  const std::vector<ParamValue>& values = blocks_[i / HistoryBlock::trials_max]->values;
  return std::span(values).subspan(i % HistoryBlock::trials_max * dimension_, dimension_);
}

std::size_t History::model_count() const {
  if (model_seq_ == 0) return finished_count_;
  return count_until(finished_count_, model_seq_,
                     [&](std::size_t i) { return finished(i).history_seq; });
}

std::size_t History::model_rung_count() const {
  if (model_seq_ == 0) return rung_value_count_;
  return count_until(rung_value_count_, model_seq_,
                     [&](std::size_t i) { return rung_value(i).history_seq; });
}

std::int64_t History::history_seq() const {
  return finished_count_ == 0 ? 0 : finished(finished_count_ - 1).history_seq;
}

const RungValue& History::rung_value(std::size_t i) const {
  HPO_ASSERT(i < rung_value_count_, "a rung's value is asked for by its place in the history");
  return rung_blocks_[i / RungBlock::values_max]->values[i % RungBlock::values_max];
}

std::int64_t History::seen_seq() const {
  const std::size_t count = rung_value_count_;
  return std::max(history_seq(), count == 0 ? 0 : rung_value(count - 1).history_seq);
}

void History::append(const RungValue& value) {
  const std::size_t count = rung_value_count_;
  HPO_ASSERT(count == 0 || value.history_seq >= rung_value(count - 1).history_seq,
             "rungs are reached in the order of history_seq");
  if (count % RungBlock::values_max == 0) rung_blocks_.push_back(std::make_shared<RungBlock>());
  std::shared_ptr<RungBlock> block = writable(rung_blocks_.back());
  block->values.push_back(value);
  rung_blocks_.back() = std::move(block);
  ++rung_value_count_;
}

void History::append(const FinishedTrial& trial, std::span<const ParamValue> values) {
  HPO_ASSERT(values.size() == dimension_, "a trial has one value per parameter");
  HPO_ASSERT(trial.history_seq > history_seq(), "history_seq grows with every finished trial");
  const bool is_full = finished_count_ % HistoryBlock::trials_max == 0;
  if (is_full) blocks_.push_back(std::make_shared<HistoryBlock>());
  std::shared_ptr<HistoryBlock> block = writable(blocks_.back());
  block->trials.push_back(trial);
  block->values.insert(block->values.end(), values.begin(), values.end());
  blocks_.back() = std::move(block);
  ++finished_count_;
}

}  // namespace hpo
