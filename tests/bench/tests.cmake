# Programs of tests/bench/run.sh: built with the tests, but no ctest tests.
function(hpo_bench_program name)
  add_executable(${name} bench/${name}.cpp)
  target_link_libraries(${name} PRIVATE hpo_root hpo_warnings ${ARGN})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
endfunction()
hpo_bench_program(http_load)
hpo_bench_program(group_commit SQLite::SQLite3 Threads::Threads)
hpo_bench_program(fork_loop)
hpo_bench_program(training)
hpo_bench_program(fill_database hpo_store hpo_schema)

add_library(sync_count MODULE bench/sync_count.cpp)
target_link_libraries(sync_count PRIVATE hpo_warnings ${CMAKE_DL_LIBS})
set_target_properties(sync_count PROPERTIES PREFIX ""
  LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
