// One piece of work after the other; more beside one that is stuck.
#include "daemon/loop/work_line.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace hpo;

namespace {

// A pool whose threads finish what they were given when the test says so.
struct Pool {
  std::deque<loop::Work> posted{};
  loop::WorkLine line{[this](loop::Work work) { posted.push_back(std::move(work)); },
                      [](const loop::Work& work) { work(); }, 2};
  std::string begun{};
  std::string done{};

  void add(char name) {
    line.add([this, name] { done += name; }, [this, name] { begun += name; });
  }
  void finish_next() {
    const loop::Work work = std::move(posted.front());
    posted.pop_front();
    work();
  }
};

}  // namespace

TEST_CASE("one piece is on the pool at a time, in order", "[loop]") {
  Pool pool;
  for (const char name : {'a', 'b', 'c'}) pool.add(name);
  CHECK(pool.begun == "a");
  CHECK(pool.posted.size() == 1);
  pool.finish_next();
  CHECK(pool.done == "a");
  CHECK(pool.begun == "ab");
  pool.finish_next();
  pool.finish_next();
  CHECK(pool.done == "abc");
  CHECK(pool.posted.empty());
}

TEST_CASE("beside a piece that is stuck the next one is done, up to a limit", "[loop]") {
  Pool pool;
  for (const char name : {'a', 'b', 'c'}) pool.add(name);
  pool.line.widen();
  CHECK(pool.begun == "ab");
  pool.line.widen();  // two is the limit
  CHECK(pool.begun == "ab");
  const loop::Work stuck = std::move(pool.posted.front());
  pool.posted.pop_front();
  pool.finish_next();
  pool.finish_next();
  CHECK(pool.done == "bc");
  stuck();  // it returns after all
  CHECK(pool.done == "bca");
}
