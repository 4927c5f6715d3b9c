// See certificate.hpp.
#include "daemon/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <array>
#include <memory>

#include "executors/runner/files.hpp"

namespace hpo::daemon {
namespace {

constexpr std::size_t pem_bytes_max = 64U << 10U;
constexpr const char* no_end = "99991231235959Z";  // RFC 5280, 4.1.2.5: it does not expire

template <auto free>
struct Free {
  template <class T>
  void operator()(T* object) const { free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using X509Text = std::unique_ptr<X509, Free<X509_free>>;
using Bytes = std::unique_ptr<BIO, Free<BIO_free_all>>;

Error failed(const std::string& action, const std::string& path) {
  return {ErrorCode::internal, action + " failed", path, "check the OpenSSL installation"};
}

bool set_names(X509* certificate) {
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>("hpod");
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

// Random, as browsers and libraries want it to differ between certificates of one name.
bool set_serial(X509* certificate) {
  std::array<unsigned char, 8> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return false;
  std::uint64_t serial = 1;
  for (const unsigned char byte : bytes) serial = (serial << 7U) ^ byte;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1;
}

bool set_times(X509* certificate) {
  constexpr long a_day_ago_s = -24L * 60 * 60;  // clocks differ
  return X509_gmtime_adj(X509_getm_notBefore(certificate), a_day_ago_s) != nullptr &&
         ASN1_TIME_set_string(X509_getm_notAfter(certificate), no_end) == 1;
}

std::string make_pem() {
  const Key key(EVP_EC_gen("P-256"));
  const X509Text certificate(X509_new());
  const Bytes text(BIO_new(BIO_s_mem()));
  constexpr long version_3 = 2;
  const bool is_made =
      key && certificate && text && X509_set_version(certificate.get(), version_3) == 1 &&
      set_serial(certificate.get()) && set_times(certificate.get()) &&
      set_names(certificate.get()) && X509_set_pubkey(certificate.get(), key.get()) == 1 &&
      X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0 &&
      PEM_write_bio_PrivateKey(text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
      PEM_write_bio_X509(text.get(), certificate.get()) == 1;
  if (!is_made) return {};
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(text.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

// "" if there is none in the text, or no key that fits.
std::string fingerprint_of(const std::string& pem) {
  const Bytes text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!text) return {};
  const X509Text certificate(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  const Bytes again(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Key key(again ? PEM_read_bio_PrivateKey(again.get(), nullptr, nullptr, nullptr) : nullptr);
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  const bool is_whole = certificate && key &&
                        X509_check_private_key(certificate.get(), key.get()) == 1 &&
                        X509_digest(certificate.get(), EVP_sha256(), bytes.data(), &size) == 1;
  if (!is_whole) return {};
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[bytes[i] >> 4U];
    hex += "0123456789abcdef"[bytes[i] & 15U];
  }
  return hex;
}

// "" if it cannot be made.
std::string job_secret_of(const std::string& pem) {
  constexpr std::string_view purpose = "hpo: tokens of worker jobs";
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  const auto* text = reinterpret_cast<const unsigned char*>(purpose.data());
  const bool is_made = HMAC(EVP_sha256(), pem.data(), static_cast<int>(pem.size()), text,
                            purpose.size(), bytes.data(), &size) != nullptr;
  return is_made ? std::string(bytes.begin(), bytes.begin() + size) : std::string();
}

// Whoever has read the key can pass for this daemon.
Result<void> check_mode(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};  // not there yet
  if (S_ISREG(status.st_mode) && (status.st_mode & 077U) == 0) return {};
  return Error{ErrorCode::invalid_argument, "others may read the key of the daemon", path,
               "if nobody has: chmod 600 it; otherwise remove it, and make new tokens: hpo token"};
}

}  // namespace

Result<Certificate> keep_certificate(const std::string& path) {
  if (auto checked = check_mode(path); !checked) return checked.error();
  auto pem = runner::read_file(path, pem_bytes_max);
  if (!pem && pem.error().code != ErrorCode::not_found) return pem.error();
  if (!pem) {
    pem = make_pem();
    if (pem->empty()) return failed("making a certificate", path);
    if (auto kept = runner::write_file(path, *pem, runner::Sync::to_disk); !kept) {
      return kept.error();
    }
  }
  std::string fingerprint = fingerprint_of(*pem);
  if (fingerprint.empty()) {
    return Error{ErrorCode::invalid_argument, "the file holds no certificate with its key", path,
                 "move it away; the next start makes another, and workers need new tokens"};
  }
  std::string secret = job_secret_of(*pem);
  if (secret.empty()) return failed("making a secret of the key", path);
  return Certificate{*std::move(pem), std::move(fingerprint), std::move(secret)};
}

}  // namespace hpo::daemon
