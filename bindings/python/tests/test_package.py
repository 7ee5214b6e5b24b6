# SPDX-License-Identifier: MIT
"""The package: its wheel, its types, and the examples of its README."""

import os
import re
import shutil
import subprocess
import sys
import unittest
import zipfile

import mapring
from support import SOURCE, TestCase

HERE = SOURCE / "bindings/python"


def python_that_builds():
    for python in (sys.executable, "/usr/bin/python3"):
        if os.path.exists(python) and subprocess.run(
                [python, "-c", "import build, setuptools, wheel"], stderr=subprocess.DEVNULL,
                check=False).returncode == 0:
            return python
    return None


class Package(TestCase):
    def test_the_versions_agree(self):
        self.assertEqual(mapring.__version__, mapring.library_version())

    @unittest.skipUnless(python_that_builds(), "no python3-build")
    def test_the_wheel_has_all_that_is_needed(self):
        copy = self.folder / "source"
        shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns("__pycache__", "dist", "*.egg-info"))
        subprocess.run([python_that_builds(), "-m", "build", "--no-isolation", "--wheel", copy],
                       check=True, stdout=subprocess.DEVNULL, cwd=self.folder)
        wheel, = (copy / "dist").glob("*.whl")
        self.assertEqual(wheel.name, f"mapring-{mapring.__version__}-py3-none-any.whl")
        installed = self.folder / "installed"
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(installed)
        expected = {path.name for path in (HERE / "mapring").iterdir() if path.is_file()}
        self.assertEqual({path.name for path in (installed / "mapring").iterdir()}, expected)
        code = ("import mapring, sys\n"
                "with mapring.Producer(sys.argv[1]) as producer: producer.send(b'wheel')\n"
                "with mapring.Consumer(sys.argv[1]) as consumer: print(*map(bytes, consumer))")
        output = subprocess.check_output(
            [sys.executable, "-c", code, self.ring], cwd=self.folder, text=True,
            env={**os.environ, "PYTHONPATH": str(installed), "MAPRING_LIBRARY": mapring._library.PATH})
        self.assertEqual(output, "b'wheel'\n")

    @unittest.skipUnless(shutil.which("mypy"), "no mypy")
    def test_the_types_are_right_on_both_systems(self):
        for system in ("linux", "win32"):
            done = subprocess.run(
                ["mypy", "--config-file", HERE / "pyproject.toml", "--cache-dir", self.folder,
                 "--platform", system, HERE / "mapring"],
                stdout=subprocess.PIPE, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_examples_of_the_readme_run(self):
        text = (HERE / "README.md").read_text()
        examples = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        self.assertGreater(len(examples), 3)
        output = ""
        for example in examples:
            environment = {**os.environ, "MAPRING_DIR": str(self.folder)}
            done = subprocess.run([sys.executable, "-W", "error", "-c", example], env=environment,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  check=False)
            self.assertEqual(done.returncode, 0, f"{example}\n{done.stderr}")
            output += done.stdout
        for line in re.findall(r"# prints: (.*)", text):
            self.assertIn(line, output)


if __name__ == "__main__":
    unittest.main()
