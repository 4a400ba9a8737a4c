"""Debian's Exim as a mail server: STARTTLS, a login, refusals of its own, and a mailbox."""

import mailbox
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import time

from Servers.certificates import free_port, make_certificates

PROGRAM = shutil.which("exim4") or "/usr/sbin/exim4"
LIMIT = 60

CONFIGURATION = """
primary_hostname = mx.example.test
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
spool_directory = {folder}/spool
log_file_path = {folder}/spool/%slog
pid_file_path = {folder}/exim.pid
keep_environment =
exim_user = {user}
exim_group = {user}
never_users =
tls_advertise_hosts = *
tls_certificate = {folder}/server.pem
tls_privatekey = {folder}/server.key
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
acl_smtp_rcpt = rcpt
acl_smtp_data = data
message_size_limit = 1M
smtp_accept_max = 50
smtp_accept_queue_per_connection = 0
host_lookup =
smtputf8_advertise_hosts = *
domainlist local = example.test
begin acl
rcpt:
  deny    message = 5.7.0 authentication required
          !authenticated = *
  deny    message = 5.7.1 relaying denied
          !domains = +local
  deny    message = 5.1.1 no such user
          local_parts = nobody
  defer   message = 4.2.2 mailbox full
          local_parts = full
  accept
data:
  deny    message = 5.6.0 Message-ID required
          condition = ${{if !def:h_Message-ID:}}
  accept
begin routers
all:
  driver = accept
  transport = maildir
begin transports
maildir:
  driver = appendfile
  directory = {folder}/maildir
  create_directory
  maildir_format
  envelope_to_add
  user = {user}
begin retry
*  *  F,2h,1m
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{office}}}}{{eq{{$auth3}}{{secret}}}}}}}}
"""


class Exim:
    """One daemon with its spool and mailbox in `folder`."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.process = None
        make_certificates(self.folder)

    def start(self):
        """Listens on return."""
        user = "Debian-exim" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        (self.folder / "spool").mkdir(exist_ok=True)
        # Whoever looks into a mailbox that is not there makes one, into which Exim may not write.
        mailbox.Maildir(self.folder / "maildir")
        path = self.folder / "exim.conf"
        path.write_text(CONFIGURATION.format(port=self.port, folder=self.folder, user=user))
        path.chmod(0o644)
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", f"{user}:{user}", self.folder], check=True)
            shutil.chown(path, "root", "root")
            for parent in self.folder.parents:
                if parent.owner() == "root" and str(parent) not in ("/", "/tmp"):
                    parent.chmod(parent.stat().st_mode | 0o011)
        self.process = subprocess.Popen([PROGRAM, "-C", path, "-bdf", "-odf"], cwd=self.folder,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + LIMIT
        while True:
            assert self.process.poll() is None, "Exim ended at its start"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            assert time.monotonic() < end, "Exim does not listen"
            time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=LIMIT)

    def config(self, **members):
        return {"host": "localhost", "port": self.port, "security": "starttls", "username": "office",
                "password": "secret", "ca_file": str(self.folder / "ca.pem"),
                "from": "Evergreen Homes <office@example.test>"} | members

    def mails(self, count):
        """What lies in the mailbox, once these are `count`: Exim delivers a moment after it has agreed to."""
        end = time.monotonic() + LIMIT
        while len(mails := list(mailbox.Maildir(self.folder / "maildir"))) < count and time.monotonic() < end:
            time.sleep(0.02)
        return mails
