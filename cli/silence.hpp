// What is said of a daemon that takes long to answer: who is waited for, and how to look. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/way.hpp"
#include "executors/runner/process.hpp"

namespace hpo::cli {

// Beyond what the daemon was asked to wait.
inline constexpr std::chrono::seconds silence_max{2};

// Of the daemon by its socket: its process, where that is known. By TCP it is not looked at.
std::string silence_text(const Way& way, const std::optional<runner::Process>& process);

}  // namespace hpo::cli
