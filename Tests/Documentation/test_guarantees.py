"""No promise without a test, no test without a promise."""

import re

import pytest

from conftest import ROOT

ROWS = [row for row in (ROOT / "proto-docs/guarantees.md").read_text().splitlines()
        if row.startswith("| ") and not row.startswith("| promise")]
NAMED = {name for row in ROWS for name in re.findall(r"`(Tests/[^`]+)`", row)}
# Tests that are there for a promise, and for nothing else.
TRUST = ["Crash/test_*.py", "Disk/test_*.py", "Load/test_*.py", "Operations/test_*.py", "Fuzzing/*Tests.swift",
         "SimulationTests/*Tests.swift", "Interop/test_keys.py", "Interop/test_hostile*.py", "Interop/test_month.py"]


def test_each_promise_has_a_test():
    assert ROWS and all("`Tests/" in row for row in ROWS)


@pytest.mark.parametrize("name", sorted(NAMED))
def test_each_test_that_is_named_is_there(name):
    path, _, test = name.partition("::")
    assert re.search(rf"(def|func) {test}\b" if test else r"def test_|@Test", (ROOT / path).read_text())


@pytest.mark.parametrize("pattern", TRUST)
def test_each_test_has_its_promise(pattern):
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "Tests").glob(pattern)}
    assert files and files <= {name.partition("::")[0] for name in NAMED}
