hpo_test(engine_test unit daemon/engine/apply_test.cpp daemon/engine/apply_lease_test.cpp
  daemon/engine/apply_pruning_test.cpp
  daemon/engine/asked_test.cpp daemon/engine/workers_test.cpp
  daemon/engine/build.cpp daemon/engine/rows.cpp daemon/engine/rows_check.cpp
  daemon/engine/walk.cpp daemon/engine/walk_users.cpp daemon/engine/walk_workers.cpp
  daemon/engine/walk_world.cpp
  daemon/engine/late_result_test.cpp daemon/engine/refused_retry_test.cpp
  daemon/engine/node_hours_test.cpp daemon/engine/plan_test.cpp
  daemon/engine/random_walk_test.cpp LIBS hpo_engine)
