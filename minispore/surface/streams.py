"""Streams and events of devices: accepted, without effect on one CPU, where each call returns when it is done."""

import itertools

from ..core import checks
from ..core.errors import fail

_numbers = itertools.count(1)


class Stream:
    """Accepted: an order of calls on a device.  Here there is one order, that of the program.

    Args:
        priority: accepted.  Default: 0.
        **kwargs: ``stream_id`` is its number; the rest is ignored.

    >>> import minispore as ms
    >>> stream = ms.runtime.Stream()
    >>> with ms.runtime.StreamCtx(stream):
    ...     y = ms.Tensor([1.0]) + 1
    >>> stream.synchronize()
    >>> stream.query(), stream == ms.runtime.default_stream()
    (True, False)
    """

    def __init__(self, priority=0, **kwargs):
        self.stream_id = kwargs["stream_id"] if "stream_id" in kwargs else next(_numbers)

    def record_event(self, event=None):
        """The event, recorded; a new one without.

        Args:
            event: Event.  Default: None.

        Returns:
            Event.
        """
        event = Event() if event is None else checks.instance("record_event", Event, event=event)
        event.record(self)
        return event

    def wait_event(self, event) -> None:
        """Accepted and without effect: what was recorded is done.

        Args:
            event: Event.
        """
        checks.instance("wait_event", Event, event=event)

    def wait_stream(self, stream) -> None:
        """Accepted and without effect: what was called in the stream is done.

        Args:
            stream: Stream.
        """
        checks.instance("wait_stream", Stream, stream=stream)

    def synchronize(self) -> None:
        """Accepted and without effect: a result is there when its call returns."""

    def query(self) -> bool:
        """Whether its calls are done: True."""
        return True

    def __repr__(self) -> str:
        return f"Stream(device_name=CPU, device_id:0, stream id:{self.stream_id})"

    def __eq__(self, other):
        return isinstance(other, Stream) and self.stream_id == other.stream_id

    def __hash__(self):
        return hash(self.stream_id)


class Event:
    """Accepted: a point in a stream.  With ``enable_timing`` it keeps the time at which it was recorded.

    Args:
        enable_timing: bool.  Default: False.
        blocking: accepted.  Default: False.

    >>> import minispore as ms
    >>> start, end = ms.runtime.Event(enable_timing=True), ms.runtime.Event(enable_timing=True)
    >>> start.record()
    >>> end.record()
    >>> start.elapsed_time(end) >= 0
    True
    """

    def __init__(self, enable_timing=False, blocking=False):
        self._timed = checks.boolean("Event", enable_timing=enable_timing)
        self._at = None

    def record(self, stream=None) -> None:
        """Notes the time.

        Args:
            stream: accepted.  Default: None.
        """
        import time

        self._at = time.perf_counter()

    def wait(self, stream=None) -> None:
        """Accepted and without effect: what was recorded is done.

        Args:
            stream: accepted.  Default: None.
        """

    def synchronize(self) -> None:
        """Accepted and without effect: what was recorded is done."""

    def query(self) -> bool:
        """Whether what was recorded is done: True."""
        return True

    def elapsed_time(self, end_event) -> float:
        """Milliseconds from here to ``end_event``.

        Args:
            end_event: Event.

        Raises:
            RuntimeError: one of them was made without ``enable_timing``, or was not recorded.
        """
        checks.instance("elapsed_time", Event, end_event=end_event)
        for event in (self, end_event):
            if not event._timed or event._at is None:
                raise fail(
                    RuntimeError,
                    "For 'Event.elapsed_time', both events must be made with enable_timing=True and be recorded.",
                )
        return (end_event._at - self._at) * 1e3


_DEFAULT, _COMMUNICATION = Stream(stream_id=0), Stream()
_current = [_DEFAULT]


def default_stream() -> Stream:
    """The stream that is there from the beginning.

    Returns:
        Stream.

    >>> import minispore as ms
    >>> ms.runtime.default_stream() == ms.runtime.current_stream()
    True
    """
    return _DEFAULT


def communication_stream() -> Stream:
    """Accepted: the stream of communication.

    Returns:
        Stream.

    >>> import minispore as ms
    >>> ms.runtime.communication_stream().query()
    True
    """
    return _COMMUNICATION


def current_stream() -> Stream:
    """The stream that was set, or the default one.

    Returns:
        Stream.

    >>> import minispore as ms
    >>> ms.runtime.current_stream().query()
    True
    """
    return _current[-1]


def set_cur_stream(stream) -> None:
    """Sets what ``current_stream`` gives; without further effect.

    Args:
        stream: Stream.

    Raises:
        TypeError: it is no Stream.

    >>> import minispore as ms
    >>> ms.runtime.set_cur_stream(ms.runtime.default_stream())
    """
    _current[-1] = checks.instance("set_cur_stream", Stream, stream=stream)


class StreamCtx:
    """Within ``with StreamCtx(stream):`` the stream is the current one.

    Args:
        ctx_stream: Stream; None: the current one stays.

    Raises:
        TypeError: it is no Stream.

    >>> import minispore as ms
    >>> stream = ms.runtime.Stream()
    >>> with ms.runtime.StreamCtx(stream):
    ...     print(ms.runtime.current_stream() == stream)
    True
    """

    def __init__(self, ctx_stream):
        self.stream = None if ctx_stream is None else checks.instance("StreamCtx", Stream, ctx_stream=ctx_stream)

    def __enter__(self):
        _current.append(self.stream or _current[-1])

    def __exit__(self, *err):
        _current.pop()


class StreamLimitCtx:
    """Accepted and without effect: limits of the cores that a stream takes.

    Args:
        stream: Stream.
        cube_num: accepted.  Default: -1.
        vector_num: accepted.  Default: -1.

    Raises:
        TypeError: ``stream`` is no Stream.

    >>> import minispore as ms
    >>> with ms.runtime.StreamLimitCtx(ms.runtime.Stream(), 8, 8):
    ...     y = ms.Tensor([1.0]) + 1
    """

    def __init__(self, stream, cube_num=-1, vector_num=-1):
        checks.instance("StreamLimitCtx", Stream, stream=stream)

    def __enter__(self):
        return None

    def __exit__(self, *err):
        return None


__all__ = [
    "Event", "Stream", "StreamCtx", "StreamLimitCtx", "communication_stream", "current_stream", "default_stream", "set_cur_stream",
]  # fmt: skip
