#!/usr/bin/env bash
# Installs what building and testing need, where it is missing. Debian packages, when root and with
# a network; otherwise it prints the one line for an administrator and goes on with what is there.
#   tests/deps.sh          what `hpo` and `hpod` need to be built
#   tests/deps.sh --tests  that, and what the tests and examples need
set -euo pipefail

packages=(g++ cmake ninja-build libboost-dev nlohmann-json3-dev libsqlite3-dev libeigen3-dev
          libspdlog-dev libcli11-dev libssl-dev python3 python3-numpy libopenblas0-pthread)
if [[ ${1:-} == --tests ]]; then
  packages+=(catch2 python3-jsonschema ccache git shellcheck strace munge slurm-wlm slurmdbd
             mariadb-server python3-mpi4py python3-venv openmpi-bin libpmix-dev podman runc uidmap
             busybox-static bindfs)
fi

if ! command -v dpkg-query >/dev/null; then
  echo "This is no Debian, so nothing is installed here. Needed, by the names of Debian 12:" >&2
  echo "  ${packages[*]}" >&2
  echo "Going on with what is there." >&2
  exit 0
fi

is_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

# The tests start Slurm and MariaDB themselves; the packages' own services are not started.
policy=/usr/sbin/policy-rc.d
forbid_services() {
  [[ " ${missing[*]} " =~ \ (munge|slurm-wlm|slurmdbd|mariadb-server)\  ]] || return 0
  [[ -e $policy ]] && return 0
  trap 'rm -f "$policy"' EXIT
  command install -m 755 /dev/stdin "$policy" <<< $'#!/bin/sh\nexit 101'
}

install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y --no-install-recommends -qq "${missing[@]}" >/dev/null
}
[[ $(id -u) -eq 0 ]] && forbid_services && install && exit 0

echo "Some packages are missing. An administrator can install them by" >&2
echo "  apt-get install -y --no-install-recommends ${missing[*]}" >&2
echo "Going on with what is there." >&2
