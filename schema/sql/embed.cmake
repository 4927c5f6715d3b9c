# Turns the migrations, in order, into generated/migrations.inc: {version, R"sql(…)sql"}, one each.
# Runs at configure time; a changed or added .sql file configures again.
file(GLOB HPO_MIGRATIONS CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/[0-9]*.sql)
list(SORT HPO_MIGRATIONS)
set(HPO_MIGRATION_ROWS "")
foreach(migration ${HPO_MIGRATIONS})
  get_filename_component(name ${migration} NAME)
  string(REGEX MATCH "^0*([0-9]+)_" ignored ${name})
  set(version ${CMAKE_MATCH_1})
  file(READ ${migration} sql)
  string(APPEND HPO_MIGRATION_ROWS "{${version}, R\"sql(${sql})sql\"},\n")
endforeach()
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/generated/migrations.inc
  CONTENT "${HPO_MIGRATION_ROWS}")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${HPO_MIGRATIONS})
