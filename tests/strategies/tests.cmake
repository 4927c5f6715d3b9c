# With the library's flags: Eigen's inline functions must be the same in both.
file(GLOB HPO_CMA_TESTS CONFIGURE_DEPENDS strategies/cma/*_test.cpp)
hpo_test(strategies_test unit
  strategies/radix_order_test.cpp
  strategies/random_bits_test.cpp
  strategies/elementary_test.cpp
  strategies/normal_test.cpp
  strategies/parzen_axis_test.cpp
  strategies/parzen_test.cpp
  strategies/tpe_test.cpp
  strategies/bohb_test.cpp
  strategies/mobster_test.cpp
  strategies/trials_by_number_test.cpp
  strategies/cma_es_test.cpp
  ${HPO_CMA_TESTS}
  strategies/domain_values_test.cpp
  strategies/unit_cube_test.cpp
  strategies/value_index_test.cpp
  strategies/enumeration_test.cpp
  strategies/allowed_test.cpp
  strategies/tried_values_test.cpp
  strategies/grid_test.cpp
  strategies/groups_test.cpp
  strategies/sobol_sequence_test.cpp
  strategies/sobol_test.cpp
  strategies/random_test.cpp
  strategies/options_test.cpp
  strategies/distinct_test.cpp
  strategies/recommender_test.cpp
  strategies/registry_test.cpp
  strategies/gp_test.cpp
  strategies/gp/acquisition_test.cpp
  strategies/gp/active_set_test.cpp
  strategies/gp/axes_test.cpp
  strategies/gp/candidates_test.cpp
  strategies/gp/feasibility_test.cpp
  strategies/gp/fit_test.cpp
  strategies/gp/kernel_test.cpp
  strategies/gp/leaders_test.cpp
  strategies/gp/levels_test.cpp
  strategies/gp/likelihood_test.cpp
  strategies/gp/log_ei_test.cpp
  strategies/gp/matrix_test.cpp
  strategies/gp/minimiser_test.cpp
  strategies/gp/model_test.cpp
  strategies/gp/observations_test.cpp
  strategies/gp/open_points_test.cpp
  strategies/gp/output_warp_test.cpp
  strategies/gp/posterior_test.cpp
  strategies/gp/search_test.cpp
  strategies/gp/surrogate_test.cpp
  strategies/gp/triangular_test.cpp
  strategies/gp/trust_region_test.cpp
  strategies/gp_open_test.cpp
  strategies/spaces.cpp strategies/at_rungs.cpp schema/codec/random_values.cpp
  LIBS hpo_strategies Eigen3::Eigen FLAGS ${HPO_STRATEGY_FLAGS})
file(GLOB HPO_PRUNER_TESTS CONFIGURE_DEPENDS strategies/pruners/*_test.cpp)
hpo_test(pruners_test unit ${HPO_PRUNER_TESTS}
  strategies/pruners/events.cpp strategies/pruners/oracle.cpp
  strategies/pruners/oracle_values.cpp
  LIBS hpo_strategies)
hpo_test(strategies_conformance conformance
  conformance/strategies_test.cpp conformance/strategies_scale_test.cpp
  conformance/strategies_rig.cpp strategies/spaces.cpp
  LIBS hpo_strategies FLAGS ${HPO_STRATEGY_FLAGS})
# The longest by far with sanitisers: it begins first, so that no core waits for it at the end.
set_tests_properties(strategies_conformance PROPERTIES COST 200 TIMEOUT 600)
target_precompile_headers(strategies_test PRIVATE ${HPO_TEST_HEADERS})
target_precompile_headers(strategies_conformance REUSE_FROM strategies_test)
