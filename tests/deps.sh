#!/usr/bin/env bash
# Installs what building and testing need, where it is missing. Debian packages, when root;
# otherwise it prints the one line for an administrator and goes on with what is there.
#   tests/deps.sh          what `hpo` and `hpod` need to be built
#   tests/deps.sh --tests  that, and what the tests and examples need
set -euo pipefail

packages=(g++ cmake ninja-build libboost-dev nlohmann-json3-dev libsqlite3-dev libeigen3-dev
          libspdlog-dev libcli11-dev libssl-dev python3 python3-numpy libopenblas0-pthread)
if [[ ${1:-} == --tests ]]; then
  packages+=(catch2 python3-jsonschema ccache git strace)
fi

is_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
fi
[[ ${#missing[@]} -eq 0 ]] && exit 0

install="apt-get install -y --no-install-recommends ${missing[*]}"
if [[ $(id -u) -ne 0 ]]; then
  echo "Some packages are missing. An administrator can install them by" >&2
  echo "  $install" >&2
  echo "Going on with what is there." >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086  # the words are the packages
$install -qq >/dev/null
