# The decoder of study.json: rules, golden messages, and agreement with the JSON Schema.
file(GLOB HPO_DECODE_TESTS CONFIGURE_DEPENDS schema/decode/*_test.cpp)
hpo_test(decode_test unit ${HPO_DECODE_TESTS} schema/decode/files.cpp schema/decode/support.cpp
  LIBS hpo_schema)

add_executable(decode_main schema/decode/decode_main.cpp)
target_link_libraries(decode_main PRIVATE hpo_schema hpo_warnings)
set_target_properties(decode_main PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
# The system's Python has jsonschema; another one in PATH may not.
add_test(NAME schema_agreement
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/schema/decode/agreement_test.py)
hpo_test_properties(schema_agreement unit)
