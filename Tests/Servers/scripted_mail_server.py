"""A mail server of a few lines that says what a test tells it to, and remembers every byte it was sent."""

import socket
import threading

CUT = "<cut>"


class ScriptedMailServer:
    """`extensions` are the lines of its EHLO; `replies` what it says in place of yes, by the step's name.

    The steps are CONNECT, EHLO, MAIL, RCPT, DATA and TEXT, the end of the text. A reply of None closes the connection, and
    so does CUT at the end of one. What `follows` has for a step becomes part of `replies` once that step came.
    """

    def __init__(self, *extensions):
        self.extensions, self.replies, self.follows = list(extensions), {}, {}
        self.commands, self.texts, self.connections = [], [], 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def config(self, **members):
        return {"host": "127.0.0.1", "port": self.port, "security": "plain", "from": "Evergreen Homes <office@example.com>"} | members

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, connection.makefile("rwb") as wire:
            if not self._say(wire, "CONNECT", "220 test"):
                return
            for line in wire:
                self.commands.append(line.rstrip(b"\r\n"))
                step = line[:4].decode("latin-1").strip().upper()
                if not self._say(wire, step, self._yes(step)):
                    return
                if step == "DATA" and "DATA" not in self.replies:
                    text = b"".join(iter(wire.readline, b".\r\n"))
                    self.texts.append(text)
                    if not self._say(wire, "TEXT", "250 2.0.0 Ok"):
                        return
                if step == "QUIT":
                    return

    def _yes(self, step):
        if step == "EHLO":
            lines = ["test", *self.extensions]
            return "\r\n".join(f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines)
        return {"DATA": "354 go on", "QUIT": "221 bye"}.get(step, "250 Ok")

    def _say(self, wire, step, yes):
        reply = self.replies.get(step, yes)
        self.replies |= self.follows.get(step, {})
        if reply is None:
            return False
        wire.write(f"{reply.removesuffix(CUT)}\r\n".encode())
        wire.flush()
        return not reply.endswith(CUT)
