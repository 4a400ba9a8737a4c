#!/usr/bin/env python3
"""A channel that decides nothing: it hands what the service says to the stage, and the stage's words to the service.

Arguments: the stage's socket, and the channel's name. What the stage sends comes out in one write, which a pipe takes whole.
"""

import os
import select
import socket
import sys

CHUNK = 1 << 16
# Words to the relay itself.
SYNC, DIE = b"\0sync", b"\0die"


def hand_over(stage):
    """Hands over one piece of standard input; False at its end."""
    data = os.read(0, CHUNK)
    if data:
        stage.send(data)
    else:
        stage.shutdown(socket.SHUT_WR)
    return bool(data)


def main(path, name):
    stage = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    stage.connect(path)
    stage.send(name.encode())
    sources = [0, stage]
    while True:
        ready, _, _ = select.select(sources, [], [])
        if 0 in ready and not hand_over(stage):
            sources.remove(0)
        if stage not in ready:
            continue
        words = stage.recv(CHUNK)
        if not words:
            return
        if words == DIE:
            os._exit(3)
        if words != SYNC:
            os.write(1, words)
            continue
        while 0 in sources and select.select([0], [], [], 0)[0]:
            if not hand_over(stage):
                sources.remove(0)
        if 0 in sources:
            stage.send(SYNC)


if __name__ == "__main__":
    main(*sys.argv[1:])
