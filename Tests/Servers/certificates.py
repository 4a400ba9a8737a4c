"""What a test server needs to listen: a port, and certificates that nobody else trusts."""

import contextlib
import random
import socket
import subprocess

NUMBERS = random.SystemRandom()
CLAIMS = []


def free_port():
    """A port that nobody listens on, that the system gives to nobody meanwhile (it lies below those of its own
    choice), and that no other process of these tests is given as long as this one lives."""
    while True:
        port = NUMBERS.randrange(15_000, 32_000)
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            claim(port)
            return port


def claim(port):
    """Claims `port` among the processes of these tests, by a name that ends with this process.

    Raises OSError where it is claimed already.
    """
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0workflowd-test-port-{port}")
    except OSError:
        name.close()
        raise
    CLAIMS.append(name)


def make_certificates(folder):
    """A throw-away authority and a certificate for 127.0.0.1 by it, below `folder`."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
    openssl("req", "-x509", *curve, "-days", "30", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test-ca")
    openssl("req", *curve, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "30", "-extfile", "names", "-out", "server.pem")
