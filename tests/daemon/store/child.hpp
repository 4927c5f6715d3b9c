// Another process for a test: this very program, running one hidden test case.
#pragma once

#include <sys/types.h>

#include <string>

namespace hpo::test {

// The environment variable by which a child learns of its database.
inline constexpr char child_db[] = "HPO_TEST_CHILD_DB";
// Begins the lines that a child means for its parent; Catch2 prints lines of its own.
inline constexpr char child_says[] = "child: ";

class Child {
 public:
  // `test_case`: a hidden one of this program. Its stdout can be read here.
  Child(const std::string& test_case, const std::string& db);
  ~Child();  // kills it if it still runs
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  std::string read_line();  // the next one that it means for us; "" at the end of its output
  void kill();              // SIGKILL, and waits
  int wait();               // its exit status

 private:
  bool read_any_line(std::string& line);

  pid_t pid_ = 0;
  int output_ = -1;
  std::string buffer_{};
};

}  // namespace hpo::test
