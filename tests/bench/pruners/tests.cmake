# What bench/pruning.py drives, and a test of what it computes.
add_executable(pruner_tell bench/pruners/pruner_tell.cpp)
target_link_libraries(pruner_tell PRIVATE hpo_root hpo_warnings hpo_strategies)
set_target_properties(pruner_tell PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
hpo_python_test(pruner_curves_test unit bench/pruners/curves_test.py)
