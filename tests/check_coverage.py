#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: check_coverage.py COVERAGE.PY COMPILER...

Tests that tools/coverage.py reports what was not run, and accepts only valid excuses for
it. Works in a folder of its own, with a source that a program has run in part."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = '''\
int used(int value);
int used(int value)
{
%s
    return value;
}

int main(void)
{
    return used(0) < 0;
}
'''
FIRST = 4  # the line where %s is

COVERAGE, *COMPILER = sys.argv[1:]


class Coverage(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix='mapring-coverage-')
        self.addCleanup(shutil.rmtree, self.root)
        for folder in 'tools', 'src', 'elsewhere', 'build/libmapring_internal.a.p':
            os.makedirs(os.path.join(self.root, folder))
        self.tool = shutil.copy(COVERAGE, os.path.join(self.root, 'tools'))

    def run_in_root(self, *command):
        return subprocess.run(command, cwd=self.root, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)

    def tell(self):
        return self.run_in_root(sys.executable, self.tool, 'build')

    def told_of(self, *body, folder='src'):
        """Runs the tool on a program that has these lines and runs them with a value of 0."""
        source, built = f'{folder}/part.c', 'build/libmapring_internal.a.p/part.o'
        with open(os.path.join(self.root, source), 'w', encoding='utf-8') as file:
            file.write(SOURCE % '\n'.join(body))
        for command in ([*COMPILER, '--coverage', '-O0', '-c', source, '-o', built],
                        [*COMPILER, '--coverage', built, '-o', 'build/program'], ['build/program']):
            done = self.run_in_root(*command)
            self.assertEqual(done.returncode, 0, done.stdout)
        return self.tell()

    def assert_told(self, told, *complaints):
        """Expects these complaints, each as (line, what), and nothing else but the summary."""
        *lines, summary = told.stdout.splitlines()
        expected = [f'src/part.c:{line}: {what} not covered:' for line, what in complaints]
        self.assertEqual(len(lines), len(expected), told.stdout)
        for line, start in zip(lines, expected):
            self.assertTrue(line.startswith(start), told.stdout)
        self.assertRegex(summary, r'^src: [\d.]+ % of lines, [\d.]+ % of branches; \d+ excused')
        self.assertEqual(told.returncode, 1 if complaints else 0, told.stdout)

    def test_what_was_all_run_needs_no_excuse(self):
        told = self.told_of('    value++;')
        self.assert_told(told)
        self.assertEqual(told.stdout, 'src: 100.0 % of lines, 100.0 % of branches; 0 excused\n')

    def test_a_line_that_was_not_run_is_a_failure(self):
        told = self.told_of('    if (value)',
                            '        value++;')
        self.assert_told(told, (FIRST, 'branch'), (FIRST + 1, 'line'))
        self.assertTrue(told.stdout.endswith('; 0 excused, 2 not\n'), told.stdout)

    def test_a_branch_that_was_not_taken_is_a_failure(self):
        told = self.told_of('    value += value ? 1 : 2;')
        self.assert_told(told, (FIRST, 'branch'))

    def test_an_excuse_before_a_statement_holds_for_what_is_indented_below(self):
        told = self.told_of('    /* not covered: nobody asks for it,',
                            '     * and nobody will */',
                            '    if (value) {',
                            '        value++;',
                            '        value++;',
                            '    }')
        self.assert_told(told)
        self.assertTrue(told.stdout.endswith('; 1 excused\n'), told.stdout)

    def test_an_excuse_behind_a_statement_holds_for_it(self):
        self.assert_told(self.told_of('    value += value ? 1 : 2; /* not covered: never */'))

    def test_an_excuse_does_not_hold_for_what_comes_after(self):
        told = self.told_of('    /* not covered: nobody asks for it */',
                            '    if (value)',
                            '        value++;',
                            '    value += value ? 1 : 2;')
        self.assert_told(told, (FIRST + 3, 'branch'))

    def test_another_comment_is_no_excuse(self):
        told = self.told_of('    /* not reached: nobody asks for it */',
                            '    value += value ? 1 : 2;')
        self.assert_told(told, (FIRST + 1, 'branch'))

    def test_a_build_that_has_run_nothing_is_a_failure(self):
        told = self.tell()
        self.assertEqual(told.stdout, 'build has no counts: run its tests first\n')
        self.assertNotEqual(told.returncode, 0)

    def test_a_build_that_has_run_nothing_of_the_library_is_a_failure(self):
        told = self.told_of('    value++;', folder='elsewhere')
        self.assertEqual(told.stdout, 'build has no counts of src\n')
        self.assertNotEqual(told.returncode, 0)


unittest.main(argv=sys.argv[:1])
