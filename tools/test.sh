#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what the tests need, and builds and runs them in every configuration: see --help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export HOME="${HOME:-/root}" LC_ALL=C.UTF-8
purpose='test'
[ "${1-}" != --quick ] || purpose='test-quick'
tools/install-deps.sh "$purpose"
exec tools/test.py "$@" </dev/null
