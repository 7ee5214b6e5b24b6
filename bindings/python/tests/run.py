#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs all tests of the Python binding, for Meson: MAPRING_LIBRARY and MAPRING_TOOL name what is tested."""

import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77

if sys.version_info < (3, 8):
    print("skipped: Python is older than 3.8")
    sys.exit(SKIPPED)
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent))
os.environ["PYTHONPATH"] = str(HERE.parent)  # for other processes
sys.dont_write_bytecode = True
tests = unittest.defaultTestLoader.discover(str(HERE))
sys.exit(not unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(tests).wasSuccessful())
