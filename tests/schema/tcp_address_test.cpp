// Numeric addresses and nothing else.
#include "schema/tcp_address.hpp"

#include <catch2/catch.hpp>

using namespace hpo;

TEST_CASE("a numeric address with a port is read, and written alike", "[schema]") {
  const std::string text = GENERATE("10.0.0.5:4711", "127.0.0.1:0", "[::1]:65535", "[fd00::5]:1");
  const auto address = tcp_address_from(text);
  REQUIRE(address);
  CHECK(address->text() == text);
  CHECK(tcp_address_of(socket_address_of(*address)) == *address);
}

TEST_CASE("names, lone ports and half addresses are refused with the remedy", "[schema]") {
  const std::string text = GENERATE("localhost:80", "10.0.0.5", "10.0.0.5:", "10.0.0.5:65536",
      ":80", "::1:80", "[::1]", "[10.0.0.5]:80", "10.0.0:80", "10.0.0.5:80x", "10.0.0.5:-1", "",
      "fe80::1%eth0:80", "[fe80::1%eth0]:80");
  CAPTURE(text);
  const auto address = tcp_address_from(text);
  REQUIRE_FALSE(address);
  CHECK(address.error().where == text);
  CHECK_THAT(address.error().remedy, Catch::Contains("hostname -I"));
}
