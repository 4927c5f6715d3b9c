// See files.hpp.
#include "tests/schema/decode/files.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace hpo::test {

std::string source_directory() {
  const char* source = std::getenv("HPO_SOURCE");
  return source != nullptr ? source : ".";
}

std::string read_source(const std::string& path) {
  std::ifstream file(source_directory() + "/" + path, std::ios::binary);
  INFO(path);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string read_file(const std::string& name) {
  return read_source("tests/schema/decode/" + name);
}

std::vector<std::string> list_files(const std::string& folder, const std::string& ending) {
  std::vector<std::string> names;
  const std::string path = source_directory() + "/tests/schema/decode/" + folder;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(ending)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace hpo::test
