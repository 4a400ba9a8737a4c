"""A consumer of the feed that follows the algorithm in proto-docs/events.md."""

import json
import threading
import time

import zmq

LIMIT = 120


class Subscriber(threading.Thread):
    """Records every event of one family, gap-free, over any number of restarts of the service."""

    def __init__(self, daemon, family):
        super().__init__(daemon=True)
        self.commands, self.events = daemon.commands, daemon.events
        self.family = family
        self.position = 0
        self.epoch = None
        self.record = []
        self.failure = None
        self.stopping = threading.Event()
        self.from_publication = 0

    def take(self, event):
        assert event["type"].startswith(f"{self.family}.") and event["epoch"] == self.epoch
        self.record.append(event)
        self.position = event["seq"]

    def enter(self, epoch):
        """Begins a new record where positions of the old one mean nothing any more."""
        if epoch != self.epoch:
            self.position, self.epoch, self.record = 0, epoch, []
            return True
        return False

    def replay(self, requests):
        """Reads behind the position until a page is empty; False where the service does not answer."""
        while True:
            requests.send(json.dumps({"op": "events.read", "args": {
                "after": self.position, "families": [self.family], "limit": 1000}}).encode())
            if not requests.poll(500):
                return False
            reply = json.loads(requests.recv())
            if not reply["ok"]:
                assert reply["error"]["code"] == "events_truncated", reply
                self.position = reply["error"]["details"]["floor"]
                continue
            result = reply["result"]
            if self.enter(result["epoch"]):
                continue
            for event in result["events"]:
                self.take(event)
            if not result["events"]:
                self.position = max(self.position, result["next"])
                return True

    def run(self):
        try:
            self.listen()
        except Exception as failure:
            self.failure = failure

    def listen(self):
        context = zmq.Context()
        subscription = context.socket(zmq.SUB)
        subscription.connect(self.events)
        subscription.subscribe(f"{self.family}.")
        subscription.subscribe("heartbeat")
        while not self.stopping.is_set():
            requests = context.socket(zmq.REQ)
            requests.linger = 0
            requests.connect(self.commands)
            if self.replay(requests):
                self.follow(subscription, requests)
            requests.close()
        context.destroy(linger=0)

    def follow(self, subscription, requests):
        """Takes published events until something is missing or the service is silent."""
        while not self.stopping.is_set() and subscription.poll(2_500):
            topic, line = subscription.recv_multipart()
            event = json.loads(line)
            assert topic.decode() == event["type"]
            if event["epoch"] != self.epoch:
                return
            if event["type"] == "heartbeat":
                if event["head"] > self.position:
                    return
            elif event["seq"] <= self.position:
                continue
            elif event["prev"] <= self.position:
                self.take(event)
                self.from_publication += 1
            else:
                return

    def catch_up(self, head):
        """Waits until everything up to `head` has been read, then ends."""
        end = time.monotonic() + LIMIT
        while self.position < head and self.is_alive():
            assert time.monotonic() < end, f"read up to {self.position} of {head}"
            self.join(0.02)
        self.stopping.set()
        self.join()
        if self.failure is not None:
            raise self.failure
