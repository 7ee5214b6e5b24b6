# SPDX-License-Identifier: MIT
"""Runs a program for Windows under Wine, beside the library."""

import os
import shutil
import subprocess


def run_under_wine(program, library):
    """Returns whether the program succeeded, and what it said."""
    shutil.copy(library / 'mapring.dll', program.parent)
    # Wine's server keeps a pipe open.
    with (program.parent / 'output').open('w+') as output:
        done = subprocess.run(['wine', program], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                              env={**os.environ, 'WINEDEBUG': '-all'}, check=False)
        output.seek(0)
        said = output.read()
    print(said)
    return done.returncode == 0, said
