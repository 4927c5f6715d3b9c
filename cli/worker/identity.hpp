// Who a worker is, and which GPUs its slots see. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/result.hpp"

namespace hpo::cli::worker {

inline constexpr std::size_t name_bytes_max = 64;

// "node7-4711-9f3c": characters that are none of [A-Za-z0-9._-] become '-', a long prefix is cut,
// and the first one is a letter or a digit.
std::string worker_name(std::string_view prefix, int pid, unsigned bits);

// "0,1,3" -> {0, 1, 3}. Error: not such a list, or an index twice.
Result<std::vector<int>> gpus_from(std::string_view text);

// Every GPU in turn to the slots; with more slots than GPUs, slots share.
// REQUIRES: 0 <= slot < slots
std::vector<int> gpus_of_slot(const std::vector<int>& gpus, int slot, int slots);

}  // namespace hpo::cli::worker
