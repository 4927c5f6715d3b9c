# Programs of tests/bench/run.sh: no ctest tests, and built when they are asked for.
function(hpo_bench_program name)
  add_executable(${name} EXCLUDE_FROM_ALL bench/${name}.cpp)
  target_link_libraries(${name} PRIVATE hpo_root hpo_warnings ${ARGN})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
endfunction()
hpo_bench_program(http_load)
hpo_bench_program(group_commit SQLite::SQLite3 Threads::Threads)
hpo_bench_program(fork_loop)
hpo_bench_program(training)
hpo_bench_program(fill_database hpo_store hpo_schema)
hpo_bench_program(swarm hpo_cli)

add_library(sync_count MODULE EXCLUDE_FROM_ALL bench/sync_count.cpp)
target_link_libraries(sync_count PRIVATE hpo_warnings ${CMAKE_DL_LIBS})
set_target_properties(sync_count PROPERTIES PREFIX ""
  LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)

add_custom_target(benchmarks DEPENDS http_load group_commit fork_loop training fill_database
  swarm sync_count store_bench hpo_exec_program)

hpo_python_test(regrets_test unit bench/regrets_test.py)
