// Files of the decoder's tests, from the source tree that CTest names in HPO_SOURCE.
#pragma once

#include <string>
#include <vector>

namespace hpo::test {

std::string source_directory();
std::string read_source(const std::string& path);  // below that directory
std::string read_file(const std::string& name);    // beside this file

// Names of the files in a folder beside this one, sorted.
std::vector<std::string> list_files(const std::string& folder, const std::string& ending);

}  // namespace hpo::test
