# Floor 0: values and their texts.
file(GLOB HPO_SCHEMA_TESTS CONFIGURE_DEPENDS
  schema/*_test.cpp schema/json/*_test.cpp schema/codec/*_test.cpp)
hpo_test(schema_test unit ${HPO_SCHEMA_TESTS} schema/codec/random_values.cpp LIBS hpo_schema)
