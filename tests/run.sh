#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test, or those of one label.
#   tests/run.sh                      all tests, with usual counts
#   tests/run.sh unit|conformance|simulation|system|tidy
#   tests/run.sh long                 all tests, with large counts
set -euo pipefail
cd "$(dirname "$0")/.."

tests/deps.sh --tests
build=${HPO_BUILD_DIR:-build}
werror=$([[ ${CI:-} == true ]] && echo ON || echo OFF)
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DHPO_TESTS=ON \
      -DHPO_WERROR="$werror" >/dev/null
cmake --build "$build"

label=()
if [[ ${1:-} == long ]]; then
  export HPO_SIM_SEEDS=20000 HPO_POWER_LOSS_POINTS=10000 HPO_KILLS=1000 HPO_TEST_LONG=1
  export HPO_SLURM_SUBMISSIONS=2000
elif [[ -n ${1:-} ]]; then
  label=(-L "^$1$")
fi
# Most tests wait for processes, clocks and schedulers: three at once keep two cores busy.
ctest --test-dir "$build" --output-on-failure --no-tests=error -j3 "${label[@]}"
