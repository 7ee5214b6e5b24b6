# SPDX-License-Identifier: MIT
"""The structures, constants and functions are those of the headers, as the C compiler sees them."""

import ctypes
import os
import re
import shlex
import shutil
import subprocess
import unittest

from mapring import _layout, _library, constants, options
from mapring.record import UNPACK
from support import SOURCE, TestCase

COMPILER = shlex.split(os.environ.get("CC", "cc"))


def declarations():
    text = "".join((SOURCE / "include/mapring" / name).read_text()
                   for name in ("mapring.h", "merge.h", "log.h", "log_reader.h"))
    return without_comments(text)


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def structures_in(text):
    """The fields of each structure, by their names; those of unions count as the first of them."""
    for name, body in re.findall(r"^struct (\w+) \{\n(.*?)^\};", text, re.DOTALL | re.MULTILINE):
        body = re.sub(r"union \{[^}]*\} (\w+);", r"int \1;", body)
        body = re.sub(r"union \{\s*([^;]*;).*?\};", r"\1", body, flags=re.DOTALL)
        fields = [re.search(r"(\w+)\s*(\[\w+\])?$", declarator.strip()).group(1)
                  for line in body.split(";") if line.strip() for declarator in line.split(",")]
        yield name, fields


class Layout(TestCase):
    def compiled(self, expressions):
        """The values of constant expressions, by their names."""
        lines = "".join(f'printf("{name} %lld\\n", (long long)({expression}));'
                        for name, expression in expressions.items())
        program = self.folder / "layout.c"
        program.write_text("#include <mapring/merge.h>\n#include <mapring/log.h>\n"
                           "#include <mapring/log_reader.h>\n#include <stdio.h>\n"
                           f"int main(void) {{ {lines} }}\n")
        subprocess.run([*COMPILER, "-DMAPRING_CALLED", f"-I{SOURCE}/include", program, "-o",
                        self.folder / "layout"], check=True)
        output = subprocess.check_output([self.folder / "layout"], text=True)
        return {name: int(value) for name, value in map(str.split, output.splitlines())}

    def test_each_structure_has_the_fields_of_the_header(self):
        calls = (SOURCE / "include/mapring/log_call.h").read_text()
        found = dict(structures_in(declarations()))
        found.update((name, fields) for name, fields in structures_in(without_comments(calls))
                     if name in ("mapring1_log_site", "mapring1_log_value"))
        ours = {name: [field[0] for field in kind._fields_]
                for name, kind in _layout.STRUCTURES.items()}
        self.assertEqual(found, ours)

    @unittest.skipUnless(shutil.which(COMPILER[0]), "no C compiler")
    def test_each_field_is_where_the_compiler_puts_it(self):
        expressions, ours = {}, {}
        for name, kind in _layout.STRUCTURES.items():
            expressions[name] = f"sizeof(struct {name})"
            ours[name] = ctypes.sizeof(kind)
            for field, of_type, *_ in kind._fields_:
                member = "reserved_" + field if of_type is _layout.Text else field
                expressions[f"{name}.{field}"] = f"offsetof(struct {name}, {member})"
                expressions[f"{name}.{field}.size"] = f"sizeof((struct {name}){{0}}.{member})"
                ours[f"{name}.{field}"] = getattr(kind, field).offset
                ours[f"{name}.{field}.size"] = getattr(kind, field).size
        self.assertEqual(self.compiled(expressions), ours)

    @unittest.skipUnless(shutil.which(COMPILER[0]), "no C compiler")
    def test_each_constant_has_the_value_of_the_header(self):
        names = re.findall(r"^#define (MAPRING_\w+)[ \t]+\S", declarations(), re.MULTILINE)
        names += re.findall(r"\b(MAPRING_\w+)\b(?=[^;{}()]*\})", declarations())
        names = {name for name in names
                 if name not in ("MAPRING_API", "MAPRING_HOT", "MAPRING_LOG_CONTENT")}
        prefixes = {constants.Level: "MAPRING_LEVEL_", constants.LogType: "MAPRING_LOG_"}
        ours = {prefixes.get(kind, "MAPRING_") + member.name: member.value
                for kind in vars(constants).values()
                if isinstance(kind, type) and issubclass(kind, int) and kind.__module__ == constants.__name__
                for member in kind}
        ours.update({"MAPRING_" + name: getattr(_layout, name) for name in (
            "FOREVER", "CONSUMER_LIMIT", "NAME_BYTES", "CONTENT_BYTES", "ORIGIN_BYTES",
            "LATENCY_BUCKETS", "LOG_VALUES")})
        self.assertEqual(self.compiled({name: name for name in names}), ours)

    def test_each_function_has_as_many_parameters_as_in_the_header(self):
        declared = {name: 0 if parameters == "void" else parameters.count(",") + 1
                    for name, parameters in re.findall(
                        r"(?:MAPRING_API|MAPRING_HOT)[^;]*?(mapring_\w+)\(((?:[^()]|\([^()]*\))*)\);",
                        re.sub(r"bool \(\*found\)\([^)]*\)", "found", declarations()))}
        left_out = {"mapring_observer_next", "mapring_observer_is_valid",  # payloads are copies
                    "mapring_producer_repeat", "mapring_producer_end_run",  # for bridges only
                    "mapring_consumer_mark", "mapring_consumer_release_to",
                    "mapring_log_set_level", "mapring_level_name"}  # set_level(), Level.name
        ours = {name: len(arguments) for name, (_, arguments) in _library.FUNCTIONS.items()}
        self.assertEqual(ours.pop("mapring1_log_call"), 6)
        self.assertEqual({name: count for name, count in declared.items() if name not in left_out},
                         ours)

    def test_each_option_can_be_given(self):
        for kind, structure in ((options.RingOptions, _layout.OptionsStructure),
                                (options.ConsumerOptions, _layout.ConsumerOptionsStructure),
                                (options.ObserverOptions, _layout.ObserverOptionsStructure),
                                (options.MergeOptions, _layout.MergeOptionsStructure),
                                (options.LogOptions, _layout.LogOptionsStructure),
                                (options.LogReaderOptions, _layout.LogReaderOptionsStructure)):
            fields = [field[0] for field in structure._fields_ if "reserved" not in field[0]]
            self.assertEqual([name.rstrip("_") for name in kind.__dataclass_fields__], fields)

    def test_records_are_read_as_they_are_laid_out(self):
        self.assertEqual(UNPACK.size, ctypes.sizeof(_layout.RecordStructure))
        record = _layout.RecordStructure(1, 2, 3, True, False, 4, 5, 6, 7, 8, 9)
        self.assertEqual(UNPACK.unpack(record), (1, 2, 3, True, False, 4, 5, 6, 7, 8, 9))


if __name__ == "__main__":
    unittest.main()
