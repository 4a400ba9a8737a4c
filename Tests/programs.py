"""The programs under test: those in the folder that TEST_PROGRAMS names, otherwise those of the debug build."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = (ROOT / os.environ.get("TEST_PROGRAMS", ".build/debug")).absolute()
