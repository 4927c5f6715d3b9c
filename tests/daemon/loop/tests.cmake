hpo_test(loop_test unit
  daemon/loop/ask_board_test.cpp daemon/loop/asks_test.cpp
  daemon/loop/exchange_test.cpp daemon/loop/fair_share_test.cpp
  daemon/loop/command_lease_test.cpp daemon/loop/doubts_test.cpp daemon/loop/event_log_test.cpp
  daemon/loop/group_commit_test.cpp daemon/loop/held_strategy.cpp
  daemon/loop/job_request_test.cpp daemon/loop/lives.cpp
  daemon/loop/jobs_test.cpp daemon/loop/kept_steps_test.cpp daemon/loop/leases_test.cpp
  daemon/loop/left_steps_test.cpp
  daemon/loop/node_hours_test.cpp
  daemon/loop/orchestrator_test.cpp
  daemon/loop/recommendations_test.cpp
  daemon/loop/reports_test.cpp daemon/loop/restarts_test.cpp
  daemon/loop/rig.cpp
  daemon/loop/rig_threads.cpp
  daemon/loop/stand_ins_test.cpp
  daemon/loop/tokens_test.cpp
  daemon/loop/wait_board_test.cpp daemon/loop/work_line_test.cpp
  daemon/loop/worker_faults_test.cpp
  daemon/loop/worker_jobs_test.cpp daemon/loop/untold_test.cpp
  executors/batch/fake_scheduler.cpp simulation/sim_threads.cpp
  ${PROJECT_SOURCE_DIR}/cli/worker/kept_steps.cpp
  LIBS hpo_loop)
