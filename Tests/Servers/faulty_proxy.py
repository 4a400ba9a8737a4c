"""An HTTP proxy in front of a real server that breaks chosen requests, for what a network does."""

import http.client
import http.server
import socket
import struct
import threading


class FaultyProxy:
    """Passes requests on to `port`, except where a fault is planned for the method.

    `plan(method, fault, times)`, where `fault` is one of
    - "cut_before_body": the connection breaks when the header has come,
    - "swallow": it breaks when the whole request has come, which never reaches the server,
    - "cut_after_body": the server does what was asked, and the connection breaks before its answer,
    - (status, header): this answer in place of asking the server,
    - ("after", status): the server does what was asked, and this is answered.
    """

    def __init__(self, port):
        self.upstream = port
        self.plans, self.seen = [], []
        self.lock = threading.Lock()
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except (ConnectionError, ValueError):
                    self.close_connection = True

            def log_message(self, *arguments):
                pass

            def __getattr__(self, name):
                if name.startswith("do_"):
                    return lambda: proxy.serve(self)
                raise AttributeError(name)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def address(self, url):
        """The address `url` of the server, by way of this proxy."""
        return url.replace(f":{self.upstream}/", f":{self.port}/")

    def plan(self, method, fault, times=1):
        with self.lock:
            self.plans.append([method, fault, times])

    def clear(self):
        with self.lock:
            self.plans.clear()

    def _fault(self, method):
        with self.lock:
            self.seen.append(method)
            for plan in self.plans:
                if plan[0] == method and plan[2] > 0:
                    plan[2] -= 1
                    return plan[1]
        return None

    def serve(self, handler):
        fault = self._fault(handler.command)
        if fault == "cut_before_body":
            return self._cut(handler)
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        if fault == "swallow":
            return self._cut(handler)
        if isinstance(fault, tuple) and fault[0] != "after":
            return self._answer(handler, fault[0], fault[1], b"")
        status, headers, answer = self._ask(handler, body)
        if fault == "cut_after_body":
            return self._cut(handler)
        if fault:
            return self._answer(handler, fault[1], {}, b"")
        return self._answer(handler, status, headers, answer)

    def _ask(self, handler, body):
        server = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=60)
        headers = {name: value for name, value in handler.headers.items() if name.lower() != "connection"}
        server.request(handler.command, handler.path, body or None, headers)
        response = server.getresponse()
        dropped = {"transfer-encoding", "content-length", "connection", "date", "server"}
        kept = {name: value for name, value in response.getheaders() if name.lower() not in dropped}
        answer = response.status, kept, response.read()
        server.close()
        return answer

    def _answer(self, handler, status, headers, body):
        handler.send_response_only(status)
        headers = {"Date": handler.date_time_string(), **headers}
        for name, value in headers.items():
            handler.send_header(name, value)
        if status not in (204, 304):
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _cut(self, handler):
        handler.close_connection = True
        # A reset, as from a machine that has lost the connection.
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
