// Slurm's commands as scripts of the test's own, in a directory that comes first in PATH.
#pragma once

#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <string>

#include "tests/executors/support.hpp"

namespace hpo::test {

class Commands {
 public:
  Commands() { ::setenv("PATH", (root_.path() + ":" + before_).c_str(), 1); }
  ~Commands() { ::setenv("PATH", before_.c_str(), 1); }
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  void use_nothing_else() const { ::setenv("PATH", root_.path().c_str(), 1); }

  void add(const std::string& name, const std::string& script) const {
    const std::string path = root_.path() + "/" + name;
    write(path, "#!/bin/bash\nprintf '<%s>' \"$@\" >> '" + path + ".log'\necho >> '" + path +
                    ".log'\n" + script + "\n");
    ::chmod(path.c_str(), 0755);
  }
  // One line for each call: <argument><argument>…
  std::string log(const std::string& name) const {
    return read(root_.path() + "/" + name + ".log");
  }
  std::ptrdiff_t calls(const std::string& name) const {
    const std::string text = log(name);
    return std::count(text.begin(), text.end(), '\n');
  }
  const std::string& path() const { return root_.path(); }

 private:
  FreshDirectory root_{};
  std::string before_ = ::getenv("PATH");
};

}  // namespace hpo::test
