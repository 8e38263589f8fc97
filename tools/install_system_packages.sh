#!/bin/bash
# Installs the Debian or Ubuntu packages named as arguments, those that are missing.
# Without the right to do so it prints the command to type and fails.
set -euo pipefail

missing=()
for package in "$@"; do
  if ! dpkg-query --show --showformat '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii'; then
    missing+=("$package")
  fi
done
if [[ ${#missing[@]} -eq 0 ]]; then
  echo "System packages: all present."
  exit 0
fi

command_line="apt-get install --yes --no-install-recommends ${missing[*]}"
echo "System packages missing: ${missing[*]}"
if ! command -v apt-get >/dev/null; then
  echo "This is no Debian or Ubuntu. Please install what these packages hold: ${missing[*]}" >&2
  exit 1
fi
if [[ $(id -u) -eq 0 ]]; then
  as_root=()
elif command -v sudo >/dev/null && sudo --non-interactive true 2>/dev/null; then
  as_root=(sudo)
else
  echo "Please type: sudo apt-get update && sudo $command_line" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update --quiet
"${as_root[@]}" $command_line
