"""``raise`` and ``assert`` that depend on the value of a Tensor: the step ends with the user's exception."""

from ..core.dtype import bool_, int64
from ..core.kernel import kernel
from ..core.op import Library, apply, to
from .batch import Same
from .effects import report
from .elementwise import logical_and
from .reduction import any as any_


class Stop:
    """An exception that a compiled step ends with."""

    def __init__(self, error: BaseException, place: str):
        self.error = error
        if hasattr(error, "add_note"):  # the traceback of a compiled call does not show the line
            error.add_note(f"at {place}")

    def __repr__(self) -> str:
        return f"raise {self.error!r}"

    def happen(self):
        raise self.error.with_traceback(None)


@kernel
def raise_if_kernel(condition: "I*", out: "int64*", status: "int64*", code: int, lo, hi):
    out[0] = condition[0]
    if condition[0] != 0:
        report(status, code, 0, 0, 0)


def _evaluate(condition, stop):
    if condition:
        stop.happen()
    return (condition,)


def _lower(build, node):
    given = [build.dense(node.inputs[0]), build.output(node), build.status, build.code(node)]
    build.call(raise_if_kernel.bind(I="int64"), node, given, extent=1)


def _batch(op, size, tensors, batched, attrs, mask):
    """If it holds for any example that takes part."""
    holds = tensors[0] if mask is None else logical_and(to(tensors[0], bool_), mask)
    return [Same(out) for out in apply(op, [to(any_(holds), int64)], attrs)]


class _RaiseIf(Library):
    takes_mask = True

    def failure(self, node):
        return node.attrs["stop"].error.with_traceback(None)


raise_if_op = _RaiseIf(
    "raise_if",
    _evaluate,
    lambda condition, stop: [((), int64)],
    _lower,
    may_raise=True,
    random=True,
    batch=_batch,
    samples=[],
)


def lacks_values(error: BaseException) -> bool:
    """Whether the text of an exception that ended a step shows Tensors whose values were not known when it was made."""
    return hasattr(error, "raised_at") and ", traced)" in str(error)


def raise_if(condition, error: BaseException, place: str) -> None:
    """The step ends with ``error``, raised at ``place``, if ``condition`` is true; no Parameter has changed then."""
    apply(raise_if_op, [to(condition, int64)], {"stop": Stop(error, place)})


__all__ = ["Stop", "lacks_values", "raise_if", "raise_if_kernel", "raise_if_op"]
