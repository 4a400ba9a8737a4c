"""More commands than the service lets wait: the surplus is refused, and told when to come again."""

import json
import time

import zmq

from measuring import command, service


def refusal(daemon, message):
    error = daemon.exchange(message)[0]["error"]
    assert (error["code"], error["retry"]) == ("overloaded", "later"), error
    return error


def test_refused_and_told_when_to_come_again(tmp_path):
    with service(tmp_path) as daemon:
        hello = daemon.call("system.hello")
        room, head = hello["limits"]["waiting"], hello["events"]["head"]
        crowd = daemon.context.socket(zmq.DEALER)
        crowd.linger, crowd.rcvtimeo = 0, 60_000
        crowd.connect(daemon.commands)
        wait = {"after": head, "families": ["settings"], "wait_ms": 60_000}
        surplus = 50
        for number in range(room + surplus):
            crowd.send(command("events.read", wait, id=number))
        refused = [json.loads(crowd.recv()) for _ in range(surplus)]
        assert {reply["error"]["code"] for reply in refused} == {"overloaded"}
        assert [reply["id"] for reply in refused] == list(range(room, room + surplus))
        # Who does not want to wait is served.
        assert daemon.reply("contact.put", {"id": "c-1"})["ok"]
        error = refusal(daemon, command("events.read", wait))
        daemon.call("settings.put", {"time_zone": "Europe/London"})
        # The service's own advice is what is tried here.
        time.sleep(error["details"]["retry_after_ms"] / 1000)
        assert daemon.call("events.read", wait)["events"]
        assert {json.loads(crowd.recv())["id"] for _ in range(room)} == set(range(room))
        crowd.close()
