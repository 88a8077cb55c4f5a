"""A peer's side of the protocol, and how it takes time: see bench/README.md."""

import glob
import json
import os
import sys
import time
import traceback

FEWEST_FOR_P99 = 100
IDLE_SECONDS = 0.005


class Cannot(Exception):
    """The peer can do the operation, but not with these settings, or not on this machine."""


class Measurement:
    """One operation with its settings: a function that measures, and one that ends it."""

    def __init__(self, measure, end=lambda: None):
        self.measure = measure
        self.end = end


def latency(seconds, action):
    """Seconds of each call; an action that gives a number has taken its own time."""
    times = []
    end = time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        started = time.perf_counter()
        own = action()
        times.append(own if isinstance(own, float) else time.perf_counter() - started)
    return times_of(times)


def times_of(times):
    times.sort()
    p99 = times[int(len(times) * 0.99)] if len(times) >= FEWEST_FOR_P99 else 0
    return {"value": times[len(times) // 2], "p99": p99, "count": len(times)}


def rate(seconds, amount, action):
    """How much is done in a second, where each call does this amount."""
    started = time.perf_counter()
    calls = 0
    while not calls or time.perf_counter() - started < seconds:
        action()
        calls += 1
    return {"value": calls * amount / (time.perf_counter() - started), "count": calls * amount}


def each(seconds, amount, action):
    """Seconds of one of the things of which each call does this amount."""
    done = rate(seconds, amount, action)
    return {"value": 1 / done["value"], "count": done["count"]}


def memory_bytes(pids):
    """Memory per process; what several share is divided among them."""
    kibibytes = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup") as lines:
            kibibytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return {"value": kibibytes * 1024 / len(pids)}


def idle_percent(pids, seconds):
    """The share of one processor that these processes use while nothing is done."""
    pids = pids + [os.getpid()]
    time.sleep(1)
    before, started = processor_seconds(pids), time.perf_counter()
    time.sleep(seconds * 10)
    elapsed = time.perf_counter() - started
    return {"value": 100 * (processor_seconds(pids) - before) / elapsed}


def processor_seconds(pids):
    nanos = 0
    for pid in pids:
        for thread in glob.glob(f"/proc/{pid}/task/*/schedstat"):
            try:
                with open(thread) as file:
                    nanos += int(file.read().split()[0])
            except FileNotFoundError:
                pass  # It has just ended.
    return nanos / 1e9


def serve(version, operations):
    """Answers commands until there are no more.

    An operation is a function that takes settings by name and gives a Measurement."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what others print is no answer

    def say(answer):
        print(json.dumps(answer), file=answers, flush=True)

    opened = None
    say({"version": version, "operations": list(operations)})
    for line in sys.stdin:
        try:
            match line.split():
                case ["open", operation, *settings]:
                    pairs = (setting.split("=") for setting in settings)
                    opened = operations[operation](**{name: int(value) for name, value in pairs})
                    say({})
                case ["warm", seconds]:
                    opened.measure(float(seconds))
                    say({})
                case ["measure", seconds]:
                    say(opened.measure(float(seconds)))
                case ["close"]:
                    if opened is not None:
                        opened.end()
                        opened = None
                    say({})
                case _:
                    raise ValueError("there is no such command. line=" + line)
        except Cannot as cannot:
            say({"skip": str(cannot)})
        except Exception as failure:
            traceback.print_exc()
            say({"error": repr(failure)})
    if opened is not None:
        opened.end()


def missing(reason):
    """Tells that this peer cannot be measured here, and why."""
    print(json.dumps({"skip": reason}), flush=True)
    sys.exit()


def blocks(size):
    """As many blocks of this size as go along in one call; Inputs.java has the same."""
    return min(max((32 << 20) // size, 2), 1_000)


