# HPO_SIM_SEEDS sets how many histories are tried.
add_library(hpo_simulation STATIC simulation/simulation.cpp simulation/sim_threads.cpp
  simulation/sim_world.cpp simulation/sim_store.cpp simulation/client.cpp simulation/verify.cpp
  daemon/store/power_loss_vfs.cpp daemon/store/power_loss_vfs_file.cpp)
target_link_libraries(hpo_simulation PUBLIC hpo_loop SQLite::SQLite3 PRIVATE hpo_warnings)
hpo_test(simulation_test simulation simulation/simulation_test.cpp LIBS hpo_simulation)
hpo_test(fault_loop_test simulation simulation/fault_loop_test.cpp LIBS hpo_simulation)
