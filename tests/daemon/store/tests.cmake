# What both programs share.
add_library(hpo_store_support STATIC
  daemon/store/fixture.cpp daemon/store/fold.cpp daemon/store/legal_history.cpp)
target_link_libraries(hpo_store_support PUBLIC hpo_store hpo_fresh_directory SQLite::SQLite3
  Catch2::Catch2 PRIVATE hpo_warnings)
hpo_test_library(hpo_store_support)

# The store. HPO_POWER_LOSS_POINTS raises the number of power cuts; [.bench] prints measurements.
hpo_test(store_test unit
  daemon/store/sqlite_test.cpp daemon/store/open_test.cpp daemon/store/migrate_test.cpp
  daemon/store/store_test.cpp daemon/store/write_test.cpp daemon/store/load_test.cpp daemon/store/checkpoint_test.cpp
  daemon/store/reader_test.cpp daemon/store/pages_test.cpp daemon/store/history_test.cpp
  daemon/store/query_plan_test.cpp daemon/store/reports_test.cpp daemon/store/crash_test.cpp daemon/store/child.cpp
  LIBS hpo_store_support)
hpo_test(store_disk_test unit
  daemon/store/power_loss_test.cpp daemon/store/fault_test.cpp
  daemon/store/power_loss_vfs.cpp daemon/store/power_loss_vfs_file.cpp
  simulation/sim_store.cpp simulation/sim_threads.cpp
  LIBS hpo_store_support)
# `tests/run.sh long` cuts the power ten times as often.
set_tests_properties(store_disk_test PROPERTIES TIMEOUT 900)
add_executable(store_bench EXCLUDE_FROM_ALL daemon/store/bench_test.cpp
  daemon/store/large_bench.cpp daemon/store/fixture.cpp daemon/store/legal_history.cpp)
target_link_libraries(store_bench PRIVATE hpo_test_main hpo_warnings hpo_store SQLite::SQLite3)
