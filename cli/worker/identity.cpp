// See identity.hpp.
#include "cli/worker/identity.hpp"

#include <algorithm>
#include <charconv>

namespace hpo::cli::worker {
namespace {

constexpr std::size_t prefix_bytes_max = 40;
constexpr int gpu_max = 1023;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name_character(char c) {
  return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
}

Error no_list(std::string_view text) {
  return Error{ErrorCode::invalid_argument, "\"" + std::string(text) + "\" is no list of GPUs",
               "--gpus", "numbers with commas between, each once: hpo worker --gpus 0,1"};
}

}  // namespace

std::string worker_name(std::string_view prefix, int pid, unsigned bits) {
  std::string name(prefix.substr(0, prefix_bytes_max));
  for (char& c : name) c = is_name_character(c) ? c : '-';
  if (name.empty() || !is_letter_or_digit(name.front())) name = "worker" + name;
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string suffix;
  for (unsigned shift = 0; shift < 16; shift += 4) suffix += digits[(bits >> shift) & 0xFU];
  return name + "-" + std::to_string(pid) + "-" + suffix;
}

Result<std::vector<int>> gpus_from(std::string_view text) {
  std::vector<int> gpus;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    int gpu = 0;
    const auto read = std::from_chars(at, end, gpu);
    const bool is_new = std::find(gpus.begin(), gpus.end(), gpu) == gpus.end();
    if (read.ec != std::errc() || gpu < 0 || gpu > gpu_max || !is_new) return no_list(text);
    gpus.push_back(gpu);
    if (read.ptr == end) return gpus;
    if (*read.ptr != ',') return no_list(text);
    at = read.ptr + 1;
  }
}

std::vector<int> gpus_of_slot(const std::vector<int>& gpus, int slot, int slots) {
  const int count = static_cast<int>(gpus.size());
  if (count == 0) return {};
  if (count < slots) return {gpus[static_cast<std::size_t>(slot % count)]};
  std::vector<int> own;
  for (int i = slot; i < count; i += slots) own.push_back(gpus[static_cast<std::size_t>(i)]);
  return own;
}

}  // namespace hpo::cli::worker
