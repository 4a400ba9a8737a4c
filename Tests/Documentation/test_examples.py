"""Every example of the documents is sent to a live service, and its replies are what the document shows.

In a block marked `jsonl`, a line that begins with `>` is sent as one message and the lines that begin with
`<` are its reply; a batch directive and the lines behind it are one message. "..." stands for any value. `pytest Tests/Documentation --write-replies` writes the
replies of the service into the documents, for a person to read before they are committed.
"""

import json
import os
import pathlib
import re
import subprocess

import pytest

from conftest import PROGRAM, ROOT

DOCUMENTS = sorted(
    path.name for path in (ROOT / "proto-docs").glob("*.md")
    if re.search(r"^> \{", path.read_text(), re.M) and path.name != "channels.md")
BLOCK = re.compile(r"^```jsonl\n(.*?)^```$", re.M | re.S)

# What differs from run to run, by member name.
VOLATILE = {"instance", "epoch", "key", "hash", "version_hash", "pid", "ops", "program", "channels", "starts", "server_key",
            "uptime_seconds", "longest_turn_ms", "process", "store", "metrics"}


def masked(value, name=""):
    if name in VOLATILE:
        return "..."
    if isinstance(value, dict):
        return {key: masked(member, key) for key, member in value.items()}
    if isinstance(value, list):
        return [masked(element) for element in value]
    return value


def matches(shown, real):
    if shown == "...":
        return True
    if isinstance(shown, dict) and isinstance(real, dict):
        return shown.keys() == real.keys() and all(matches(shown[key], real[key]) for key in shown)
    if isinstance(shown, list) and isinstance(real, list):
        return len(shown) == len(real) and all(map(matches, shown, real))
    return shown == real


def exchanges(block):
    """The messages of a block: the lines that are sent, and the reply lines that are shown."""
    sent, shown = [], []
    for line in block.splitlines():
        starts_new = line.startswith("> ") and not (sent and not shown and '"batch"' in sent[0])
        if starts_new and sent:
            yield sent, shown
            sent, shown = [], []
        (sent if line.startswith("> ") else shown).append(line[2:])
    if sent:
        yield sent, shown


@pytest.mark.parametrize("name", DOCUMENTS)
def test_examples(daemon, name, request):
    path = ROOT / "proto-docs" / name
    text = path.read_text()
    write = request.config.getoption("--write-replies")

    def run(match):
        lines = []
        for sent, shown in exchanges(match.group(1)):
            replies = daemon.exchange("\n".join(sent))
            lines += [f"> {line}" for line in sent]
            lines += [f"< {json.dumps(masked(reply), ensure_ascii=False)}" for reply in replies]
            if not write:
                assert len(shown) == len(replies), (sent, replies)
                for one, real in zip(shown, replies):
                    assert matches(json.loads(one), real), (sent, one, real)
        return "```jsonl\n" + "\n".join(lines) + "\n```"

    written = BLOCK.sub(run, text)
    if write:
        path.write_text(written)


def test_every_command_has_an_example(daemon):
    text = (ROOT / "proto-docs" / "commands.md").read_text()
    shown = set(re.findall(r'^> .*?"op": ?"([a-z._]+)"', text, re.M))
    assert set(daemon.call("system.hello")["ops"]) <= shown


def test_definitions_of_the_documents_are_accepted(daemon):
    text = (ROOT / "proto-docs" / "definitions.md").read_text()
    blocks = re.findall(r"<!-- example: definition -->\n```json\n(.*?)^```$", text, re.M | re.S)
    assert blocks
    for block in blocks:
        daemon.call("workflow.create", {"definition": json.loads(block)})


def test_error_codes_are_those_of_the_source():
    source = (ROOT / "Sources/WorkflowProtocol/ErrorCode.swift").read_text().split("public enum Retry")[0]
    codes = {explicit or name for name, explicit in re.findall(r'^    case (\w+)(?: = "(\w+)")?$', source, re.M)}
    documented = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "proto-docs/errors.md").read_text(), re.M))
    assert codes == documented


def test_five_minutes_of_the_readme(daemon, tmp_path):
    section = (ROOT / "README.md").read_text().split("## Your own workflow in five minutes")[1].split("\n## ")[0]
    _, first, own = re.findall(r"^```sh\n(.*?)^```$", section, re.M | re.S)
    (tmp_path / "proto-docs").symlink_to(ROOT / "proto-docs")
    names = {
        **os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "WORKFLOWCTL_CONNECT": daemon.commands}

    def run(commands):
        lines = [line for line in commands.replace("\\\n", " ").splitlines() if not line.startswith("export PATH")]
        result = subprocess.run(
            ["bash", "-ec", "\n".join(lines)], cwd=tmp_path, env=names, capture_output=True, text=True, timeout=60)
        assert result.returncode == 0, result
        return result.stdout

    shown = run(first)
    assert "5 of 5 rows enrolled in leads" in shown and "Enrollments: 1 left." in shown
    assert "We have your request" in shown
    assert "Your request is with Joe" in run(own)
    assert daemon.call("workflow.get", {"workflow": "leads"})["version"] == 2


def test_the_configuration_of_the_readme(tmp_path):
    text = re.search(r"^```yaml\n(.*?)^```$", (ROOT / "README.md").read_text(), re.M | re.S).group(1)
    (tmp_path / "config.yaml").write_text(text.replace("/etc/workflows/channels", str(tmp_path)))
    result = subprocess.run(
        [PROGRAM, "--config", tmp_path / "config.yaml", "--data", tmp_path / "data"], capture_output=True, text=True,
        timeout=60)
    assert result.returncode == 78
    assert "There is no file at /usr/local/lib/workflows/my-sms-channel" in result.stderr
