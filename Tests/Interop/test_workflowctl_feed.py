"""`watch` over restarts of the service and a restored backup; `backup` while the service works."""

import json
import os
import resource
import signal
import subprocess
import threading

import pytest
import zmq

from ctl import CTL, Ctl

SMS = {"id": "text", "kind": "message", "channel": "sms", "content": {"text": "Hi"}}


@pytest.fixture
def ctl(daemon):
    daemon.call("settings.put", {"time_zone": "America/New_York"})
    daemon.call("workflow.create", {"id": "w", "definition": {"name": "W", "steps": [SMS]}})
    daemon.call("workflow.activate", {"workflow": "w"})
    return Ctl(daemon)


def enroll(daemon, *names):
    contacts = [{"contact": {"id": name, "fields": {"phone": "+12125550101"}}} for name in names]
    daemon.call("enrollment.create", {"workflow": "w", "contacts": contacts})
    daemon.call("clock.advance", {"by": {"minutes": 1}})


class Watch:
    """A running `watch`, whose lines are collected."""

    def __init__(self, ctl, *arguments):
        self.process = ctl.start("watch", *arguments)
        self.lines, self.words = [], []
        self.news = threading.Condition()
        for stream, lines in ((self.process.stdout, self.lines), (self.process.stderr, self.words)):
            threading.Thread(target=self.collect, args=(stream, lines), daemon=True).start()

    def collect(self, stream, lines):
        for line in stream:
            with self.news:
                lines.append(line.rstrip("\n"))
                self.news.notify_all()

    def wait(self, condition):
        with self.news:
            assert self.news.wait_for(lambda: condition(self), 60), (self.lines[-5:], self.words)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(timeout=60) == 130


def test_watch_misses_nothing_over_restarts(ctl):
    daemon = ctl.daemon
    watch = Watch(ctl, "--json", "--from", "0")
    watch.wait(lambda watch: watch.lines)
    for round in range(3):
        enroll(daemon, f"a-{round}", f"b-{round}")
        if round == 1:
            daemon.kill()
        else:
            assert daemon.stop() == 0
        watch.wait(lambda watch: len(watch.words) == 2 * round + 1)
        assert "waiting for the service" in watch.words[-1]
        daemon.start()
        enroll(daemon, f"c-{round}")
        watch.wait(lambda watch: len(watch.words) == 2 * round + 2)
        assert "the service is back" in watch.words[-1]
    head = daemon.call("system.hello")["events"]["head"]
    watch.wait(lambda watch: watch.lines and json.loads(watch.lines[-1])["seq"] >= head)
    assert [json.loads(line)["seq"] for line in watch.lines] == list(range(1, head + 1))
    watch.stop()


def test_watch_begins_at_the_end_and_filters(ctl):
    enroll(ctl.daemon, "before")
    watch = Watch(ctl, "--contact", "ann")
    names = []
    # What happens before it is there is not its business: enroll until it shows somebody.
    while not watch.lines:
        names.append(f"other-{len(names)}")
        enroll(ctl.daemon, names[-1])
        ctl.daemon.call("contact.put", {"id": "ann", "fields": {"phone": "+12125550101"}})
        ctl.daemon.call("signal.send", {"name": "link.clicked", "contact": "ann"})
    enroll(ctl.daemon, "ann")
    watch.wait(lambda watch: any("is through" in line for line in watch.lines))
    assert all("  ann" in line for line in watch.lines)
    assert any("sms sent: Hi" in line for line in watch.lines)
    watch.stop()


def backup(ctl, *arguments, code=0):
    result = subprocess.run([CTL, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert result.returncode == code, result
    return result


def test_backup_while_writes_go_on_restore_and_continue(ctl, tmp_path):
    daemon = ctl.daemon
    enroll(daemon, "first")
    stopping = threading.Event()
    written = []

    def write():
        socket = daemon.context.socket(zmq.REQ)
        socket.connect(daemon.commands)
        while not stopping.is_set():
            name = f"n-{len(written)}"
            socket.send_string(json.dumps({"op": "enrollment.create", "args": {
                "workflow": "w", "contact": {"id": name, "fields": {"phone": "+12125550101"}}}}))
            assert json.loads(socket.recv())["ok"]
            written.append(name)
        socket.close(0)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        before = len(written)
        for number in range(3):
            backup(ctl, "backup", "--data", daemon.data, tmp_path / f"b{number}")
        assert len(written) > before
    finally:
        stopping.set()
        writer.join()
    assert "is there already" in backup(ctl, "backup", "--data", daemon.data, tmp_path / "b2", code=73).stderr
    hello = daemon.call("system.hello")
    in_use = backup(ctl, "restore", "--data", daemon.data, "--replace", tmp_path / "b2", code=75)
    assert "works in" in in_use.stderr

    watch = Watch(ctl, "--json", "--from", hello["events"]["head"])
    enroll(daemon, "lost")
    watch.wait(lambda watch: watch.lines)
    daemon.stop()
    assert "--replace" in backup(ctl, "restore", "--data", daemon.data, tmp_path / "b2", code=73).stderr
    restored = json.loads(backup(
        ctl, "restore", "--data", daemon.data, "--replace", "--json", tmp_path / "b2").stdout)
    assert os.path.exists(f"{restored['moved_aside']}/workflows.sqlite")
    daemon.start()
    now = daemon.call("system.hello")
    assert now["events"]["epoch"] == restored["epoch"] != hello["events"]["epoch"]
    assert now["instance"] == hello["instance"]
    assert restored["head"] <= now["events"]["head"]
    known = {contact["id"] for contact in Ctl(daemon).json("contacts", "--limit", "100000")}
    kept = [name for name in written if name in known]
    assert "first" in known and "lost" not in known and kept == written[:len(kept)]

    enroll(daemon, "after")
    enrollment = daemon.call("enrollment.list", {"contact": "after"})["enrollments"][0]
    assert int(enrollment["id"][3:]) > 1_000_000
    assert enrollment["state"] == "finished"
    head = daemon.call("system.hello")["events"]["head"]
    watch.wait(lambda watch: (last := json.loads(watch.lines[-1]))["epoch"] == now["events"]["epoch"] and last["seq"] >= head)
    assert any("a backup was restored" in line for line in watch.words)
    assert [json.loads(line)["seq"] for line in watch.lines][-head:] == list(range(1, head + 1))
    watch.stop()


def test_backups_that_cannot_be(ctl, tmp_path):
    assert "There is no database" in backup(ctl, "backup", "--data", tmp_path / "none", tmp_path / "b", code=66).stderr
    assert "no whole backup" in backup(ctl, "restore", "--data", tmp_path / "new", ctl.daemon.data, code=66).stderr
    assert not (tmp_path / "b").exists() and not (tmp_path / "new").exists()
    backup(ctl, "backup", "--data", ctl.daemon.data, tmp_path / "b")
    database = tmp_path / "b" / "workflows.sqlite"
    database.write_bytes(database.read_bytes()[:20_000])
    assert "damaged" in backup(ctl, "restore", "--data", tmp_path / "new", tmp_path / "b", code=65).stderr
    assert not (tmp_path / "new").exists()


def test_a_backup_that_does_not_fit_leaves_nothing(ctl, tmp_path):
    def take_little():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    (tmp_path / "backups").mkdir()
    result = subprocess.run(
        [CTL, "backup", "--data", ctl.daemon.data, tmp_path / "backups" / "b"], capture_output=True, text=True,
        timeout=60, preexec_fn=take_little, restore_signals=False)
    assert result.returncode == 73 and result.stderr.startswith("workflowctl: "), result
    assert list((tmp_path / "backups").iterdir()) == []
    backup(ctl, "backup", "--data", ctl.daemon.data, tmp_path / "backups" / "b")
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "backups").rglob("*"))
