// decode_main: what the decoder says, for tests in other languages.
//
//   decode_main FILE…      prints "FILE: CODE CODE …" and the rendered problems
//   decode_main < LINES    each line is one study; prints its codes, "ok" without one
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "schema/decode/decode.hpp"

namespace {

std::string codes(const hpo::DecodedStudy& decoded) {
  std::string text = decoded.spec ? "ok" : "";
  for (const hpo::Problem& problem : decoded.problems) {
    text += (text.empty() ? "" : " ") + problem.code;
  }
  return text;
}

int decode_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::cerr << path << ": cannot be read\n";
    return 1;
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const hpo::DecodedStudy decoded = hpo::decode_study(text);
  const std::string name = path.substr(path.rfind('/') + 1);
  std::cout << path << ": " << codes(decoded) << "\n"
            << hpo::render_all(decoded, text, name) << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) {
    int status = 0;
    for (int i = 1; i < argc; ++i) status |= decode_file(argv[i]);
    return status;
  }
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << codes(hpo::decode_study(line)) << "\n";
  }
  return 0;
}
