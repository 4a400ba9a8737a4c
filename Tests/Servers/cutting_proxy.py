"""A TCP proxy in front of a real server that breaks or holds a connection at a chosen byte."""

import contextlib
import select
import socket
import struct
import threading


class CuttingProxy:
    """Passes bytes on to `port`, or to the path of a Unix socket, unchanged, up to the place that is planned.

    `plan(side, where, fault)`: `side` ("client" or "server") is who sends the bytes, `where` a number of them or a
    text that they hold, counted from the plan on over all connections. What stands before it passes. Then the fault:
    - "reset": both connections break, as where a machine has lost them,
    - "close": both are closed,
    - "hold": nothing passes until `release()`.
    """

    def __init__(self, port):
        self.upstream = port
        self.lock = threading.Lock()
        self.connections, self.greetings = set(), []
        self.reached, self.released = threading.Event(), threading.Event()
        self.clear()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def plan(self, side, where, fault):
        with self.lock:
            self.reached.clear()
            self.released.clear()
            self.planned, self.seen = (side, where, fault), b""

    def clear(self):
        with self.lock:
            self.planned, self.seen = None, b""
            self.passed = {"client": 0, "server": 0}

    def greet(self, *lines):
        """The next connections get one of these lines each in place of the server."""
        self.greetings += lines

    def release(self):
        self.released.set()

    def drop(self):
        """Closes the connections that there are; what is held back is lost."""
        with self.lock:
            for connection in self.connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self.connections.clear()
        self.release()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.drop()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        if self.greetings:
            with client:
                client.sendall(self.greetings.pop(0).encode() + b"\r\n")
                return
        with self.lock:
            self.connections.add(client)
        server = self._connect()
        try:
            self._pass(client, server)
        except OSError:
            pass
        finally:
            with self.lock:
                self.connections.discard(client)
                client.close()
            server.close()

    def _connect(self):
        if isinstance(self.upstream, int):
            return socket.create_connection(("127.0.0.1", self.upstream))
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.upstream)
        return server

    def _pass(self, client, server):
        while True:
            for source in select.select([client, server], [], [])[0]:
                side, target = ("client", server) if source is client else ("server", client)
                piece = source.recv(65536)
                if not piece:
                    return
                room, fault = self._room(side, piece)
                target.sendall(piece[:room])
                if fault == "reset":
                    for end in (client, server):
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                if fault in ("reset", "close"):
                    return
                if fault == "hold":
                    self.released.wait()
                    if client not in self.connections:
                        return
                    target.sendall(piece[room:])

    def _room(self, side, piece):
        """How many bytes of `piece` pass, and the fault behind them."""
        with self.lock:
            self.passed[side] += len(piece)
            if self.planned is None or self.planned[0] != side:
                return len(piece), None
            _, where, fault = self.planned
            before = len(self.seen)
            self.seen += piece
            place = self.seen.find(where) if isinstance(where, bytes) else where
            if place < 0 or place >= len(self.seen):
                return len(piece), None
            self.planned = None
            self.reached.set()
            return max(0, place - before), fault
