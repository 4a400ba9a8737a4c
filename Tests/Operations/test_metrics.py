"""Metrics as collectors read them: by Prometheus's own parser, from a file and from a scrape."""

import http.client
import os
import re
import subprocess

import pytest
from prometheus_client.parser import text_string_to_metric_families

from conftest import PROGRAM, ROOT
from old_databases import enroll, follow_up

CTL = PROGRAM.parent / "workflowctl"
LIMIT = 60


def page(daemon):
    """What `workflowctl metrics` prints."""
    return subprocess.run(
        [CTL, "metrics", "--connect", daemon.commands], capture_output=True, text=True, timeout=LIMIT, check=True).stdout


def samples(text):
    """Each sample by its name and labels."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text) for sample in family.samples}


@pytest.fixture
def busy(daemon):
    """A service that has done a little of everything."""
    daemon.call("settings.put", {
        "time_zone": "America/New_York", "business": {"name": "Evergreen"}, "notifications": {"quiet_hours": None}})
    daemon.call("workflow.create", {"id": "follow-up", "definition": follow_up("Hi {{ contact.first_name }}")})
    daemon.call("workflow.activate", {"workflow": "follow-up"})
    for name in ["ann", "ben"]:
        enroll(daemon, "follow-up", name)
    daemon.refused("contact.get", {"id": "nobody"})
    daemon.refused("made.up", {})
    daemon.call("clock.advance", {"by": {"days": 1, "hours": 1}})
    return daemon


def test_what_was_done_is_counted(busy):
    found = samples(page(busy))
    assert found["workflowd_commands_total", ("op", "enrollment.create"), ("outcome", "done")] == 2
    assert found["workflowd_commands_total", ("op", "contact.get"), ("outcome", "refused")] == 1
    assert found["workflowd_commands_total", ("op", "unknown"), ("outcome", "refused")] == 1
    assert found["workflowd_command_errors_total", ("code", "not_found")] == 1
    assert found["workflowd_messages_total", ("channel", "sms"), ("outcome", "sent")] == 2
    assert found["workflowd_messages_total", ("channel", "email"), ("outcome", "claimed")] == 2
    assert found["workflowd_events_total", ("type", "enrollment.created")] == 2
    assert found["workflowd_enrollments_active",] == 2
    assert found["workflowd_feed_head",] == busy.call("system.hello")["events"]["head"]
    assert found["workflowd_channel_up", ("channel", "sms")] == 1
    assert found["workflowd_turn_duration_seconds_count",] >= found["workflowd_commit_duration_seconds_count",] > 0
    assert found["workflowd_health_status",] == 0
    assert found["workflowd_database_bytes",] > 0 and found["workflowd_open_fds",] > 5


def test_names_follow_the_rules_and_no_metric_is_without_words(busy):
    families = list(text_string_to_metric_families(page(busy)))
    assert len({family.name for family in families}) == len(families)
    for family in families:
        assert re.fullmatch(r"workflowd_[a-z][a-z0-9_]*", family.name) and family.documentation, family
        assert family.type in {"counter", "gauge", "histogram"}
        for sample in family.samples:
            assert sample.name.endswith("_total") == (family.type == "counter"), sample
            assert all(re.fullmatch(r"[a-z_]+", name) for name in sample.labels)


def test_nothing_that_a_client_writes_becomes_a_label(busy):
    values = {value for name, *labels in samples(page(busy)) for _, value in labels}
    assert {"sms", "enrollment.create"} <= values
    for written in ["ann", "follow-up", "made.up", "1212", "example.com", "Evergreen"]:
        assert not any(value == written or len(written) > 3 and written in value for value in values), written


def test_buckets_add_up(busy):
    for family in text_string_to_metric_families(page(busy)):
        if family.type == "histogram":
            buckets = [sample.value for sample in family.samples if sample.name.endswith("_bucket")]
            count = next(sample.value for sample in family.samples if sample.name.endswith("_count"))
            assert buckets == sorted(buckets) and buckets[-1] == count


def test_every_metric_is_in_the_operations_page(busy):
    document = (ROOT / "proto-docs/operations.md").read_text()
    told = set(re.findall(r"^\| `(workflowd_\w+)", document, re.M))
    assert told == set(re.findall(r"^# TYPE (\w+)", page(busy), re.M))


def test_the_file_for_the_textfile_collector(busy, tmp_path):
    document = (ROOT / "proto-docs/operations.md").read_text().split("## Metrics")[1]
    script = re.search(r"^```sh\n(.*?)^```$", document, re.M | re.S).group(1)
    names = {**os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "WORKFLOWCTL_CONNECT": busy.commands}
    subprocess.run(["bash", "-ec", script], cwd=tmp_path, env=names, timeout=LIMIT, check=True)
    assert samples((tmp_path / "workflowd.prom").read_text())["workflowd_health_status",] == 0


# Served


class Exporter:
    """`workflowctl metrics --listen` on a port that the system gives."""

    def __init__(self, daemon):
        self.process = subprocess.Popen(
            [CTL, "metrics", "--connect", daemon.commands, "--listen", "127.0.0.1:0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = int(re.fullmatch(r"workflowctl: http://127\.0\.0\.1:(\d+)/metrics\n", line).group(1))

    def request(self, method, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read().decode()
        connection.close()
        return response, body


@pytest.fixture
def exporter(busy):
    exporter = Exporter(busy)
    yield exporter
    exporter.process.kill()
    exporter.process.wait()
    exporter.process.stdout.close()


def test_a_scrape(exporter, busy):
    response, body = exporter.request("GET", "/metrics")
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert samples(body)["workflowd_messages_total", ("channel", "sms"), ("outcome", "sent")] == 2
    assert exporter.request("GET", "/")[0].status == 404
    assert exporter.request("POST", "/metrics")[0].status == 405
    busy.kill()
    assert exporter.request("GET", "/metrics")[0].status == 503
    busy.start()
    assert exporter.request("GET", "/metrics")[0].status == 200


def test_only_this_machine_is_served(busy):
    result = subprocess.run(
        [CTL, "metrics", "--connect", busy.commands, "--listen", "0.0.0.0:0"], capture_output=True, text=True, timeout=LIMIT)
    assert result.returncode == 64 and "loopback" in result.stderr
