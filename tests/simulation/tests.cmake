hpo_test(simulation_test simulation simulation/simulation_test.cpp simulation/simulation.cpp
  simulation/sim_threads.cpp simulation/sim_world.cpp simulation/sim_store.cpp
  simulation/client.cpp simulation/verify.cpp LIBS hpo_loop SQLite::SQLite3)
