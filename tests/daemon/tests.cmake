hpo_test(daemon_test unit daemon/config_test.cpp daemon/log_test.cpp
  daemon/state_directory_test.cpp daemon/file_system_test.cpp daemon/lease_test.cpp daemon/process_test.cpp
  daemon/certificate_test.cpp daemon/spool/inbox_test.cpp daemon/spool/inbox_mutation_test.cpp
  LIBS hpo_daemon hpo_spool)
hpo_test(replay_test unit daemon/replay/replay_test.cpp daemon/replay/recorded_study_test.cpp
  daemon/replay/report_test.cpp daemon/replay/command_test.cpp
  daemon/replay/decisions_test.cpp
  daemon/replay/recording.cpp strategies/spaces.cpp
  LIBS hpo_replay FLAGS ${HPO_STRATEGY_FLAGS})
hpo_test(external_test unit daemon/external/protocol_test.cpp daemon/external/launch_test.cpp
  daemon/external/log_test.cpp daemon/external/program_test.cpp
  daemon/external/external_strategy_test.cpp daemon/external/reply_mutation_test.cpp
  strategies/spaces.cpp
  LIBS hpo_external hpo_runner)
hpo_test(conformance_suite_test unit daemon/conformance/command_test.cpp
  LIBS hpo_conformance FLAGS ${HPO_STRATEGY_FLAGS})
