#!/bin/bash
# Prints an interpreter that TensorFlow has wheels for and that can make virtual environments.
set -euo pipefail

for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
  if [[ -n $candidate ]] && "$candidate" -c '
import ensurepip, sys, venv
sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
    command -v "$candidate"
    exit 0
  fi
done
echo "No Python 3.11, 3.12 or 3.13 with the module venv found." >&2
echo "Please type: sudo apt-get install python3.11 python3.11-venv" >&2
echo "or name an interpreter: make PYTHON=/path/to/python3.11" >&2
exit 1
