#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the table of ordering edges in src/layout.h with the code and with the model.

Each function that the table names for an edge carries the edge's label in a comment, in it or in
front of it; each label in a comment is one of the table; each numbered step in the code is one of
tests/models/wakeup.pml, and the other way round. With --self-test: plants mismatches in a copy, and
fails unless each is found.
"""

import pathlib
import re
import shutil
import sys
import tempfile

LABELS = re.compile(r'(?:/\* |\* |; |\(|: |edge |, )((?:[A-Z]\d?, )*[A-Z]\d?)(?=:| \*/|, the |\.| and )')
COMMENT = re.compile(r'/\*.*?\*/', re.S)
FUNCTION = re.compile(r'^(?!typedef|#|struct \w+ \{|enum)[\w][\w *]*?(\w+)\([^;{}]*?\)\n\{', re.M)
EXTERNAL = {'membarrier'}  # named in the table as a means, not as an end


def table(layout):
    """The functions at the ends of each edge."""
    text = layout.split('Ordering edges', 1)[1].split('*/', 1)[0]
    edges, label = {}, None
    for line in text.splitlines():
        start = re.match(r' \*     ([A-Z])  ', line)
        if start:
            label = start.group(1)
            edges[label] = set()
        if label and not line.strip(' *').startswith('otherwise'):
            edges[label] |= set(re.findall(r'(\w+)\(\)', line)) - EXTERNAL
    return edges


def owner(text, comment):
    """The function that a comment stands in or before."""
    found = None
    for function in FUNCTION.finditer(text):
        if function.start() >= comment.end():
            gap = text[comment.end():function.start()]
            return function.group(1) if not gap.strip() else found
        end = text.find('\n}\n', function.end())
        found = function.group(1) if comment.start() < end else None
    return found


def labels_in(root):
    """(label with its number, function, file) of each label in a comment of the code."""
    for path in sorted([*(root / 'src').rglob('*.[ch]'), root / 'include/mapring/inline.h',
                        root / 'include/mapring/log_call.h']):
        if path.name == 'layout.h':
            continue
        text = path.read_text()
        for comment in COMMENT.finditer(text):
            for labels in LABELS.findall(comment.group()):
                for label in labels.split(', '):
                    yield label, owner(text, comment), path.name


def steps_of(model):
    return {step for comment in COMMENT.findall(model) for step in re.findall(r'\b[WS]\d', comment)}


def problems(root):
    edges = table((root / 'src/layout.h').read_text())
    found = list(labels_in(root))
    carried = {(label[0], function) for label, function, _ in found}
    for label, functions in edges.items():
        if len(functions) < 2:
            yield 'edge %s has no two ends in the table' % label
        for function in sorted(functions):
            if (label, function) not in carried:
                yield 'edge %s: %s() carries no label' % (label, function)
    for label, function, name in found:
        if label[0] not in edges:
            yield '%s, %s(): label %s is not in the table' % (name, function, label)
    in_code = {label for label, _, _ in found if len(label) > 1}
    in_model = steps_of((root / 'tests/models/wakeup.pml').read_text())
    for step in sorted(in_code ^ in_model):
        yield 'step %s is only in the %s' % (step, 'code' if step in in_code else 'model')


PLANTED = (
    ('src/ring/walk.c', '/* M: a mark that', '/* A mark that'),
    ('src/consumer/join.c', '/* J: publishes', '/* Publishes'),
    ('src/record.h', 'position; C: what', 'position: what'),
    ('src/reader/reader.c', '/* E: what', '/* Q: what'),
    ('src/layout.h', 'H  producer_extend()', 'H  producer_extent()'),
    ('src/layout.h', ' *     M  mark_write()', ' *        mark_write()'),
    ('src/producer/send.c', '/* W2 */', '/* W9 */'),
    ('include/mapring/inline.h', '/* C, W: the', '/* W: the'),
    ('include/mapring/inline.h', '/* C: what', '/* What'),
    ('include/mapring/inline.h', '/* W2 */', '/* W8 */'),
    ('tests/models/wakeup.pml', '/* S4', '/* S9'),
)


def caught(root, path, old, new):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder)
        shutil.copytree(root / 'src', copy / 'src')
        shutil.copytree(root / 'include', copy / 'include')
        shutil.copytree(root / 'tests/models', copy / 'tests/models')
        text = (copy / path).read_text()
        if old not in text:
            print('cannot plant "%s" in %s' % (new, path))
            return False
        (copy / path).write_text(text.replace(old, new, 1))
        return any(problems(copy))


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    if sys.argv[1:] == ['--self-test']:
        survivors = [planted for planted in PLANTED if not caught(root, *planted)]
        for path, old, new in survivors:
            print('%s: "%s" instead of "%s" is not noticed' % (path, new, old))
        print('%d of %d planted mismatches found' % (len(PLANTED) - len(survivors), len(PLANTED)))
        return 1 if survivors else 0
    found = list(problems(root))
    print('\n'.join(found) if found else 'both ends of each edge carry its label')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
