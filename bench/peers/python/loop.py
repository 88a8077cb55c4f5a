"""asyncio: what an event loop costs."""

import asyncio
import os
import platform
import time

import program
from program import Measurement

SWITCHES = 1_000_000
SLEEP_SECONDS = 1
ECHO = b"x" * 64


def timed(body):
    """Seconds that a coroutine takes, in a loop of its own."""

    def run():
        started = time.perf_counter()
        asyncio.run(body())
        return time.perf_counter() - started

    return run


def sleepers(tasks):
    async def all_of_them():
        await asyncio.gather(*(asyncio.sleep(SLEEP_SECONDS) for _ in range(tasks)))

    return Measurement(lambda seconds: program.latency(seconds, timed(all_of_them)))


def task_memory(tasks):
    """By how much the tasks let the memory of this process grow while they sleep, for each."""

    async def grow():
        before = program.memory_bytes([os.getpid()])["value"]
        all_of_them = [asyncio.create_task(asyncio.sleep(SLEEP_SECONDS)) for _ in range(tasks)]
        await asyncio.sleep(SLEEP_SECONDS / 2)
        after = program.memory_bytes([os.getpid()])["value"]
        await asyncio.gather(*all_of_them)
        return {"value": max(0, after - before) / tasks, "count": 1}

    return Measurement(lambda _: asyncio.run(grow()))


def switches():
    async def switch():
        for _ in range(SWITCHES // 2):
            await asyncio.sleep(0)

    async def two():
        await asyncio.gather(switch(), switch())

    return Measurement(lambda seconds: program.rate(seconds, SWITCHES, timed(two)))


def echo(connections):
    """A server, and as many clients in the same loop; each waits for its echo."""

    async def serve(reader, writer):
        try:
            while True:
                writer.write(await reader.readexactly(len(ECHO)))
        except asyncio.IncompleteReadError:
            writer.close()

    async def client(streams, end):
        reader, writer = streams
        count = 0
        while not count or time.perf_counter() < end:
            writer.write(ECHO)
            await reader.readexactly(len(ECHO))
            count += 1
        return count

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0, backlog=connections))
    port = server.sockets[0].getsockname()[1]

    async def connect():
        return [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]

    streams = loop.run_until_complete(connect())

    def measure(seconds):
        async def all_clients():
            end = time.perf_counter() + seconds
            return sum(await asyncio.gather(*(client(each, end) for each in streams)))

        started = time.perf_counter()
        count = loop.run_until_complete(all_clients())
        return {"value": count / (time.perf_counter() - started), "count": count}

    async def close():
        for _, writer in streams:
            writer.close()
            await writer.wait_closed()
        server.close()
        await asyncio.sleep(0.1)

    def end():
        loop.run_until_complete(close())
        loop.close()

    return Measurement(measure, end)


if __name__ == "__main__":
    program.serve(
        "Python " + platform.python_version(),
        {"sleepers": sleepers, "task-memory": task_memory, "switches": switches, "echo": echo},
    )
