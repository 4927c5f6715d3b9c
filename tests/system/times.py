"""When something was, as replies and the log of the daemon tell it."""
from datetime import datetime


def seconds(stamp):
    """Of a time as replies and the log write it, since 1970."""
    return datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp()


def most_at_once(spans):
    """How many of these (start, end) overlap at most."""
    running = most = 0
    for _, step in sorted(edge for start, end in spans for edge in ((start, 1), (end, -1))):
        running += step
        most = max(most, running)
    return most
