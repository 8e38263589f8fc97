#!/bin/bash
# All that is checked without running a renderer: style of Python and C++, and the architecture.
# Reports everything before it fails.
set -uo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-.venv/bin/python}
failed=0
step() {
  echo "== $*"
  "$@" || failed=1
}

step "$python" -m ruff check .
step "$python" -m ruff format --check .
mapfile -t cpp_sources < <(find cc tools -name '*.h' -o -name '*.cc' -o -name '*.cu' -o -name '*.cuh' | sort)
step clang-format --dry-run -Werror "${cpp_sources[@]}"
step "$python" -m pytest --quiet tests/test_architecture.py
exit "$failed"
