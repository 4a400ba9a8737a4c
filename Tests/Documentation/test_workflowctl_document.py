"""Every example of proto-docs/workflowctl.md is run in one shell against a live service, and prints what it shows.

In a block marked `console`, a line that begins with `$` is a command line and the lines below it are its output, in
which "..." stands for anything; a line of nothing else stands for any lines. `pytest Tests/Documentation
--write-replies` writes the output into the document.
"""

import os
import re
import subprocess

import pytest

from conftest import PROGRAM, ROOT

DOCUMENT = ROOT / "proto-docs" / "workflowctl.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)

# What differs from run to run; the order in which channels answer, and so positions, too.
VOLATILE = [
    (r"(?m)^ +\d+(?=  [A-Z][a-z]{2} \d{4}-)", "   ..."), (r'"(seq|prev)":\d+', r'"\1":"..."'),
    (r"feed up to \d+", "feed up to ..."),
    (r"(?<=epoch )[a-z0-9]{12}", "..."), (r"as of [0-9TZ:.-]+", "as of ..."),
    (r'"(instance|epoch)":"[a-z0-9]+"', r'"\1":"..."'), (r"before-restore-[\w-]+", "before-restore-..."),
]
# Commands that are run by tests of their own: the one starts a service, the others wait for a person.
ELSEWHERE = {"demo"}


def masked(text):
    for pattern, replacement in VOLATILE:
        text = re.sub(pattern, replacement, text)
    return text


def matches(shown, printed):
    """Whether the lines `shown` in the document are those `printed`."""
    if not shown:
        return not printed
    if shown[0] == "...":
        return any(matches(shown[1:], printed[count:]) for count in range(len(printed) + 1))
    pattern = ".*".join(map(re.escape, shown[0].split("...")))
    return bool(printed) and re.fullmatch(pattern, printed[0]) is not None and matches(shown[1:], printed[1:])


def examples(block):
    """The command lines of a block, each with the output that is shown."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown.rstrip("\n").split("\n") if shown.strip() else []


@pytest.fixture
def shell(daemon):
    (daemon.folder / "leads.csv").write_text((ROOT / "proto-docs/examples/leads.csv").read_text())
    names = {
        **os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "WORKFLOWCTL_CONNECT": daemon.commands}

    def run(command):
        result = subprocess.run(
            ["bash", "-c", command], cwd=daemon.folder, env=names, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=60)
        return masked(result.stdout).rstrip("\n").split("\n") if result.stdout else []

    return run


def test_examples_print_what_they_show(shell, request):
    write = request.config.getoption("--write-replies")

    def run(match):
        lines = []
        for command, shown in examples(match.group(1)):
            printed = shell(command)
            if "..." in shown and matches(shown, printed):
                printed = shown
            if not write:
                assert matches(shown, printed), (command, printed)
            lines += [f"$ {command}", *printed]
        return "```console\n" + "\n".join(lines) + "\n```"

    written = BLOCK.sub(run, DOCUMENT.read_text())
    if write:
        DOCUMENT.write_text(written)


def test_every_subcommand_has_an_example():
    help = subprocess.run([PROGRAM.parent / "workflowctl", "--help"], capture_output=True, text=True, timeout=60).stdout
    known = set(re.findall(r"^  ([a-z]+)  +[A-Z]", help, re.M))
    shown = set(re.findall(r"^\$ workflowctl ([a-z]+)", DOCUMENT.read_text(), re.M))
    assert known and known - ELSEWHERE <= shown


def test_exit_codes_are_those_of_the_help():
    help = subprocess.run([PROGRAM.parent / "workflowctl", "--help"], capture_output=True, text=True, timeout=60).stdout
    told = set(re.findall(r"(?:^|[.:] )(\d+) [a-z]", " ".join(help.split("Exit codes:")[1].split("Tables")[0].split())))
    assert {"0", "1", "130"} <= {"0"} | told
    documented = set(re.findall(r"^\| (\d+) \|", DOCUMENT.read_text(), re.M))
    assert told | {"0"} == documented
