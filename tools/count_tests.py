# SPDX-License-Identifier: MIT
"""Counts the test cases in a testlog.json of Meson.

A cmocka program counts as the number of its cases, any other test as one. A
program that failed counts as at least one failure, and so does one that
succeeded without reaching its summary.
"""

import json
import re

GOOD = ('OK', 'EXPECTEDFAIL', 'SKIP')
LINES_SHOWN = 200


def number_after(label, text):
    found = re.findall(r'^\[  %s\] (\d+) test\(s\)' % label, text, re.MULTILINE)
    return sum(int(number) for number in found)


def count(test, text):
    """The numbers of cases of one test that passed, failed, and were skipped."""
    good = test['result'] in GOOD
    if '[==========] Running' not in text:
        if test['result'] == 'SKIP':
            return 0, 0, 1
        return (1, 0, 0) if good else (0, 1, 0)
    if '[  PASSED  ]' in text:
        passed = number_after('PASSED  ', text)
        failed = number_after('FAILED  ', text)
        skipped = number_after('SKIPPED ', text)
    else:
        passed = len(re.findall(r'^\[       OK \]', text, re.MULTILINE))
        failed = len(re.findall(r'^\[  FAILED  \]', text, re.MULTILINE)) + 1
        skipped = len(re.findall(r'^\[  SKIPPED \]', text, re.MULTILINE))
    return passed, failed if good else max(failed, 1), skipped


def count_log(path):
    """The numbers of cases that passed, failed, and were skipped, and the output of the tests that failed."""
    totals = [0, 0, 0]
    failures = []
    with open(path, encoding='utf-8', errors='replace') as log:
        tests = [json.loads(line) for line in log]
    for test in tests:
        text = '\n'.join((test.get(stream) or '').replace('\r', '').rstrip('\n')
                         for stream in ('stdout', 'stderr'))
        numbers = count(test, text)
        totals = [total + number for total, number in zip(totals, numbers)]
        if numbers[1]:
            shown = text.strip().splitlines()[-LINES_SHOWN:]
            failures.append('--- %s: %s, exit status %s, %.1f s\n%s' % (
                test['name'], test['result'], test['returncode'], test['duration'],
                '\n'.join(shown)))
    return totals, '\n'.join(failures)
