# HPO_SIM_SEEDS sets how many histories are tried. Of the command line, only what a worker decides.
set(HPO_LEASE_BOOK ${PROJECT_SOURCE_DIR}/cli/worker)
add_library(hpo_simulation STATIC simulation/simulation.cpp simulation/sim_threads.cpp
  simulation/sim_world.cpp simulation/sim_workers.cpp simulation/sim_executor.cpp
  simulation/sim_store.cpp simulation/sim_disk.cpp simulation/sim_world_workers.cpp
  simulation/plans.cpp simulation/users.cpp simulation/client.cpp
  simulation/verify.cpp simulation/verify_tables.cpp simulation/verify_promises.cpp
  simulation/verify_reports.cpp simulation/verify_world.cpp simulation/verify_workers.cpp
  simulation/coverage.cpp
  daemon/store/power_loss_vfs.cpp daemon/store/power_loss_vfs_file.cpp
  ${HPO_LEASE_BOOK}/lease_book.cpp ${HPO_LEASE_BOOK}/lease_requests.cpp
  ${HPO_LEASE_BOOK}/held_steps.cpp ${HPO_LEASE_BOOK}/messages.cpp
  ${HPO_LEASE_BOOK}/run_times.cpp ${HPO_LEASE_BOOK}/timing.cpp)
target_link_libraries(hpo_simulation PUBLIC hpo_loop SQLite::SQLite3
  PRIVATE hpo_fresh_directory hpo_warnings)
hpo_test_library(hpo_simulation)
hpo_test(simulation_test simulation simulation/simulation_test.cpp LIBS hpo_simulation)
hpo_test(fault_loop_test simulation simulation/fault_loop_test.cpp LIBS hpo_simulation)
# `tests/run.sh long` tries twenty times as many histories.
set_tests_properties(simulation_test fault_loop_test PROPERTIES TIMEOUT 1800)
