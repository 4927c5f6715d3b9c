// spdlog stays in here: a rotating file (8 MiB, three old ones), UTC, flushed from info up.
//
// Its errors end here: a daemon goes on without its log. Any thread; the sink has its own lock.
#include "daemon/log.hpp"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "schema/json/utf8.hpp"

namespace hpo::daemon {
namespace {

constexpr std::size_t log_bytes_max = 8U << 20U;
constexpr std::size_t files_max = 3;

// Schedulers and trainings say what they like; here it is one line of UTF-8.
std::string fit(const std::string& line) {
  std::string text;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t length = json::utf8_length(line, i);
    const bool is_control = length == 1 && static_cast<unsigned char>(line[i]) < ' ';
    if (length == 0 || is_control) text += line[i] == '\t' || line[i] == '\n' ? ' ' : '?';
    else text.append(line, i, length);
    i += std::max<std::size_t>(length, 1);
  }
  return text;
}

}  // namespace

struct Log::Sink {
  std::shared_ptr<spdlog::logger> logger{};
};

Log::Log(const std::string& path) : sink_(std::make_unique<Sink>()) {
  try {
    auto file = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(path, log_bytes_max,
                                                                       files_max);
    sink_->logger = std::make_shared<spdlog::logger>("hpod", file);
    sink_->logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    sink_->logger->set_error_handler([](const std::string&) {});  // a full disk: lines are lost
    sink_->logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(sink_->logger);  // where the HTTP side logs
  } catch (const spdlog::spdlog_ex&) {
    sink_->logger.reset();  // no log is better than no daemon
  }
}

Log::~Log() = default;

void Log::write(std::string_view level, const std::string& line) {
  if (sink_->logger) {
    sink_->logger->log(spdlog::level::from_str(std::string(level)), "{}", fit(line));
  }
}

void Log::flush() {
  if (sink_->logger) sink_->logger->flush();
}

}  // namespace hpo::daemon
