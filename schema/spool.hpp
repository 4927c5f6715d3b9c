// The spool: how a worker and the daemon talk by files, where no network leads from one to the
// other. Names and contents alone; pure, any thread.
//
//   STATE/spool/requests/WORKER.N   "hpo-spool 1 exchange STUDY\n" and a body, as over HTTP
//   STATE/spool/answers/WORKER/N    "hpo-spool 1 200\n" and a body, likewise
//
// Each appears whole, by rename of a file whose name ends with ".tmp". A worker's numbers grow from
// 1; a newer request takes the place of the older ones. WORKER is unique to a process, made by
// cli/worker/identity.hpp. Who has read a file removes it: the daemon when the answer is there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hpo {

inline constexpr std::size_t spool_request_bytes_max = (1U << 20U) + 256U;  // of the whole file
inline constexpr std::size_t spool_answer_bytes_max = 64U << 20U;
inline constexpr std::string_view spool_temporary = ".tmp";

// The name that the file will have.
constexpr std::string_view without_temporary(std::string_view name) {
  if (name.ends_with(spool_temporary)) name.remove_suffix(spool_temporary.size());
  return name;
}

struct SpoolPaths {
  std::string root{};  // STATE/spool
  std::string requests() const { return root + "/requests"; }
  std::string answers() const { return root + "/answers"; }
  std::string answers(std::string_view worker) const {
    return answers() + "/" + std::string(worker);
  }
};

struct SpoolName {
  std::string worker{};
  std::int64_t number = 0;
  friend bool operator==(const SpoolName&, const SpoolName&) = default;
};
std::string to_text(const SpoolName& name);
// nullopt: no name of a request, that of its temporary file included.
std::optional<SpoolName> spool_name(std::string_view text);

// What a worker may ask for.
enum class SpoolVerb { work, study, exchange };

struct SpoolRequest {
  SpoolVerb verb = SpoolVerb::exchange;
  std::string study{};
  std::string body{};  // of an exchange; of the others, why they come as a file, for people
};
std::string to_text(const SpoolRequest& request);
std::optional<SpoolRequest> spool_request(std::string_view text);

struct SpoolAnswer {
  int status = 0;      // of HTTP
  std::string body{};
};
std::string to_text(const SpoolAnswer& answer);
std::optional<SpoolAnswer> spool_answer(std::string_view text);

// Of studies and of workers: [A-Za-z0-9][A-Za-z0-9._-]{0,63}
bool is_spool_word(std::string_view text);

}  // namespace hpo
