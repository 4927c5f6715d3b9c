hpo_test(daemon_test unit daemon/config_test.cpp daemon/log_test.cpp
  daemon/state_directory_test.cpp daemon/file_system_test.cpp daemon/lease_test.cpp
  LIBS hpo_daemon)
