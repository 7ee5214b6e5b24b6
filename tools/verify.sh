#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what the verification methods need, and runs them: see --help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/install-deps.sh verify
exec tools/verify.py "$@" </dev/null
