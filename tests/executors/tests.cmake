# The runner as a program, for tests of processes; `hpo exec` is the same function.
add_executable(hpo_exec_program ${CMAKE_CURRENT_LIST_DIR}/exec_main.cpp)
target_link_libraries(hpo_exec_program PRIVATE hpo_runner hpo_warnings)
set_target_properties(hpo_exec_program PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
if(NOT HPO_SANITIZE)
  target_link_options(hpo_exec_program PRIVATE -static)
endif()

add_library(hpo_executors_support STATIC ${CMAKE_CURRENT_LIST_DIR}/support.cpp)
target_link_libraries(hpo_executors_support PUBLIC hpo_executors hpo_fresh_directory Catch2::Catch2
  PRIVATE hpo_warnings)
hpo_test_library(hpo_executors_support)
target_compile_definitions(hpo_executors_support
  PRIVATE HPO_EXEC_PROGRAM="$<TARGET_FILE:hpo_exec_program>")
add_dependencies(hpo_executors_support hpo_exec_program)

hpo_test(runner_test unit
  executors/runner/exec_test.cpp
  executors/runner/warm_test.cpp
  executors/runner/supervise_test.cpp
  executors/runner/ranks_test.cpp
  executors/runner/claim_test.cpp
  executors/runner/exit_file_test.cpp
  executors/runner/files_test.cpp
  executors/runner/container_test.cpp
  executors/runner/placeholders_test.cpp
  executors/runner/secrets_test.cpp
  executors/runner/unprepared_test.cpp
  executors/runner/environment_test.cpp
  executors/runner/report_lines_test.cpp
  executors/runner/read_part_test.cpp executors/runner/step_tail_test.cpp
  executors/runner/result_line_test.cpp
  executors/runner/capture_test.cpp
  executors/runner/text_test.cpp
  executors/runner/memory_test.cpp
  executors/runner/process_test.cpp executors/runner/state_origin_test.cpp
  LIBS hpo_executors_support)

hpo_python_test(hpo_py_test unit executors/runner/hpo_py_test.py)
hpo_python_test(hpo_serve_test unit executors/runner/hpo_serve_test.py)
hpo_python_test(hpo_hpp_test unit executors/runner/hpo_hpp_test.py)
hpo_python_test(hpo_sh_test unit executors/runner/hpo_sh_test.py)

hpo_test(executors_test unit
  executors/attempt_directory_test.cpp
  executors/job_processes_test.cpp
  executors/local_jobs.cpp
  executors/local_leftovers_test.cpp
  executors/local_test.cpp
  executors/registry_test.cpp
  executors/simulated_test.cpp
  executors/stale_attempt_test.cpp
  LIBS hpo_executors_support)

hpo_test(executors_conformance conformance
  conformance/executors_test.cpp
  LIBS hpo_executors_support)
target_compile_definitions(executors_conformance
  PRIVATE HPO_SLURM_DOUBLE="${CMAKE_CURRENT_LIST_DIR}/slurm/double.sh")
