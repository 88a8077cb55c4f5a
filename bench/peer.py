"""The Python side of the benchmarks: reads commands from stdin, answers each with one line.

    open <workload> <workers>    measure <seconds>    pids    close

Its one argument is the start method of multiprocessing: spawn or fork. The workloads are those of
Workload.java, and each does what ProcessionPeer.java does for it.
"""

import multiprocessing
import os
import statistics
import sys
import time

MEBIBYTE = 1 << 20
ITEMS = list(range(100_000))
SINGLE_TASKS = ITEMS[:2_000]
BLOCKS = 32


def nothing():
    pass


def one():
    return 1


def plus_one(number):
    return number + 1


def length(block):
    return len(block)


def block(number):
    return bytes(MEBIBYTE)


class Peer:
    def __init__(self, method):
        self.context = multiprocessing.get_context(method)
        self.workload = None
        self.workers = 0
        self.pool = None

    def open(self, workload, workers):
        self.workload = workload
        self.workers = workers
        if workload not in ("CHILD_START", "POOL_START"):
            self.pool = self.context.Pool(workers)
            self.pool.apply(one)
        return "ok"

    def pids(self):
        pids = [process.pid for process in self.pool._pool] + [os.getpid()]
        return " ".join(str(pid) for pid in pids)

    def measure(self, seconds):
        pool = self.pool
        match self.workload:
            case "CHILD_START":
                return self.median_seconds(seconds, self.child_start)
            case "POOL_START":
                return self.median_seconds(seconds, self.pool_start)
            case "ROUND_TRIP":
                return self.median_seconds(seconds, lambda: pool.apply(one))
            case "SINGLE_TASKS":
                return self.rate(
                    seconds, len(SINGLE_TASKS), lambda: pool.map(plus_one, SINGLE_TASKS, chunksize=1)
                )
            case "ITEMS":
                return self.rate(seconds, len(ITEMS), lambda: pool.map(plus_one, ITEMS))
            case "ARGUMENTS":
                blocks = [bytes(MEBIBYTE)] * BLOCKS
                return self.rate(seconds, BLOCKS, lambda: pool.map(length, blocks, chunksize=1))
            case "RESULTS":
                numbers = range(BLOCKS)
                return self.rate(seconds, BLOCKS, lambda: pool.map(block, numbers, chunksize=1))
            case "IDLE":
                time.sleep(seconds)
                return 0

    def child_start(self):
        process = self.context.Process(target=nothing)
        process.start()
        process.join()

    def pool_start(self):
        started = time.perf_counter()
        with self.context.Pool(self.workers) as pool:
            pool.apply(one)
            return time.perf_counter() - started

    # An action that gives a float has taken its own time.
    @staticmethod
    def median_seconds(seconds, action):
        times = []
        end = time.perf_counter() + seconds
        while not times or time.perf_counter() < end:
            started = time.perf_counter()
            own = action()
            times.append(own if isinstance(own, float) else time.perf_counter() - started)
        return statistics.median(times)

    @staticmethod
    def rate(seconds, items, action):
        started = time.perf_counter()
        done = 0
        while time.perf_counter() - started < seconds:
            action()
            done += items
        return done / (time.perf_counter() - started)

    def close(self):
        if self.pool is not None:
            self.pool.close()
            self.pool.join()
            self.pool = None
        return "ok"


def serve():
    peer = Peer(sys.argv[1])
    for line in sys.stdin:
        match line.split():
            case ["open", workload, workers]:
                answer = peer.open(workload, int(workers))
            case ["measure", seconds]:
                answer = peer.measure(float(seconds))
            case ["pids"]:
                answer = peer.pids()
            case ["close"]:
                answer = peer.close()
            case _:
                raise ValueError("unknown command. line=" + line)
        print(answer, flush=True)


if __name__ == "__main__":
    serve()
