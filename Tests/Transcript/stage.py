"""A real workflowd on a simulated clock, its clients and its channels, all moved by one thread.

Nothing happens by itself: a channel answers when an act says so, and after each act the stage waits until the service has
nothing left to do. So the same acts lead to the same replies, events and requests to channels, in the same order.
"""

import json
import pathlib
import resource
import subprocess
import sys
import time

import zmq

from Transcript.channels import Channels
from Transcript.masking import Names, normal_reply

RELAY = pathlib.Path(__file__).resolve().parent / "relay.py"
LIMIT = 240
# What stands for the cursor of the client's last page, and for the key of request 17: "@next", "@17".
NEXT = "@next"


class Disagreement(Exception):
    """An act cannot be done: the service does not stand where it stood when the act was recorded."""


class Client:
    """A socket that sends messages of lines, and the commands that are not answered yet."""

    def __init__(self, socket):
        self.socket = socket
        self.cursor = ""
        self.waiting = []

    def send(self, frames, ops, head=None):
        """Sends a message; where there is a `head`, its reply may wait for an event behind that position."""
        self.socket.send_multipart([b"", *frames])
        self.waiting.append((ops, head))
        self.waiting.sort(key=lambda entry: entry[1] is not None)

    def take(self, names):
        """The next reply."""
        ops, _ = self.waiting.pop(0)
        lines = [json.loads(names.hide(line)) for line in self.socket.recv_multipart()[-1].decode().splitlines()]
        for line in lines:
            if isinstance(line.get("result"), dict) and isinstance(line["result"].get("next"), str):
                self.cursor = line["result"]["next"]
        lines = [normal_reply(ops[index] if index < len(ops) else None, line) for index, line in enumerate(lines)]
        return {"ops": ops, "lines": lines}


def commands_in(text):
    """What each reply line to the message `text` answers; None for a line that is no command."""
    ops = []
    for index, line in enumerate(text.removesuffix("\n").split("\n")):
        try:
            command = json.loads(line)
        except ValueError:
            command = None
        if index == 0 and isinstance(command, dict) and "batch" in command and "op" not in command:
            continue
        ops.append(command.get("op") if isinstance(command, dict) else None)
    return ops


class Stage:
    """Does one act after the other; see the methods called `do_...`."""

    def __init__(self, folder, programs):
        self.folder, self.programs = pathlib.Path(folder), pathlib.Path(programs)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.context = zmq.Context()
        self.channels = Channels(self.folder / "stage")
        self.names = Names()
        self.process = self.control = self.feed = None
        self.clients, self.keys = {}, {}
        self.position = self.head = self.published = self.epochs = 0
        self.deaths, self.heard = {}, {}
        self.is_listening_to_feed = self.is_limited = False
        self.moves = 0

    def do(self, act):
        """Does `act`, and returns what was seen of it once the service is quiet."""
        arguments = {name: value for name, value in act.items() if name != "do"}
        getattr(self, f"do_{act['do']}")(**arguments)
        return self.settle() if self.is_running() else []

    # Lives of the service

    def do_start(self, channels, clock="simulated", begin=None, data="data"):
        """Starts the service over the folder `data`; its channels wait for their `open`."""
        self.data = self.folder / data
        config = {
            "data": str(self.data),
            "commands": [f"ipc://{self.folder}/commands", {"endpoint": f"ipc://{self.folder}/guarded", "keys": "required"}],
            "events": [f"ipc://{self.folder}/events"], "log": {"level": "warning"},
            "channels": {name: {"program": sys.executable, "arguments": ["-I", "-S", str(RELAY), str(self.channels.path), name],
                                "config": {"account": "evergreen"}} for name in channels}}
        (self.folder / "config.yaml").write_text(json.dumps(config))
        arguments = ["--clock", clock] + (["--clock-start", begin] if begin else [])
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "workflowd", "--config", self.folder / "config.yaml", *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.connect()
        for name in self.clients:
            self.do_connect(name, self.keys.get(name))

    def connect(self):
        self.control = self.socket(zmq.DEALER, "commands")
        self.feed = self.socket(zmq.SUB, "events")
        self.feed.subscribe("")
        self.is_listening_to_feed, self.deaths, self.heard = False, {}, {}
        hello = self.ask("system.hello")
        self.names.learn(hello["instance"], "INSTANCE")
        if hello["events"]["epoch"] not in self.names.words:
            self.epochs += 1
            self.names.learn(hello["events"]["epoch"], f"EPOCH-{self.epochs}")
            self.position = hello["events"]["head"]
        self.version = hello["version"]
        self.published = hello["events"]["head"]

    def socket(self, kind, endpoint, key=None):
        socket = self.context.socket(kind)
        socket.linger, socket.rcvtimeo, socket.reconnect_ivl = 0, LIMIT * 1000, 5
        socket.rcvhwm = socket.sndhwm = 0
        if key:
            socket.curve_publickey, socket.curve_secretkey = (half.encode() for half in key)
            socket.curve_serverkey = self.ask("key.list")["server_key"].encode()
        socket.connect(f"ipc://{self.folder}/{endpoint}")
        return socket

    def do_connect(self, client, key=None):
        """A client appears; with `key`, a pair, at the endpoint that asks for keys."""
        if client in self.clients:
            self.clients[client].socket.close(0)
        self.keys[client] = key
        self.clients[client] = Client(self.socket(zmq.DEALER, "guarded" if key else "commands", key))

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def check_life(self):
        assert self.is_running(), f"workflowd ended with {self.process.returncode}"

    def do_kill(self):
        """Ends the service as a power cut would; its channels go with it."""
        self.process.kill()
        self.process.wait()
        self.gone()

    def do_stop(self, answers=()):
        """Ends the service as an operator would; channels give their last `answers` when it closes their input."""
        self.process.terminate()
        end, last = time.monotonic() + LIMIT, {}
        for number, answer in answers:
            last.setdefault(self.holding(number), []).append((number, answer))
        while self.is_running():
            assert time.monotonic() < end, "the service does not end"
            self.pump(5)
            for name, life in list(self.channels.lives.items()):
                if life.at_end:
                    if life in last:
                        life.answer(last.pop(life))
                    life.close()
                    del self.channels.lives[name]
        assert self.process.returncode == 0, f"it ended with {self.process.returncode}"
        self.gone()

    def gone(self):
        self.channels.forget()
        for socket in [self.control, self.feed, *(client.socket for client in self.clients.values())]:
            socket.close(0)

    def do_move_database(self, back=False):
        """Takes the database's file away, or puts it back."""
        here, there = self.data / "workflows.sqlite", self.data / "moved"
        there.rename(here) if back else here.rename(there)
        self.is_limited = not back

    def do_backup(self, to):
        self.tool("backup", "--data", self.data, self.folder / to)

    def do_restore(self, backup, data):
        """Makes the data folder `data` of a backup, for the next start."""
        self.tool("restore", "--data", self.folder / data, self.folder / backup)

    def tool(self, *arguments):
        subprocess.run([self.programs / "workflowctl", *arguments], check=True, stdout=subprocess.DEVNULL)

    def do_files(self, bytes=None):
        """No file of the service may grow above `bytes`, as on a full disk; None takes that back."""
        limit = resource.RLIM_INFINITY if bytes is None else bytes
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        self.is_limited = bytes is not None

    # Channels

    def do_open(self, channel):
        """Lets a channel that comes up be ready."""
        self.life(channel).configured(ok=True)

    def do_refuse(self, channel, error):
        self.life(channel).configured(ok=False, error=error)

    def do_die(self, channel):
        self.deaths[channel] = self.deaths.get(channel, 0) + 1
        self.life(channel).die()

    def do_answer(self, answers):
        """Channels answer messages and questions by their numbers; those of one channel arrive together."""
        for name in sorted({self.holding(number).name for number, _ in answers}):
            life = self.channels.lives[name]
            life.answer([(number, answer) for number, answer in answers if number in life.held])

    def do_report(self, channel, lines):
        """A channel reports what it was not asked."""
        for line in lines:
            if (key := line.get("key", "")).startswith("@"):
                if int(key[1:]) not in self.channels.keys:
                    raise Disagreement(f"there was no request {key[1:]}")
                line = line | {"key": self.channels.keys[int(key[1:])]}
            self.life(channel).write([line])

    def life(self, channel):
        if channel not in self.channels.lives:
            raise Disagreement(f"the channel {channel} does not run")
        return self.channels.lives[channel]

    def holding(self, number):
        if (life := self.channels.holder(number)) is None:
            raise Disagreement(f"no channel has request {number}")
        return life

    # Clients

    def do_send(self, client, text=None, frames=None, hex=None, listens=0, times=1):
        """A client sends a message so many `times`: a text, several frames, or bytes that are no text.

        The replies to so many as it `listens` come with the next event.
        """
        sender = self.clients[client]
        if text is not None:
            frames = [text.replace(NEXT, sender.cursor).encode()]
        elif hex is not None:
            frames = [bytes.fromhex(hex)]
        else:
            frames = [frame.encode() for frame in frames]
        for index in range(times):
            sender.send(frames, commands_in(text or ""), self.head if index < listens else None)

    # Waiting for the service

    def ask(self, op, args=None):
        """The result of a command of the stage's own, which is no part of the transcript."""
        self.control.send_multipart([b"", json.dumps({"op": op, "args": args or {}}).encode()])
        while not self.control.poll(500):
            self.check_life()
        reply = json.loads(self.control.recv_multipart()[-1])
        assert reply["ok"], (op, reply)
        return reply["result"]

    def settle(self):
        """Waits until nothing happens any more; what was seen since the act."""
        end, quiet = time.monotonic() + LIMIT, None
        # What a channel said is in its pipe now, and in the service's hands behind the next turn.
        self.echo()
        self.ask("clock.get")
        seen = []
        while True:
            self.check_life()
            assert time.monotonic() < end, f"the service does not come to rest: {self.trouble}"
            moves = self.moves
            health = self.ask("system.health")
            self.echo()
            seen += self.pump(0)
            self.head = health["feed"]["head"]
            if not self.is_quiet(health):
                quiet = None
                seen += self.pump(2)
            elif quiet == (moves, self.moves, self.head):
                break
            else:
                quiet = (self.moves, self.moves, self.head)
        requests = self.channels.take_requests()
        requests = [json.loads(self.names.hide(json.dumps(request))) for request in requests]
        seen.sort(key=lambda line: line["client"])
        return [*requests, *seen, *self.events()]

    def is_quiet(self, health):
        """Whether the service waits for channels, clients and its clock alone; `trouble` says why not."""
        self.trouble = None
        if health.get("schedule", {}).get("due"):
            self.trouble = "steps are due"
        if health["feed"]["behind"] or (self.is_listening_to_feed and self.published < health["feed"]["head"]):
            self.trouble = "events are not published"
        if not self.is_limited and any(problem["code"] == "store_failing" for problem in health["problems"]):
            self.trouble = "the store fails"
        is_coming_up = False
        for channel in health["channels"]:
            is_coming_up |= channel["state"] == "starting"
            if not self.stands(channel):
                self.trouble = f"channel {channel['name']} is {channel['state']} with {channel['inflight']} messages"
        may_move = not (is_coming_up or self.channels.sends() or self.channels.questions())
        for name, client in self.clients.items():
            for ops, head in client.waiting:
                waits = "clock.advance" in ops and not may_move
                if not waits and head != health["feed"]["head"]:
                    self.trouble = f"{name} waits for {ops}"
        return self.trouble is None

    def stands(self, channel):
        """Whether a channel and the service agree on what is with it."""
        life = self.channels.lives.get(channel["name"])
        if life is None or life.at_end or channel["deaths"] < self.deaths.get(channel["name"], 0):
            return False
        if (channel["state"] != "ready") != (life.configuring is not None):
            return False
        return channel["inflight"] == life.sends()

    def echo(self):
        """Returns when what the service has written to its channels is here."""
        asked = {life: life.echoes + 1 for life in self.channels.lives.values() if life.ask_for_echo()}
        end = time.monotonic() + LIMIT
        while any(life.echoes < wanted and not life.at_end for life, wanted in asked.items()):
            assert time.monotonic() < end, "a channel does not answer"
            self.read_channels(10)

    def read_channels(self, milliseconds):
        poller = zmq.Poller()
        sources = {source.fileno(): source for source in self.channels.sources()}
        for number in sources:
            poller.register(number, zmq.POLLIN)
        for number, _ in poller.poll(milliseconds):
            self.moves += bool(self.channels.read(sources[number]))

    def pump(self, milliseconds):
        """Takes what has come in; the replies among it."""
        self.read_channels(milliseconds)
        seen = []
        for name, client in self.clients.items():
            while client.waiting and client.socket.poll(0):
                seen.append({"saw": "reply", "client": name, **client.take(self.names)})
                self.moves += 1
        while self.feed.poll(0):
            self.hear(json.loads(self.feed.recv_multipart()[1]))
        return seen

    # The feed

    def hear(self, event):
        """Takes a published event; none may be missing from the first one on."""
        if event["type"] == "heartbeat":
            return
        self.moves += 1
        assert not self.is_listening_to_feed or event["seq"] == self.published + 1, "an event was not published"
        self.is_listening_to_feed, self.published = True, event["seq"]
        self.heard[event["seq"]] = event

    def events(self):
        """The events since the last act, as they are read; what was published is the same."""
        seen = []
        while self.position < self.head:
            page = self.ask("events.read", {"after": self.position, "limit": 1000})
            for event in page["events"]:
                assert self.heard.pop(event["seq"], event) == event, "another event was published than is read"
                seen.append({"saw": "event", "event": json.loads(self.names.hide(json.dumps(event)))})
            self.position = page["next"]
        return seen

    def close(self):
        if self.is_running():
            self.do_kill()
        self.channels.close()
        self.context.destroy(linger=0)
