"""When the garbage collector looks: not while modules and routes are made, which all last, and rarely at them later."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Make what lasts, in seven eighths of the time: the collector would walk through it again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        if gc.get_freeze_count():
            gc.freeze()  # what was there before is passed over already


def freeze_loaded_objects() -> None:
    """Let the garbage collector pass over all that was made by now, and look less often at the rest.

    For a process that does nothing but serve: code flows come in 1.4 times the number. Somebody else's process, such
    as pytest's, is left as it is.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)
