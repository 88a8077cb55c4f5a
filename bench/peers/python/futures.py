"""concurrent.futures.ProcessPoolExecutor; its one argument is the start method."""

import multiprocessing
import platform
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import program
from processes import block, nothing_of, one, plus_one
from program import Cannot, Measurement

ITEMS_AT_MOST = 10_000


def with_executor(workers, measure):
    context = multiprocessing.get_context(sys.argv[1])
    executor = ProcessPoolExecutor(workers, mp_context=context)
    list(executor.map(plus_one, range(workers * 4)))
    return Measurement(lambda seconds: measure(executor, seconds), executor.shutdown)


def pool_start(workers):
    def open_and_close():
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context(sys.argv[1])) as executor:
            executor.submit(one).result()

    return Measurement(lambda seconds: program.latency(seconds, open_and_close))


def round_trip(workers):
    return with_executor(
        workers,
        lambda executor, seconds: program.latency(
            seconds, lambda: nothing_of(executor.submit(one).result())
        ),
    )


def round_trip_idle(workers):
    def trip(executor):
        time.sleep(program.IDLE_SECONDS)
        started = time.perf_counter()
        executor.submit(one).result()
        return time.perf_counter() - started

    return with_executor(
        workers, lambda executor, seconds: program.latency(seconds, lambda: trip(executor))
    )


def map(workers, function, items, amount):
    return with_executor(
        workers,
        lambda executor, seconds: program.rate(
            seconds, amount, lambda: list(executor.map(function, items))
        ),
    )


def tasks(workers):
    return map(workers, plus_one, range(20_000), 20_000)


def items(workers, items):
    if items > ITEMS_AT_MOST:
        raise Cannot(f"takes too long beyond {ITEMS_AT_MOST} items: its default chunk is one item")
    return map(workers, plus_one, list(range(items)), items)


def arguments(workers, bytes):
    count = program.blocks(bytes)
    return map(workers, len, [block(bytes)] * count, count * bytes)


def results(workers, bytes):
    count = program.blocks(bytes)
    return map(workers, block, [bytes] * count, count * bytes)


if __name__ == "__main__":
    program.serve(
        "Python " + platform.python_version(),
        {
            "pool-start": pool_start,
            "round-trip": round_trip,
            "round-trip-idle": round_trip_idle,
            "tasks": tasks,
            "items": items,
            "arguments": arguments,
            "results": results,
        },
    )
