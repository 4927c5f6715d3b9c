// The daemon's certificate for TCP: made once, by itself, and known to clients by its fingerprint.
//
// Nobody has to vouch for it: who was given the fingerprint with the token knows whom to talk to.
// So it has no names worth reading and no end. At start, any thread.
#pragma once

#include <string>

#include "schema/result.hpp"

namespace hpo::daemon {

struct Certificate {
  std::string pem{};          // the key (ECDSA P-256) and the certificate
  std::string fingerprint{};  // SHA-256 of the certificate, 64 lower-case hexadecimal digits
  std::string job_secret{};   // made from the key, 32 bytes: what tokens of worker jobs come from
};

// Reads it, or makes it (mode 0600) if there is no such file.
// Error: invalid_argument if others may read it or it is none of ours; that of the file system.
Result<Certificate> keep_certificate(const std::string& path);

}  // namespace hpo::daemon
