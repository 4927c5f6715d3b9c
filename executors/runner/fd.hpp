// Fd: a file descriptor that closes itself; Pipe: two of them. Every descriptor of ours is
// close-on-exec. Any thread.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace hpo::runner {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int number) : number_(number) {}
  Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) {
      reset();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  ~Fd() { reset(); }

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  void reset() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_ = -1;
};

// Both ends, close-on-exec.
struct Pipe {
  Fd read{};
  Fd write{};

  // False, with errno, where there are no descriptors left.
  bool open() {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read = Fd(ends[0]);
    write = Fd(ends[1]);
    return true;
  }
};

// Closes every descriptor from `first` on, as a forked process does with those of its parent. Not
// between fork and exec of a program with threads: a kernel before 5.9 has it read /proc.
void close_from(int first);

}  // namespace hpo::runner
