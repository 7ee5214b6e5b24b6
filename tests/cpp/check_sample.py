#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: check_sample.py README INCLUDE-FOLDER LIBRARY-FOLDER COMPILER...

Compiles and runs the sample in the README of the interface in C++."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

SAMPLE = '''#include <cstdio>
#include <mapring/mapring.hpp>

static int run()
{{
{body}
    return 0;
}}

int main()
{{
    int code = run();
    mapring_remove("test-cpp-readme", MAPRING_LOCAL, true);
    return code;
}}
'''

readme, include, library = sys.argv[1:4]
body = re.search(r'\n```cpp\n(.*?)\n```\n', pathlib.Path(readme).read_text(), re.S).group(1)
with tempfile.TemporaryDirectory() as folder:
    source = pathlib.Path(folder) / 'sample.cpp'
    source.write_text(SAMPLE.format(body=textwrap.indent(body, '    ')))
    subprocess.run([*sys.argv[4:], '-std=c++17', '-Wall', '-Wextra', '-Werror', f'-I{include}', '-o', source.with_suffix(''),
                    source, f'-L{library}', '-lmapring'], check=True)
    done = subprocess.run([source.with_suffix('')], env={**os.environ, 'LD_LIBRARY_PATH': library},
                          stdout=subprocess.PIPE, text=True, check=True)
    if done.stdout != 'hello\n':
        sys.exit(f'FAILED: the sample says {done.stdout!r}')
