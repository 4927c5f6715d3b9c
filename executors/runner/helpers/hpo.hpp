// What a training in C++ needs of hpo: one header, C++11, POSIX, no library.
//
//   const double rate = hpo::param("learning_rate", 1e-3);  // of the trial; by hand the default
//   const int width = hpo::param("width", 64);
//   for (long step = 1; step <= hpo::last_step(9); ++step) {  // told when done: 1 to max
//     …
//     if (hpo::report(step, {{"auc", auc}})) break;         // true: stop now
//   }
//   hpo::result({{"auc", auc}});                            // once, at the end; by hand it prints
//
// Everything goes through the HPO_* variables and the files that they name: no network, no daemon.
// Wrong use, and files that cannot be written, throw std::runtime_error. One thread at a time.
#ifndef HPO_HPP
#define HPO_HPP

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <locale>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace hpo {

typedef std::map<std::string, double> Metrics;

namespace detail {

inline std::string variable(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::string() : std::string(text);
}

inline void fail(const std::string& what) { throw std::runtime_error("hpo.hpp: " + what); }

// "opt.lr-max" -> "HPO_P_OPT_LR_MAX"
inline std::string variable_of(const std::string& param) {
  std::string name = "HPO_P_";
  for (const char c : param) {
    const bool is_lower = c >= 'a' && c <= 'z';
    name += c == '.' || c == '-' ? '_' : is_lower ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

inline std::string content(const std::string& path) {
  std::ifstream file(path.c_str());
  std::ostringstream text;
  if (file) text << file.rdbuf();
  return text.str();
}

// The param's text; null: the trial has none of that name, or there is no trial.
inline const char* find(const std::string& param) {
  const char* text = std::getenv(variable_of(param).c_str());
  const std::string path = variable("HPO_PARAMS_FILE");
  if (text != nullptr || path.empty()) return text;
  if (content(path).find("\"" + param + "\":") != std::string::npos) {
    fail("param '" + param + "' does not fit into a variable: read it from " + path);
  }
  return nullptr;
}

inline void mismatch(const std::string& param, const std::string& text, const char* wanted) {
  fail("param '" + param + "' is " + text + ", not " + wanted +
       " as its default is: change the study's space or the default");
}

// As JSON, of any locale; NaN and infinities by the names that hpo reads.
inline std::string number_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out.precision(17);
  out << number;
  return out.str();
}

inline std::string step_text(double step) {
  const bool is_step = step >= 0 && step <= 9007199254740992.0 && step == std::floor(step);
  if (!is_step) fail("step " + number_text(step) + " is no whole number from 0 to 2^53");
  return std::to_string(static_cast<long long>(step));
}

inline std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

inline std::string members_of(const Metrics& metrics) {
  std::string out;
  for (const Metrics::value_type& metric : metrics) {
    out += (out.empty() ? "" : ", ") + quoted(metric.first) + ": " + number_text(metric.second);
  }
  return out;
}

inline void write_all(int file, const std::string& text, const std::string& path) {
  const ssize_t count = file < 0 ? -1 : ::write(file, text.data(), text.size());
  if (count != static_cast<ssize_t>(text.size())) fail("cannot write " + path);
}

inline void put_result(const std::string& text) {
  const std::string path = variable("HPO_RESULT_FILE");
  if (!path.empty()) {  // whole or not at all, by a rename in one file system
    const std::string temporary = path + "." + std::to_string(::getpid()) + ".tmp";
    const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    write_all(file, text + "\n", temporary);
    if (::close(file) != 0 || std::rename(temporary.c_str(), path.c_str()) != 0) {
      fail("cannot write " + path);
    }
  }
  if (path.empty() || variable("HPO_JOB").empty()) std::cout << text << std::endl;
}

inline volatile sig_atomic_t& told() {
  static volatile sig_atomic_t is_told = 0;
  return is_told;
}

inline std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  DIR* const open = ::opendir(directory.c_str());
  while (const dirent* entry = open == nullptr ? nullptr : ::readdir(open)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  if (open != nullptr) ::closedir(open);
  return names;
}

// Of the newest complete checkpoint there; 0: there is none.
inline long newest_in(const std::string& home) {
  long newest = 0;
  for (const std::string& name : names_in(home)) {
    const bool is_number = name.find_first_not_of("0123456789") == std::string::npos;
    if (is_number) newest = std::max(newest, std::strtol(name.c_str(), nullptr, 10));
  }
  return newest;
}

inline void remove_flat(const std::string& directory) {
  for (const std::string& name : names_in(directory)) ::unlink((directory + "/" + name).c_str());
  ::rmdir(directory.c_str());
}

}  // namespace detail

// A param of the trial, of its default's type. One that the trial lacks, or any by hand, is its
// default.
inline double param(const std::string& name, double otherwise) {
  const char* const text = detail::find(name);
  if (text == nullptr) return otherwise;
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  double number = 0;
  if (!(in >> number) || !in.eof()) detail::mismatch(name, text, "a number");
  return number;
}
inline long param(const std::string& name, long otherwise) {
  const double number = param(name, static_cast<double>(otherwise));
  if (number != std::floor(number)) detail::mismatch(name, detail::number_text(number), "whole");
  return static_cast<long>(number);
}
inline int param(const std::string& name, int otherwise) {
  return static_cast<int>(param(name, static_cast<long>(otherwise)));
}
inline std::string param(const std::string& name, const std::string& otherwise) {
  const char* const text = detail::find(name);
  return text == nullptr ? otherwise : text;
}
inline std::string param(const std::string& name, const char* otherwise) {
  return param(name, std::string(otherwise));
}
inline bool param(const std::string& name, bool otherwise) {
  const std::string text = param(name, otherwise ? "true" : "false");
  if (text != "true" && text != "false") detail::mismatch(name, text, "true or false");
  return text == "true";
}

// The trial's number; 0 by hand. Good as a seed.
inline long trial() { return std::atol(detail::variable("HPO_TRIAL").c_str()); }

// The last step to do and report: the fidelity's max; without one, and by hand, the default.
inline long last_step(long otherwise) {
  const std::string text = detail::variable("HPO_FIDELITY_MAX");
  return text.empty() ? otherwise : std::atol(text.c_str());
}

// Appends a step's metrics; true: the training should stop. By hand it only checks them. Each step
// once: of a second value of one step hpo says that the first counts. NaN is no error.
// `step`: any number that is whole, from 0 to 2^53. It is told when it is done: the first is 1, the
// last the fidelity's max, where a training is whole; 0 may tell the state before.
template <class Step>
bool report(Step step, const Metrics& metrics) {
  const std::string line = "{" + detail::members_of(metrics) + (metrics.empty() ? "" : ", ") +
                           "\"step\": " + detail::step_text(static_cast<double>(step)) + "}\n";
  if (line.size() > 4096) detail::fail("a report has more than 4096 bytes: report fewer metrics");
  const std::string path = detail::variable("HPO_METRICS_FILE");
  if (!path.empty()) {  // one write a line: readers see whole ones
    const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    detail::write_all(file, line, path);
    ::close(file);
  }
  const std::string stop = detail::variable("HPO_STOP_FILE");
  return detail::told() != 0 || (!stop.empty() && ::access(stop.c_str(), F_OK) == 0);
}

// From here on SIGTERM does not end the process: report() says true instead, within the study's
// grace, and SIGKILL follows.
inline void stop_at_report() {
  ::signal(SIGTERM, [](int) { detail::told() = 1; });
}

// Hands in the trial's result; by hand it prints it. The last call wins.
inline void result(const Metrics& values) {
  detail::put_result("{" + detail::members_of(values) + "}");
}

// status: completed, pruned, infeasible or failed; message says why.
inline void result(const std::string& status, const std::string& message,
                   const Metrics& values = Metrics()) {
  detail::put_result("{\"values\": {" + detail::members_of(values) + "}, \"status\": " +
                     detail::quoted(status) + ", \"message\": " + detail::quoted(message) + "}");
}

// The directory that an earlier attempt of this trial saved last; empty: begin afresh.
inline std::string checkpoint_from() {
  const std::string home = detail::variable("HPO_CHECKPOINT_FROM");
  const long newest = home.empty() ? 0 : detail::newest_in(home);
  return newest == 0 ? home : home + "/" + std::to_string(newest);
}

// Saves files into a fresh directory, and has it take the place of the last checkpoint, whole:
//   hpo::checkpoint([&](const std::string& folder) { model.save(folder + "/model"); });
// By hand they are thrown away. REQUIRES: no directories inside.
template <class Save>
void checkpoint(Save save) {
  const std::string home = detail::variable("HPO_CHECKPOINT_DIR");
  const std::string base = home.empty() ? "/tmp/hpo" : home;  // beside it: all inside is complete
  const std::string folder = base + "." + std::to_string(::getpid()) + ".tmp";
  detail::remove_flat(folder);
  if (::mkdir(folder.c_str(), 0700) != 0) detail::fail("cannot make the directory " + folder);
  try {
    save(folder);
  } catch (...) {
    detail::remove_flat(folder);
    throw;
  }
  if (home.empty()) return detail::remove_flat(folder);
  const long last = detail::newest_in(home);
  const std::string place = home + "/" + std::to_string(last + 1);
  if (std::rename(folder.c_str(), place.c_str()) != 0) detail::fail("cannot make " + place);
  if (last > 0) detail::remove_flat(home + "/" + std::to_string(last));
}

}  // namespace hpo

#endif
