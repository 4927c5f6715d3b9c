# What bench/search/run.sh drives, and tests of what it computes; the last is a small instance.
add_executable(ask_tell bench/search/ask_tell.cpp)
target_link_libraries(ask_tell PRIVATE hpo_root hpo_warnings hpo_strategies)
set_target_properties(ask_tell PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)

hpo_python_test(search_scores_test unit bench/search/scores_test.py)
hpo_python_test(search_problems_test unit bench/search/problems_test.py)
hpo_python_test(search_trainings_test unit bench/search/trainings_test.py)
hpo_python_test(search_environments_test unit bench/search/environments_test.py)
hpo_python_test(search_drive_test unit bench/search/drive_test.py)
hpo_python_test(search_report_test unit bench/search/report_test.py)
hpo_python_test(ask_tell_test unit bench/search/ask_tell_test.py)
hpo_python_test(side_by_side_test system bench/search/side_by_side_test.py)

# Latency of gp's parts; it includes Eigen, so it has the library's flags. Built when asked for.
add_executable(latency EXCLUDE_FROM_ALL bench/search/latency.cpp)
target_link_libraries(latency PRIVATE hpo_root hpo_warnings hpo_strategies Eigen3::Eigen)
target_compile_options(latency PRIVATE ${HPO_STRATEGY_FLAGS})
set_target_properties(latency PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
