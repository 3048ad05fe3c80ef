#!/bin/sh
# For a double click on macOS (untested so far: tell us). The work is start.py's.
cd "$(dirname "$0")" || exit 1
exec python3 start.py "$@"
