"""Queues between processes; the one argument is Queue or SimpleQueue."""

import multiprocessing
import platform
import sys
import time

import program
from program import Measurement

BATCH_SECONDS = 0.05
context = multiprocessing.get_context("fork")


def message(size):
    return 1 if size == 8 else bytes(size)


def produce(queue, control, size):
    one = message(size)
    while (count := control.recv()) is not None:
        for _ in range(count):
            queue.put(one)
        control.send(count)


def consume(queue, control, _):
    while (count := control.recv()) is not None:
        for _ in range(count):
            queue.get()
        control.send(count)


def echo(requests, responses):
    while (one := requests.get()) is not None:
        responses.put(one)


class Pairs:
    """This many producers and as many consumers, which move batches of messages."""

    def __init__(self, queue, bytes, pairs):
        self.pairs = pairs
        self.batch = 16
        self.controls = []
        self.children = []
        for role in [produce, consume] * pairs:
            control, far = context.Pipe()
            child = context.Process(target=role, args=(queue, far, bytes), daemon=True)
            child.start()
            self.controls.append(control)
            self.children.append(child)

    def measure(self, seconds):
        started = time.perf_counter()
        moved = 0
        while not moved or time.perf_counter() - started < seconds:
            batch_started = time.perf_counter()
            for control in self.controls:
                control.send(self.batch)
            for control in self.controls:
                control.recv()
            moved += self.batch * self.pairs
            if time.perf_counter() - batch_started < BATCH_SECONDS:
                self.batch *= 2
        return {"value": moved / (time.perf_counter() - started), "count": moved}

    def end(self):
        for control in self.controls:
            control.send(None)
        for child in self.children:
            child.join()


def queue(make, bytes, pairs=1):
    pair = Pairs(make(), bytes, pairs)
    return Measurement(pair.measure, pair.end)


def round_trip(make, bytes, pause=0):
    requests, responses = make(), make()
    child = context.Process(target=echo, args=(requests, responses), daemon=True)
    child.start()
    one = message(bytes)

    def trip():
        time.sleep(pause)
        started = time.perf_counter()
        requests.put(one)
        responses.get()
        return time.perf_counter() - started

    def end():
        requests.put(None)
        child.join()

    return Measurement(lambda seconds: program.latency(seconds, trip), end)


def main():
    make = getattr(context, sys.argv[1])
    program.serve(
        "Python " + platform.python_version(),
        {
            "queue": lambda **settings: queue(make, **settings),
            "queue-round-trip": lambda **settings: round_trip(make, **settings),
            "queue-round-trip-idle": lambda **settings: round_trip(make, pause=program.IDLE_SECONDS, **settings),
        },
    )


if __name__ == "__main__":
    main()
