#!/usr/bin/env bash
# From a fresh checkout to a tuned model: installs, builds, starts a daemon, tunes examples/jets,
# and compares the best params with the defaults on jets that the study never saw.
# A second call builds nothing. It ends the daemon that it started, and no other.
#   HPO_BUILD_DIR      where to build (default: build)
#   HPO_CMAKE_OPTIONS  for the first build there (default: -DHPO_TESTS=OFF)
#   HPO_STATE_DIR      where the daemon keeps its studies (default: ~/.local/state/hpo)
set -euo pipefail
cd "$(dirname "$0")/.."

section() { printf '\n== %s\n' "$1"; }

section "build"
tests/deps.sh
build=${HPO_BUILD_DIR:-build}
# A build directory that exists keeps its settings; ninja itself sees what has changed.
if [[ ! -f $build/build.ninja ]]; then
  # shellcheck disable=SC2086  # the words are options
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        ${HPO_CMAKE_OPTIONS:--DHPO_TESTS=OFF} >/dev/null
fi
cmake --build "$build" --target hpo hpod
PATH="$(cd "$build/bin" && pwd):$PATH"
export PATH

# The first python3 of a login shell may lack numpy; Debian's has it.
python3 -c 'import numpy' 2>/dev/null || export PATH="/usr/bin:$PATH"
export OPENBLAS_NUM_THREADS=1

section "tune: 60 trials, two at a time"
started=false
if ! hpo daemon status --json >/dev/null 2>&1; then
  hpo daemon start
  started=true
fi
stop() { if $started; then hpo daemon stop; fi; }
trap stop EXIT

# A study of this name that has ended stays as it is; the new one is jets-2, jets-3, …
name=$(hpo submit examples/jets/study.json | cat)
hpo watch "$name"
hpo best "$name"

section "compare: the defaults and the best params, retrained with three fresh seeds each"
hpo best "$name" --format json | python3 examples/jets/compare.py
