"""A real Kannel gateway with its fake SMSC: what was sent is read back from the SMSC's side."""

import pathlib
import re
import socket
import subprocess
import time
import urllib.parse
import urllib.request

from Servers.certificates import free_port

FAKE_SMSC = "/usr/lib/kannel/test/fakesmsc"
LIMIT = 60

CORE = """
group = core
admin-port = {admin}
admin-interface = "127.0.0.1"
smsbox-port = {boxes}
smsbox-interface = "127.0.0.1"
admin-password = adm
status-password = adm
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
log-file = "{folder}/bearerbox.log"
log-level = 0
store-type = file
store-location = "{folder}/kannel.store"
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = NETWORK
port = {network}
connect-allow-ip = 127.0.0.1

group = smsc
smsc = fake
smsc-id = PHONES
port = {phones}
connect-allow-ip = 127.0.0.1
allowed-smsc-id = "PHONES"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = "127.0.0.1"
sendsms-chars = "0123456789+ "
log-file = "{folder}/smsbox.log"
log-level = 0
mo-recode = true
http-request-retry = 60
http-queue-delay = 1

group = sendsms-user
username = {username}
password = {password}
user-allow-ip = "127.0.0.1"
concatenation = true
max-messages = 20

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "http://127.0.0.1:{callbacks}/kannel/inbound?token={token}&from=%p&text=%a&charset=%C&id=%I&time=%T"
"""


class KannelServer:
    """bearerbox, smsbox and fakesmsc below `folder`. Kannel calls back at port `callbacks` with `token`."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.ports = {name: free_port() for name in ("admin", "boxes", "network", "phones", "sendsms", "callbacks")}
        self.flushes, self.flush_numbers = 0, "+1555777"
        self.username, self.password, self.token = "office", "pass word&=%", "call-token"
        self.processes = {}

    def start(self):
        settings = self.folder / "kannel.conf"
        settings.write_text(CORE.format(
            folder=self.folder, username=self.username, password=self.password, token=self.token, **self.ports))
        self.start_bearerbox()
        self.start_smsbox()
        self.start_network()
        return self

    def config(self, **members):
        """A configuration of SMSChannel for this gateway."""
        return {"provider": "kannel", "base_url": f"http://127.0.0.1:{self.ports['sendsms']}", "from": "15550199",
                "username": self.username, "password": self.password, "smsc": "NETWORK",
                "listen": f"127.0.0.1:{self.ports['callbacks']}", "callback_token": self.token, **members}

    # The parts

    def start_bearerbox(self):
        self._run("bearerbox", "/usr/sbin/bearerbox", "kannel.conf")
        for name in ("admin", "network", "phones"):
            self._wait_for_port(name)

    def start_smsbox(self):
        self._run("smsbox", "/usr/sbin/smsbox", "kannel.conf")
        self._wait_for_port("sendsms")

    def revive(self):
        """Starts smsbox again where it has ended by itself: it panics now and then where a listener that it calls back is killed."""
        if self.processes["smsbox"].poll() is not None:
            self.start_smsbox()

    def start_network(self):
        """The telephone network, which takes what is sent."""
        log = open(self.folder / "network.log", "ab")
        self.processes["network"] = subprocess.Popen(
            [FAKE_SMSC, "-r", str(self.ports["network"]), "-m", "0", "-i", "0.1", "1 2 text never"],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def end(self, name):
        """Ends a part at once: bearerbox, smsbox or network."""
        process = self.processes.pop(name, None)
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()

    def stop(self):
        for name in list(self.processes):
            self.end(name)

    # The other side

    def received(self):
        """(from, to, text) of all that the network took, in order; long texts put together again."""
        log = (self.folder / "network.log").read_bytes().decode(errors="replace")
        messages, parts = [], {}
        for line in re.findall(r"Got message \d+: <(.*)>\n", log):
            sender, to, kind, rest = line.split(" ", 3)
            header, kind, body = rest.split(" ", 2) if kind == "udh" else ("", kind, rest)
            text = body if kind == "text" else self._decoded(body, bool(header))
            if not header:
                messages.append((sender, to, text))
                continue
            # A part's header ends with the message's number, how many parts there are, and which it is.
            number, count, _ = header.split("%")[-3:]
            parts.setdefault((sender, to, number), []).append(text)
            if len(parts[sender, to, number]) == int(count, 16):
                messages.append((sender, to, "".join(parts.pop((sender, to, number)))))
        return messages

    @staticmethod
    def _decoded(body, is_part):
        raw = urllib.parse.unquote_to_bytes(body.replace("+", " "))
        # The network does not say how a part is encoded: no text of one byte a character has control bytes.
        is_wide = not is_part or any(byte < 9 for byte in raw)
        return raw.decode("utf-16-be" if is_wide else "utf-8")

    def texts(self, to):
        """What the network took for `to`."""
        return [text for _, number, text in self.received() if number == to]

    def flush(self):
        """Returns when all that smsbox was given by now has come to the network, or will never come.

        What follows behind it has arrived. The first of two may be read in the same look at the
        connections as a text that was there before it, and overtake that one.
        """
        for _ in range(2):
            self.flushes += 1
            number = f"{self.flush_numbers}{self.flushes:04}"
            fields = {"username": self.username, "password": self.password, "smsc": "NETWORK", "from": "15550199",
                      "to": number, "text": "flush"}
            url = f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms?{urllib.parse.urlencode(fields)}"
            with urllib.request.urlopen(url, timeout=LIMIT) as response:
                assert response.status == 202
            self.wait_for(lambda: self.texts(number))

    def wait_for(self, condition):
        end = time.monotonic() + LIMIT
        while not (value := condition()):
            assert time.monotonic() < end, "the network did not get it"
            time.sleep(0.02)
        return value

    def write(self, sender, to, text):
        """A contact writes; returns when the network has passed it on."""
        telephone = subprocess.Popen(
            [FAKE_SMSC, "-r", str(self.ports["phones"]), "-m", "1", "-i", "0.05", f"{sender} {to} text {text}"],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for line in telephone.stderr:
            if b"sent message 1" in line:
                break
        telephone.kill()
        telephone.wait()
        telephone.stderr.close()

    def _run(self, name, *command):
        log = open(self.folder / f"{name}.out", "ab")
        self.processes[name] = subprocess.Popen(
            command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _wait_for_port(self, name):
        end = time.monotonic() + LIMIT
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.ports[name])) == 0:
                    return
            assert time.monotonic() < end, f"Kannel does not listen for {name}"
            time.sleep(0.02)
