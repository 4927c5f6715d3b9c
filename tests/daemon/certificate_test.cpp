// The certificate is made once; what is damaged or open to others is refused, never replaced.
#include "daemon/certificate.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "schema/connect_file.hpp"
#include "tests/fresh_directory.hpp"

using namespace hpo;
using daemon::keep_certificate;

TEST_CASE("a certificate is made once, for its owner alone", "[daemon]") {
  test::FreshDirectory directory;
  const std::string path = directory.path() + "/tls.pem";
  const auto made = keep_certificate(path);
  REQUIRE(made);
  CHECK(is_sha256(made->fingerprint));
  CHECK_THAT(made->pem, Catch::Contains("PRIVATE KEY") && Catch::Contains("BEGIN CERTIFICATE"));
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  const auto again = keep_certificate(path);
  REQUIRE(again);
  CHECK(again->fingerprint == made->fingerprint);
  CHECK(again->pem == made->pem);
  CHECK(again->job_secret == made->job_secret);
  CHECK(made->job_secret.size() == 32);
  test::FreshDirectory elsewhere;
  CHECK(keep_certificate(elsewhere.path() + "/tls.pem")->job_secret != made->job_secret);
}

TEST_CASE("a key that others may read is refused", "[daemon]") {
  test::FreshDirectory directory;
  const std::string path = directory.path() + "/tls.pem";
  REQUIRE(keep_certificate(path));
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  CHECK_THAT(keep_certificate(path).error().remedy, Catch::Contains("chmod 600"));
}

TEST_CASE("a damaged certificate is refused and stays", "[daemon]") {
  test::FreshDirectory directory;
  const std::string path = directory.path() + "/tls.pem";
  const std::string whole = keep_certificate(path)->pem;
  const std::string cut = GENERATE_COPY(std::string(), whole.substr(0, whole.size() / 2),
                                        whole.substr(whole.find("-----BEGIN CERT")));
  std::ofstream(path) << cut;
  CHECK_THAT(keep_certificate(path).error().remedy, Catch::Contains("move it away"));
  CHECK_FALSE(keep_certificate(path));
}
