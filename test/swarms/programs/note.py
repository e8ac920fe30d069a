"""What the Python swarms tell of themselves, one JSON line a thing, times in epoch seconds."""
import json
import os
import time
from contextlib import contextmanager


def note(**what):
    with open(os.environ["SWARM_LOG"], "a", encoding="utf-8") as log:
        log.write(json.dumps(what) + "\n")


@contextmanager
def call(name):
    start = time.time()
    yield f"worker {name}: ask"
    note(kind="call", name=name, pid=os.getpid(), start=start, end=time.time())
