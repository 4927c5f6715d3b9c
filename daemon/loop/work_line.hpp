// Work that is done one piece after the other, on a pool of threads; more at a time where a piece
// is stuck. Engine strand, but for the work itself.
#pragma once

#include <deque>
#include <functional>
#include <utility>

#include "daemon/loop/threads.hpp"

namespace hpo::loop {

class WorkLine {
 public:
  using Post = std::function<void(Work)>;
  WorkLine(Post pool, Post engine, int most)
      : pool_(std::move(pool)), engine_(std::move(engine)), most_(most) {}

  // `begins` is called when the work is handed to the pool; may be empty.
  void add(Work work, Work begins = {});

  // What is at work may never return: one piece more may be at work from now on, up to `most`.
  void widen();

 private:
  struct Piece { Work work{}; Work begins{}; };
  void begin();

  Post pool_;
  Post engine_;
  int most_;
  std::deque<Piece> waiting_{};
  int width_ = 1;
  int at_work_ = 0;
};

}  // namespace hpo::loop
