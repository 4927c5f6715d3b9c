// Catch2's main, compiled once for all test programs (it costs 17 s).
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
