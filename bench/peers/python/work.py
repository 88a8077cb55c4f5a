"""Real work over generated input; the Java side is io.procession.bench.work."""

import os
from collections import Counter

DIRECTORY = os.environ.get("BENCH_INPUT", "bench/target/input")
TEXTS = [os.path.join(DIRECTORY, f"text-{number:02}.txt") for number in range(32)]
TEXT_BYTES = 32 * (512 << 10)
ROWS = os.path.join(DIRECTORY, "rows.txt")
ROW_COUNT = 1_000_000
PARTS = 16
INDICES = [29] * 8


def fibonacci(index):
    return index if index < 2 else fibonacci(index - 1) + fibonacci(index - 2)


def words(path):
    with open(path) as file:
        return Counter(file.read().split())


def sum_words(parts):
    total = Counter()
    for part in parts:
        total.update(part)
    return total


def lines(path):
    with open(path, "rb") as file:
        return file.read().count(b"\n")


def parts():
    size = os.path.getsize(ROWS)
    return [(size * part // PARTS, size * (part + 1) // PARTS) for part in range(PARTS)]


def line_start(file, place):
    if place == 0:
        return 0
    file.seek(place - 1)
    file.readline()
    return file.tell()


def rows(part):
    """Least, most, sum and count by station, of the lines that begin in a range of bytes."""
    with open(ROWS, "rb") as file:
        start, end = (line_start(file, place) for place in part)
        file.seek(start)
        stations = {}
        for line in file.read(end - start).splitlines():
            name, _, value = line.partition(b";")
            tenths = int(value.replace(b".", b""))
            known = stations.get(name)
            if known is None:
                stations[name] = [tenths, tenths, tenths, 1]
            else:
                if tenths < known[0]:
                    known[0] = tenths
                if tenths > known[1]:
                    known[1] = tenths
                known[2] += tenths
                known[3] += 1
    return stations


def sum_rows(parts):
    total = {}
    for part in parts:
        for name, (least, most, amount, count) in part.items():
            known = total.setdefault(name, [least, most, 0, 0])
            known[0] = min(known[0], least)
            known[1] = max(known[1], most)
            known[2] += amount
            known[3] += count
    return total
