"""Random numbers of one run: all come from one seed, which the run prints, and which repeats it as TEST_SEED."""

import os
import random

# Processes that share the work of one run inherit it from the first.
SEED = int(os.environ.setdefault("TEST_SEED", str(random.SystemRandom().randrange(1 << 32))))


def seeds(name, count):
    """`count` seeds for the tests called `name`."""
    numbers = random.Random(f"{SEED}-{name}")
    return [numbers.randrange(1 << 32) for _ in range(count)]
