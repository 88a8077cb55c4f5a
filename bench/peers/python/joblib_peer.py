"""joblib with its default backend, loky."""

import program
from processes import nothing_of, one, plus_one
from program import Cannot, Measurement

ITEMS_AT_MOST = 1_000_000


def with_workers(workers, measure):
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    def call(function, items, **options):
        with_options = Parallel(n_jobs=workers, **options)
        return with_options(delayed(function)(*item) for item in items)

    if workers == 1:
        raise Cannot("runs in the calling process if there is one worker")
    call(plus_one, [(1,)] * workers)
    return Measurement(
        lambda seconds: measure(call, seconds), lambda: get_reusable_executor().shutdown(wait=True)
    )


def round_trip(workers):
    return with_workers(
        workers,
        lambda call, seconds: program.latency(seconds, lambda: nothing_of(call(one, [()]))),
    )


def tasks(workers):
    numbers = [(number,) for number in range(20_000)]
    return with_workers(
        workers,
        lambda call, seconds: program.rate(
            seconds, len(numbers), lambda: call(plus_one, numbers, batch_size=1)
        ),
    )


def items(workers, items):
    if items > ITEMS_AT_MOST:
        raise Cannot(f"takes too long beyond {ITEMS_AT_MOST} items")
    numbers = [(number,) for number in range(items)]
    return with_workers(
        workers,
        lambda call, seconds: program.rate(seconds, len(numbers), lambda: call(plus_one, numbers)),
    )


if __name__ == "__main__":
    try:
        import joblib
    except ImportError:
        program.missing("joblib is not installed for this Python")
    program.serve(
        "joblib " + joblib.__version__,
        {"round-trip": round_trip, "tasks": tasks, "items": items},
    )
