#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what the tests need, the rest of it while the first of them run, and builds and runs them in
# every configuration: see --help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export HOME="${HOME:-/root}" LC_ALL=C.UTF-8
tools/install-deps.sh test-quick
exec tools/test.py "$@" </dev/null
