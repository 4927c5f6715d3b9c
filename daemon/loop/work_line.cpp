// See work_line.hpp.
#include "daemon/loop/work_line.hpp"

#include <algorithm>

namespace hpo::loop {

void WorkLine::add(Work work, Work begins) {
  waiting_.push_back({std::move(work), std::move(begins)});
  begin();
}

void WorkLine::widen() {
  width_ = std::min(width_ + 1, most_);
  begin();
}

void WorkLine::begin() {
  while (at_work_ < width_ && !waiting_.empty()) {
    const Piece next = std::move(waiting_.front());
    waiting_.pop_front();
    ++at_work_;
    if (next.begins) next.begins();
    pool_([this, work = next.work] {
      work();
      engine_([this] {
        --at_work_;
        begin();
      });
    });
  }
}

}  // namespace hpo::loop
