"""Real CalDAV servers for tests, Radicale and Xandikos, each in a temporary folder on a port of its own."""

import pathlib
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

import caldav

from Servers.certificates import free_port, make_certificates

LIMIT = 60


class CalendarService:
    """What both servers share: a process, its port, and reading back with the caldav package."""

    user, password = "office", "se cret:ü"
    scheme = "http"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.process = None

    @property
    def root(self):
        return f"{self.scheme}://127.0.0.1:{self.port}/"

    def start(self):
        """Listens on return."""
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(self.command(), stdout=self.log, stderr=self.log, cwd=self.folder)
        end = time.monotonic() + LIMIT
        while True:
            assert self.process.poll() is None, (self.folder / "log").read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            assert time.monotonic() < end, "the server does not listen"
            time.sleep(0.02)

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.log.close()
            self.process = None

    def client(self):
        """Another people's client, logged in."""
        return caldav.DAVClient(
            url=self.root, username=self.user, password=self.password, auth_type="basic",
            ssl_verify_cert=str(self.folder / "ca.pem") if self.scheme == "https" else True)

    def calendar(self, url):
        return caldav.Calendar(client=self.client(), url=url)

    def entries(self, url):
        """The iCalendar text of each entry in the calendar at `url`, as the server gives it out."""
        calendar = self.calendar(url)
        return {str(item.url).rsplit("/", 1)[-1]: item for item in calendar.search(include_completed=True)}

    def config(self, url):
        """The configuration of a channel that uses the calendar at `url`."""
        return {"calendar": url, "username": self.user, "password": self.password}


class Radicale(CalendarService):
    """Radicale with a password file, and with TLS where asked for."""

    def __init__(self, folder, tls=False):
        super().__init__(folder)
        if tls:
            self.scheme = "https"
            make_certificates(self.folder)

    def command(self):
        (self.folder / "users").write_text(f"{self.user}:{self.password}\n")
        tls = f"ssl = True\ncertificate = {self.folder}/server.pem\nkey = {self.folder}/server.key\n"
        (self.folder / "config").write_text(
            f"[server]\nhosts = 127.0.0.1:{self.port}\n{tls if self.scheme == 'https' else ''}"
            f"[auth]\ntype = htpasswd\nhtpasswd_filename = {self.folder}/users\nhtpasswd_encryption = plain\ndelay = 0\n"
            f"[storage]\nfilesystem_folder = {self.folder}/collections\n[logging]\nlevel = warning\n")
        return [sys.executable, "-m", "radicale", "--config", str(self.folder / "config")]

    def make_calendar(self, name, components=("VTODO", "VEVENT")):
        """The address of a new calendar."""
        home = self.client().principal().calendar_home_set
        return str(home.make_calendar(name=name, cal_id=name, supported_calendar_component_set=list(components)).url)


class Xandikos(CalendarService):
    """Xandikos, which asks nobody for a password."""

    def command(self):
        return [sys.executable, "-m", "xandikos.web", "-d", str(self.folder / "data"), "--defaults",
                "--current-user-principal", "/office/", "-l", "127.0.0.1", "-p", str(self.port)]

    def config(self, url):
        return {"calendar": url}

    def make_calendar(self, name="calendar"):
        """The address of the calendar that it begins with."""
        return f"{self.root}office/calendars/calendar/"
