"""The README's first command tells the story that it promises."""

import subprocess

from conftest import PROGRAM, ROOT


def test_the_demo():
    result = subprocess.run(
        [PROGRAM.parent / "workflowctl", "demo", "--speed", "200000"], cwd=ROOT, capture_output=True, text=True,
        timeout=120)
    assert result.returncode == 0, result.stderr
    table = {line.split()[0]: line.split() for line in result.stdout.split("Who stands where:")[1].splitlines()
             if line.startswith("  lead-")}
    assert table["lead-ben"][1:3] == ["exited", "replied_by_email"]
    assert table["lead-carla"][1:3] == ["exited", "unsubscribed"]
    assert table["lead-ann"][1] == "finished"
    assert len(table) == 5
