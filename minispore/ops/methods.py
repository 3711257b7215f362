"""Ties functions of ``ops`` to methods and operators of Tensor, where they are defined."""

from ..core.tensor import Tensor

_REFLECTED = {"add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor", "matmul"}


def method(*names: str, operator: str | None = None):
    """``@method("exp")`` also makes ``Tensor.exp``; ``operator="add"`` makes ``__add__`` and ``__radd__``."""

    def tie(function):
        call = function if type(function).__name__ == "function" else _forward(function)
        for name in names:
            setattr(Tensor, name, call)
        if operator is not None:
            setattr(Tensor, f"__{operator}__", _operator(function))
            if operator in _REFLECTED:
                setattr(Tensor, f"__r{operator}__", _reflected(function))
        return function

    return tie


def _forward(op):
    def call(self, *args):
        return op(self, *args)

    call.__name__ = op.name
    call.__doc__ = op.__doc__
    return call


def _takes(other) -> bool:
    return other is not None and not isinstance(other, (str, dict, set))


def _operator(function):
    def operator(self, *other):
        if other and not _takes(other[0]):
            return NotImplemented
        return function(self, *other)

    return operator


def _reflected(function):
    def operator(self, other):
        return function(other, self) if _takes(other) else NotImplemented

    return operator
