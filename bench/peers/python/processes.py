"""multiprocessing; its one argument is the start method: fork, forkserver or spawn."""

import multiprocessing
import platform
import sys
import time

import program
import work
from program import Measurement


def nothing():
    pass


def one():
    return 1


def plus_one(number):
    return number + 1


def block(size):
    return bytes(size)


class Processes:
    def __init__(self, method):
        self.context = multiprocessing.get_context(method)

    def start(self):
        def child():
            process = self.context.Process(target=nothing)
            process.start()
            process.join()

        return Measurement(lambda seconds: program.latency(seconds, child))

    def pool_start(self, workers):
        def pool_start():
            with self.context.Pool(workers) as pool:
                pool.apply(one)

        return Measurement(lambda seconds: program.latency(seconds, pool_start))

    def with_pool(self, workers, measure):
        pool = self.context.Pool(workers)
        pool.map(plus_one, range(workers * 4), chunksize=1)

        def end():
            pool.close()
            pool.join()

        return Measurement(lambda seconds: measure(pool, seconds), end)

    def memory(self):
        return self.with_pool(4, lambda pool, _: program.memory_bytes(pids(pool)))

    def idle(self, workers):
        return self.with_pool(workers, lambda pool, seconds: program.idle_percent(pids(pool), seconds))

    def round_trip(self, workers):
        return self.with_pool(
            workers, lambda pool, seconds: program.latency(seconds, lambda: nothing_of(pool.apply(one)))
        )

    def round_trip_idle(self, workers):
        def trip(pool):
            time.sleep(program.IDLE_SECONDS)
            started = time.perf_counter()
            pool.apply(one)
            return time.perf_counter() - started

        return self.with_pool(
            workers, lambda pool, seconds: program.latency(seconds, lambda: trip(pool))
        )

    def map(self, workers, function, items, amount, chunk_size=1, sum_up=lambda parts: None):
        return self.with_pool(
            workers,
            lambda pool, seconds: program.rate(
                seconds, amount, lambda: sum_up(pool.map(function, items, chunksize=chunk_size))
            ),
        )

    def tasks(self, workers):
        return self.map(workers, plus_one, range(20_000), 20_000)

    def items(self, workers, items):
        return self.map(workers, plus_one, list(range(items)), items, chunk_size=None)

    def arguments(self, workers, bytes):
        count = program.blocks(bytes)
        return self.map(workers, len, [block(bytes)] * count, count * bytes)

    def results(self, workers, bytes):
        count = program.blocks(bytes)
        return self.map(workers, block, [bytes] * count, count * bytes)

    def fibonacci(self, workers):
        return self.map(workers, work.fibonacci, work.INDICES, len(work.INDICES))

    def words(self, workers):
        return self.map(workers, work.words, work.TEXTS, work.TEXT_BYTES, sum_up=work.sum_words)

    def lines(self, workers):
        return self.map(workers, work.lines, work.TEXTS, work.TEXT_BYTES, sum_up=sum)

    def rows(self, workers):
        return self.map(workers, work.rows, work.parts(), work.ROW_COUNT, sum_up=work.sum_rows)


def nothing_of(_):
    """Keeps a result from being taken for a time."""


def pids(pool):
    return [process.pid for process in pool._pool]


def main():
    method = sys.argv[1]
    processes = Processes(method)
    operations = {
        "start": processes.start,
        "start-cold": processes.start,
        "pool-start": processes.pool_start,
        "memory": processes.memory,
        "idle": processes.idle,
        "round-trip": processes.round_trip,
        "round-trip-idle": processes.round_trip_idle,
        "tasks": processes.tasks,
        "items": processes.items,
        "arguments": processes.arguments,
        "results": processes.results,
    }
    if method == "fork":
        # It keeps no spares; a fork is what a warm start is to be measured by.
        operations["start-warm"] = processes.start
        # The start method makes no difference to these.
        operations |= {
            "fibonacci": processes.fibonacci,
            "words": processes.words,
            "lines": processes.lines,
            "rows": processes.rows,
        }
    program.serve("Python " + platform.python_version(), operations)


if __name__ == "__main__":
    main()
