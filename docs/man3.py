#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: docs/man3.py VERSION FOLDER HEADER...
       docs/man3.py --list HEADER...

Makes the section 3 of the manual out of the public headers: a page for each function, from its declaration, the comment
in front of it and the structures that it takes, and mapring(3) from what the headers begin with. Functions that share
a comment share a page, and a header in C++ is a page. --list says which files that makes."""

import pathlib
import re
import sys

import man3_cpp

DECLARATION = re.compile(r'^MAPRING_(?:API|HOT) [^;]*;', re.MULTILINE)
GROUP = re.compile(r'(?:^/\*(?P<comment>(?:(?!\*/).)*)\*/\n)?'
                   r'(?P<functions>(?:^MAPRING_(?:API|HOT) [^;]*;[^\n]*\n)+)', re.MULTILINE | re.DOTALL)
TYPE = re.compile(r'(?:^/\*(?:(?!\*/).)*\*/\n)?^(?:struct|enum) (\w+) \{(?:[^\n]*\};|.*?^\};)', re.MULTILINE | re.DOTALL)
TYPE_NAME = re.compile(r'(?:struct|enum) (\w+)(?= \w| \*)')
PART = re.compile(r'^/\* ---- (.*?) -+ \*/$', re.MULTILINE)


def plain(comment):
    """The paragraphs of a comment, without its stars."""
    text = re.sub(r'^ \* ?', '', comment.strip(), flags=re.MULTILINE)
    return [' '.join(paragraph.split()) for paragraph in re.split(r'\n\s*\n', text) if paragraph.strip()]


def escaped(text):
    return re.sub(r"^([.'])", r'\\&\1', text.replace('\\', '\\e').replace('-', '\\-'), flags=re.MULTILINE)


def prose(text, page=''):
    """A paragraph, in which the names of functions and constants are bold."""
    def function(match):
        return f'\\fB{match[1]}\\fR()' if match[1] == page or not match[1].startswith('mapring_') else \
            f'\\fB{match[1]}\\fR(3)'
    text = re.sub(r'\b([a-z_]\w*)\(\)', function, escaped(text))
    return re.sub(r'\b(MAPRING_[A-Z_]+)\b', r'\\fB\1\\fR', re.sub(r'`([^`]*)`', r'\\fI\1\\fR', text))


def code(text):
    lines = re.sub(r'^(?= |$)', r'\\&', escaped(text), flags=re.MULTILINE)
    return f'.nf\n.ft CW\n{lines}\n.ft\n.fi'


def declaration_of(source):
    """As a user reads it, with its further lines below its first parameter."""
    first, *others = re.sub(r'^MAPRING_\w+ |\s*MAPRING_PRINTF\([^)]*\)', '', source).splitlines()
    return '\n'.join([first, *(' ' * (first.index('(') + 1) + line.strip() for line in others)])


class Function:
    """One comment, and the functions that it is about."""

    def __init__(self, header, part, comment, declarations):
        self.header, self.part = header, part
        self.paragraphs = plain(comment or '')
        self.declarations = [declaration_of(found) for found in DECLARATION.findall(declarations)]
        self.remarks = re.findall(r';\s*/\* (.*?) \*/$', declarations, re.MULTILINE)
        self.names = [re.search(r'(\w+)\(', declaration)[1] for declaration in self.declarations]

    def summary(self):
        filled = re.findall(TYPE_NAME, self.declarations[-1])
        first = self.paragraphs[0] if self.paragraphs else f'Fills in struct {filled[-1]}.'
        sentence = re.match(r'.*?[^.]\.(?= |$)', first)[0].rstrip('.')
        if len(sentence) > 100:
            sentence = re.split('[:;] | \\(', sentence)[0]
        return sentence[0].lower() + sentence[1:]

    def types(self, known):
        """What its declarations name, and what that contains."""
        names, found = re.findall(TYPE_NAME, ' '.join(self.declarations)), {}
        while names:
            name = names.pop(0)
            if name in known and name not in found:
                found[name] = known[name]
                names += re.findall(TYPE_NAME, known[name].split('{', 1)[1])
        return found.values()


class Header:
    def __init__(self, path):
        self.name = f'mapring/{path.name}'
        text = path.read_text()
        self.introduction = plain(re.search(r'^/\*\n \* (.*?)\*/', text, re.MULTILINE | re.DOTALL)[1])
        self.types = {match[1]: match[0] for match in TYPE.finditer(text)}
        parts = [(match.start(), match[1]) for match in PART.finditer(text)]
        self.functions = [Function(self.name, ([''] + [title for at, title in parts if at < match.start()])[-1],
                                   match['comment'], match['functions']) for match in GROUP.finditer(text)]


def heading(name, version):
    return f'.TH {name} 3 "" "mapring {version}" "mapring"\n.SH NAME'


def page_of(function, types, version):
    name = function.names[0]
    yield heading(name, version)
    yield f'{", ".join(function.names)} \\- {escaped(function.summary())}'
    yield '.SH SYNOPSIS\n' + code('\n'.join([f'#include <{function.header}>', '', *function.declarations]))
    described = [prose(paragraph, name) for paragraph in function.paragraphs]
    yield '.SH DESCRIPTION\n' + ('\n.PP\n'.join(described) or 'Fills in the structure below.')
    for remark in function.remarks:
        yield '.PP\n' + prose(f'{function.names[-1]}(): {remark}.', name)
    named = function.types(types)
    if named:
        yield '.SH STRUCTURES\n' + code('\n\n'.join(named))
    mentioned = re.findall(r'\b(mapring_\w+)\(\)', ' '.join(function.paragraphs))
    others = sorted(set(mentioned) - set(function.names))
    yield '.SH SEE ALSO\n' + ', '.join(f'\\fB{other}\\fR(3)' for other in ['mapring', *others]) + ', \\fBmapring\\fR(7)'


def overview(headers, version):
    yield heading('mapring', version)
    yield 'mapring \\- the interface in C'
    yield '.SH SYNOPSIS\n' + code('\n'.join(f'#include <{header.name}>' for header in headers)
                                  + '\n\ncc program.c $(pkg-config --cflags --libs mapring)')
    yield '.SH DESCRIPTION\nWhat holds for all functions.'
    for header in headers:
        for paragraph in header.introduction:
            titled = re.fullmatch(r'([A-Z]\w+(?: \w+){0,2})\. (.*)', paragraph)
            yield f'.SS {titled[1]}\n{prose(titled[2])}' if titled else '.PP\n' + prose(paragraph)
    yield '.SH RESULTS\n' + code(headers[0].types['mapring_result'])
    yield '.SH FUNCTIONS'
    part = None
    for function in (function for header in headers for function in header.functions):
        if function.part != part:
            part = function.part
            yield f'.SS {escaped(part or "Results, versions, several rings")}'
        yield '.TP\n' + ', '.join(f'\\fB{name}\\fR(3)' for name in function.names) + '\n' + prose(function.summary() + '.')
    yield '.SH SEE ALSO\n\\fBmapring\\fR(1), \\fBmapring\\fR(7)'


def introduction_in_cpp(text):
    """What the header begins with; what is indented is a sample."""
    comment = re.sub(r'^ \* ?', '', re.search(r'^/\*\n(.*?)\*/', text, re.MULTILINE | re.DOTALL)[1], flags=re.MULTILINE)
    prosaic, sample = re.fullmatch(r'(.*?)\n\n(    .*?)\s*', comment, re.DOTALL).groups()
    return prose(' '.join(prosaic.split())), re.sub('^    ', '', sample, flags=re.MULTILINE)


def members(them):
    for member in them:
        described = [prose(paragraph) for paragraph in plain(member.comment)]
        yield code(member.declaration)
        if described:
            yield '.RS\n' + '\n.PP\n'.join(described) + '\n.RE'


def page_in_cpp(path, version):
    text = path.read_text()
    described, sample = introduction_in_cpp(text)
    yield heading(path.name, version)
    yield f'{path.name} \\- the interface in C++'
    yield '.SH SYNOPSIS\n' + code(f'#include <mapring/{path.name}>\n\n'
                                  'c++ -std=c++17 program.cpp $(pkg-config --cflags --libs mapring)')
    yield '.SH DESCRIPTION\n' + described + '\n.PP\n' + code(sample)
    yield '.SH FUNCTIONS'
    yield from members(man3_cpp.free_functions_of(text))
    yield '.SH CLASSES'
    for each in man3_cpp.classes_of(text):
        yield f'.SS {escaped(each.name)}'
        yield from (prose(paragraph) for paragraph in plain(each.comment))
        yield from members(each.members)
    yield '.SH SEE ALSO\n\\fBmapring\\fR(3), \\fBmapring\\fR(7)'


def pages(paths, version):
    yield from pages_in_c([Header(path) for path in paths if path.suffix == '.h'], version)
    for path in paths:
        if path.suffix == '.hpp':
            yield path.name, '\n'.join(page_in_cpp(path, version))


def pages_in_c(headers, version):
    types = {name: text for header in headers for name, text in header.types.items()}
    yield 'mapring', '\n'.join(overview(headers, version))
    for function in (function for header in headers for function in header.functions):
        yield function.names[0], '\n'.join(page_of(function, types, version))
        for other in function.names[1:]:
            yield other, f'.so man3/{function.names[0]}.3'


def main():
    listed = sys.argv[1:2] == ['--list']
    version, folder, *names = ['', '', *sys.argv[2:]] if listed else sys.argv[1:] or sys.exit(__doc__)
    for name, text in pages([pathlib.Path(name) for name in names], version):
        if listed:
            print(f'{name}.3')
        else:
            (pathlib.Path(folder) / f'{name}.3').write_text(text + '\n')


if __name__ == '__main__':
    main()
