"""Locks and shared arrays of multiprocessing; the one argument is array or numpy."""

import array
import multiprocessing
import platform
import sys
import time
from multiprocessing.shared_memory import SharedMemory

import program
from program import Measurement

context = multiprocessing.get_context("fork")
OFTEN = 1_000


def lock():
    one = context.Lock()

    def acquire_often():
        for _ in range(OFTEN):
            one.acquire()
            one.release()

    return Measurement(lambda seconds: program.each(seconds, OFTEN, acquire_often))


def contend(one, control):
    while (seconds := control.recv()) is not None:
        count = 0
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            for _ in range(100):
                one.acquire()
                one.release()
            count += 100
        control.send(count)


def lock_contended(processes):
    one = context.Lock()
    controls, children = [], []
    for _ in range(processes):
        control, far = context.Pipe()
        child = context.Process(target=contend, args=(one, far), daemon=True)
        child.start()
        controls.append(control)
        children.append(child)

    def measure(seconds):
        started = time.perf_counter()
        for control in controls:
            control.send(seconds)
        count = sum(control.recv() for control in controls)
        return {"value": count / (time.perf_counter() - started), "count": count}

    def end():
        for control in controls:
            control.send(None)
        for child in children:
            child.join()

    return Measurement(measure, end)


def with_child(body, numbers):
    """Hands the same over again and again, to a child that is there already."""
    control, far = context.Pipe()
    child = context.Process(target=body, args=(far,), daemon=True)
    child.start()

    def hand_over():
        control.send(numbers)
        control.recv()

    def end():
        control.send(None)
        child.join()

    return Measurement(lambda seconds: program.latency(seconds, hand_over), end)


def sum_copied(control):
    while (numbers := control.recv()) is not None:
        control.send(sum(numbers))


def sum_mapped(control):
    import numpy

    while (name := control.recv()) is not None:
        memory = SharedMemory(name)
        control.send(float(numpy.frombuffer(memory.buf, dtype=numpy.float64).sum()))
        memory.close()


def array_copied(bytes):
    return with_child(sum_copied, array.array("d", [1.0]) * (bytes // 8))


def array_mapped(bytes):
    import numpy

    memory = SharedMemory(create=True, size=bytes)
    view = numpy.frombuffer(memory.buf, dtype=numpy.float64)
    view[:] = 1.0
    del view
    measurement = with_child(sum_mapped, memory.name)

    def end():
        measurement.end()
        memory.close()
        memory.unlink()

    return Measurement(measurement.measure, end)


def main():
    version = "Python " + platform.python_version()
    if sys.argv[1] == "numpy":
        try:
            import numpy
        except ImportError:
            program.missing("NumPy is not installed for this Python")
        program.serve(version + " with NumPy " + numpy.__version__, {"array": array_mapped})
    else:
        program.serve(
            version, {"lock": lock, "lock-contended": lock_contended, "array": array_copied}
        )


if __name__ == "__main__":
    main()
