#!/bin/bash
# Adds the compiler and the version of this package to the facts that Bazel knows.
# Usage: write_build_info.sh COMPILER VERSION_PY FACTS_JSON
set -euo pipefail

compiler=$("$1" --version | head -n 1)
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$2")
printf '{"version": "%s", "compiler": "%s", %s\n' "$version" "$compiler" "${3#\{}"
