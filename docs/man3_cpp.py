# SPDX-License-Identifier: MIT
"""For man3.py: what the interface in C++ has, of its header: the classes, with what is public in them and the comments in
front of it."""

import re

# Of what others are made of, what a program meets.
MET = {'handle': 'What each class with open() has', 'records': 'What records() of a consumer returns'}
ITEM = re.compile(r'^ *(?:template <[^;{]*?>\s+)?(?:class|struct) (?:\[\[\w+\]\] )?(\w+)(?: : public [^{]*| : [^{]*)?\s*\{',
                  re.MULTILINE)
COMMENT = re.compile(r'\s*/\*(.*?)\*/', re.DOTALL)
MARKS = re.compile(r'\b(?:MAPRING_THIN|noexcept|explicit|constexpr|inline)\b ?|\[\[\w+\]\] ?|MAPRING_PRINTF\([^)]*\)\s*')


def end_of_braces(text, start):
    """The place behind the brace that closes the one at `start`."""
    depth = 0
    for at in range(start, len(text)):
        depth += {'{': 1, '}': -1}.get(text[at], 0)
        if depth == 0:
            return at + 1
    raise ValueError(f'a brace is not closed: {text[start:start + 60]}')


def without_bodies(text):
    """A semicolon in place of each body, and none in comments. Braces within parentheses are default arguments."""
    result, at, depth = '', 0, 0
    while at < len(text):
        if text.startswith('/*', at):
            end = text.index('*/', at) + 2
            result, at = result + text[at:end].replace(';', '\0'), end
            continue
        if text[at] == '{' and depth == 0:
            result, at = result + ';', end_of_braces(text, at)
            continue
        depth += {'(': 1, ')': -1}.get(text[at], 0)
        result += text[at]
        at += 1
    return result


def public_part(body, is_struct):
    """What may be used from outside."""
    parts = re.split(r'^ *(public|private|protected):\n', body, flags=re.MULTILINE)
    kept = parts[0] if is_struct else ''
    return kept + ''.join(text for access, text in zip(parts[1::2], parts[2::2]) if access == 'public')


class Member:
    def __init__(self, comment, declaration):
        self.comment, self.declaration = comment, declaration


def text_of(comment):
    return re.sub(r'^ +\*', ' *', comment.replace('\0', ';'), flags=re.MULTILINE)


def members_of(name, body):
    """Functions with their comments; what a program does not write is left out: constructors and the like, and classes
    within classes. A member without a comment goes with the one before it."""
    for piece in body.split(';'):
        comment = COMMENT.match(piece)
        words = ' '.join(MARKS.sub('', piece[comment.end() if comment else 0:]).split())
        is_special = re.match(rf'~?{name}\(|(class|struct|friend|cursor|sentinel)\b|using ', words) or 'operator=' in words
        if words and '(' in words and not is_special:
            yield Member(text_of(comment[1]) if comment else '', re.sub(r', typename = .*?> (?=\w+ \w+\()', '> ', words) + ';')


class Class:
    def __init__(self, name, comment, head, body):
        self.name, self.comment = MET.get(name, f'mapring::{name}'), comment
        bases = re.search(r' : (?:public )?(?!detail)(\w+)', head)
        self.base = bases[1] if bases else None
        self.members = list(members_of(name, public_part(without_bodies(body), 'struct ' in head)))


def classes_of(text):
    """Those of the namespace, and of what it keeps to itself those that a program meets."""
    at = 0
    while found := ITEM.search(text, at):
        start, end = found.end() - 1, end_of_braces(text, found.end() - 1)
        inside = 'namespace detail' in text[:start] and '} // namespace detail' not in text[:start]
        if not inside or found[1] in MET:
            comments = re.findall(r'/\*((?:(?!\*/).)*)\*/\n\Z', text[:found.start()], re.DOTALL)
            yield Class(found[1], comments[-1] if comments else '', found[0], text[start + 1:end - 1])
        at = end


def free_functions_of(text):
    """Those that are no members, with their comments."""
    for match in re.finditer(r'^/\*((?:(?!\*/).)*)\*/\ninline ([^\n]*\))', text, re.MULTILINE | re.DOTALL):
        yield Member(match[1], match[2] + ';')
