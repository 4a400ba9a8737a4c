"""A bulk import while others work: everybody is answered, and memory stays bounded."""

import json
import subprocess

from conftest import PROGRAM
from measuring import SCALE, Others, command, service

ROWS = int(100_000 * SCALE)
OTHERS = [
    command("contact.put", {"id": "someone", "fields": {"first_name": "Ann", "phone": "+12125550100"}}),
    command("contact.get", {"id": "someone"}),
    command("enrollment.list", {"workflow": "welcome", "limit": 20}),
    command("execution.list", {"workflow": "welcome"}),
    command("contact.list"),
    command("workflow.stats", {"workflow": "welcome"}),
    command("events.read", {"after": 0, "limit": 100}),
]


def test_a_bulk_import_while_others_read(tmp_path):
    file = tmp_path / "people.csv"
    with open(file, "w") as rows:
        rows.write("id,first_name,phone\n")
        rows.writelines(f"p-{n},Name {n},+1212555{n % 10_000:04}\n" for n in range(ROWS))
    with service(tmp_path / "service") as daemon:
        with Others(daemon, OTHERS, count=3) as others:
            enrolling = subprocess.run(
                [PROGRAM.parent / "workflowctl", "enroll", "welcome", "--csv", file, "--json",
                 "--connect", daemon.commands], capture_output=True, text=True)
        assert enrolling.returncode == 0, enrolling.stderr
        assert json.loads(enrolling.stdout)["enrolled"] == ROWS
        print(f"\nimport of {ROWS:,} contacts: {others.figures()}")
        assert daemon.call("workflow.stats", {"workflow": "welcome"})["entered"] == ROWS
        assert others.times
        assert others.growth < 400
