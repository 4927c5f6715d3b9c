# The HTTP side: real sockets, fake engine and database.
hpo_test(http_test unit
  daemon/http/fake_reader.cpp daemon/http/fake_sink.cpp daemon/http/server_fixture.cpp
  daemon/http/target_test.cpp
  daemon/http/router_test.cpp daemon/http/problem_test.cpp daemon/http/read_routes_test.cpp
  daemon/http/write_routes_test.cpp daemon/http/limits_test.cpp daemon/http/hostile_test.cpp
  daemon/http/events_test.cpp daemon/http/log_file_test.cpp daemon/http/listener_test.cpp
  daemon/http/stop_test.cpp daemon/http/openapi_test.cpp daemon/http/lease_routes_test.cpp
  daemon/http/throughput_bench.cpp
  daemon/http/tls_client.cpp daemon/http/access_test.cpp daemon/http/tls_test.cpp
  LIBS hpo_http hpo_daemon OpenSSL::SSL Boost::headers spdlog::spdlog Threads::Threads)
