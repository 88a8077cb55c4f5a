"""The Python side of EventLoopPeer: does one workload five times, and prints a figure for each.

    sleepers    seconds for 100,000 tasks that sleep a second at once
    switches    seconds for a million switches between two tasks
    memory      bytes of resident memory for each of 100,000 sleeping tasks
    serve       an echo server; prints its port and serves until stdin ends
"""

import asyncio
import sys
import time

TASKS = 100_000
SWITCHES = 1_000_000
REPEATS = 5


async def sleepers():
    start = time.perf_counter()
    await asyncio.gather(*[asyncio.sleep(1) for _ in range(TASKS)])
    return time.perf_counter() - start


async def spin(times):
    for _ in range(times):
        await asyncio.sleep(0)


async def switches():
    start = time.perf_counter()
    await asyncio.gather(spin(SWITCHES // 2), spin(SWITCHES // 2))
    return time.perf_counter() - start


def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


async def memory():
    before = resident()
    tasks = [asyncio.create_task(asyncio.sleep(3600)) for _ in range(TASKS)]
    await asyncio.sleep(0.1)
    used = (resident() - before) / TASKS
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return used


async def echo(reader, writer):
    while data := await reader.read(4096):
        writer.write(data)
        await writer.drain()
    writer.close()


async def serve():
    server = await asyncio.start_server(echo, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


match sys.argv[1]:
    case "serve":
        asyncio.run(serve())
    case "memory":
        print(asyncio.run(memory()))
    case name:
        for _ in range(REPEATS):
            print(asyncio.run({"sleepers": sleepers, "switches": switches}[name]()), flush=True)
