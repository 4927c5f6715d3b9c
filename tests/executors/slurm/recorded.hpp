// Recorded outputs of Slurm's commands, from the source tree that CTest names in HPO_SOURCE.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace hpo::slurm {

inline std::filesystem::path recorded_folder() {
  const char* source = std::getenv("HPO_SOURCE");
  if (source == nullptr) FAIL("set HPO_SOURCE to the repository's root; ctest does");
  return std::filesystem::path(source) / "tests/executors/slurm/recorded";
}

inline std::string recorded(const std::string& name) {
  std::ifstream file(recorded_folder() / name, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

// All files whose name begins so, by name.
inline std::vector<std::string> recorded_names(std::string_view prefix) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(recorded_folder())) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  REQUIRE_FALSE(names.empty());
  return names;
}

}  // namespace hpo::slurm
