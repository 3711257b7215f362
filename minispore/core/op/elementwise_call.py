"""The functions that users call for elementwise ops.

On small arrays of the right types, outside recordings, their way to NumPy is short: checks and promotion would take longer than
the arithmetic.  They use no globals, so that ``elementwise`` can make them functions of the module that defines the op.
"""

import sys
from typing import Any

import numpy as np

from .. import numeric
from ..boundary import REFUSALS, is_users_frame, translated
from ..call_plans import Plans
from ..number import Number
from ..record import STATE
from ..tensor import Tensor
from .dispatch import apply, fixed, wrap

# Kinds of NumPy's types that an op of a type rule computes with as they are; "": of all types.
_TAKEN = {"same": "", "compare": "", "test": "", "float": "f", "logical": "b", "int": "biu", "shift": "iu"}
_TELL, _BOOL = ("compare", "logical", "test"), np.dtype(np.bool_)
_TAKE_NUMBERS = ("same", "float", "compare")  # those of Python, beside floats


def function_of(op) -> Any:
    """The function that applies ``op``, an Elementwise, with one parameter for each input."""
    general, inputs = _general(op), len(op.args)
    if op.types in _TAKEN and inputs < 3:
        return (_unary, _binary)[inputs - 1](op, general)
    return _of_any_type(op, general)


def of_numbers(inputs) -> bool:
    """Whether inputs are Python numbers, of which some are decided on by the graph: so is what is computed from them.

    Args:
        inputs: sequence of Tensors and numbers.

    Returns:
        bool.

    >>> from minispore import Tensor
    >>> of_numbers([Tensor(1.0), 2])
    False
    """
    found = False
    for x in inputs:
        if isinstance(x, Tensor):
            if not x.is_number:
                return False
            found = True
        elif type(x) not in (int, float, bool, Number):
            return False
    return found


def refusal(op, inputs) -> Exception | None:
    """The error of a user's call with inputs that the function of an op does not take."""
    of_function = REFUSALS.get(op.call)
    return None if of_function is None else of_function(inputs, {})


def _general(op):
    """Applies ``op`` to inputs of any kind: by a call plan where there is one."""
    convert, run, state, no_attrs, numbers = op.convert, apply, STATE, {}, of_numbers  # type: ignore[var-annotated]
    plans = Plans(lambda *inputs: op.call(*inputs), lambda args, kwargs: refusal(op, args))

    def general(inputs):
        plan = plans.find(inputs, no_attrs) if state.recorder is None else None
        if plan is not None:
            try:
                return plan(inputs, no_attrs)
            except Exception:  # what is wrong, the op says
                return run(op, convert(inputs), no_attrs)[0]
        if op.call in REFUSALS:
            wrong = refusal(op, inputs)
            if wrong is not None and is_users_frame(sys._getframe(2)):
                run(op, convert(inputs), no_attrs)  # what it says itself is clearer
                raise wrong
        result = run(op, convert(inputs), no_attrs)[0]
        if state.recorder is not None and numbers(inputs):
            result.is_number = True
        return result

    return general


def _of_any_type(op, general):
    error_of, no_attrs = translated, {}  # type: ignore[var-annotated]

    def any_number(*inputs):
        if len(inputs) != len(op.args):
            raise TypeError(f"{op.name}() takes {len(op.args)} inputs, but got {len(inputs)}")
        try:
            return general(inputs)
        except Exception as error:
            raise error_of(error, op.name, op.call, inputs, no_attrs)  # noqa: B904  (it has its cause)

    def unary(x):
        try:
            return general((x,))
        except Exception as error:
            raise error_of(error, op.name, op.call, (x,), no_attrs)  # noqa: B904

    def binary(x, y):
        try:
            return general((x, y))
        except Exception as error:
            raise error_of(error, op.name, op.call, (x, y), no_attrs)  # noqa: B904

    def ternary(x, y, z):
        try:
            return general((x, y, z))
        except Exception as error:
            raise error_of(error, op.name, op.call, (x, y, z), no_attrs)  # noqa: B904

    return {1: unary, 2: binary, 3: ternary}.get(len(op.args), any_number)


def _as_computed(op) -> bool:
    """Whether what NumPy computes of the op's expression is the result where it has the right type; else ``Elementwise.evaluate`` finds out."""
    return op.reads_all and op.types not in ("int", "shift")


def _unary(op, general):
    evaluate, run, state, result, error_of, no_attrs = op.evaluate, apply, STATE, wrap, translated, {}  # type: ignore[var-annotated]
    bound, kinds, takes_any = op.compiled_from, _TAKEN[op.types], not _TAKEN[op.types]
    function, quietly, array, new, tensor = op.function, numeric.quietly, np.ndarray, Tensor.__new__, Tensor
    direct, real_only, fixed_type = _as_computed(op), op.real_only, _BOOL if op.types in _TELL else None

    def unary(x):
        try:
            a = x._data
            kind = a.dtype.kind
            if takes_any or kind in kinds:
                if state.recorder is None and a.size < bound:
                    if direct and kind != "b" and not (real_only and kind == "c"):
                        out = quietly(function, a)
                        if type(out) is array and out.dtype is (fixed_type or a.dtype) and out is not a:
                            made = new(tensor)  # what ``wrap`` does
                            made._data, made._value, made._recorder = out, None, None
                            return made
                    return result(evaluate(a)[0])
                return run(op, (x,), no_attrs)[0]
        except AttributeError:  # a Python number, or a Tensor without data
            pass
        except (TypeError, ValueError) as error:
            raise error_of(error, op.name, op.call, (x,), no_attrs)  # noqa: B904  (it has its cause)
        try:
            return general((x,))
        except Exception as error:
            raise error_of(error, op.name, op.call, (x,), no_attrs)  # noqa: B904

    return unary


def _binary(op, general):
    evaluate, run, state, result, error_of, no_attrs = op.evaluate, apply, STATE, wrap, translated, {}  # type: ignore[var-annotated]
    bound, kinds, takes_any = op.compiled_from, _TAKEN[op.types], not _TAKEN[op.types]
    number, constant, takes_numbers = numeric.quietly, fixed, op.types in _TAKE_NUMBERS
    function, array, new, tensor = op.function, np.ndarray, Tensor.__new__, Tensor
    direct, real_only, fixed_type = _as_computed(op), op.real_only, _BOOL if op.types in _TELL else None

    def binary(x, y):
        try:
            if type(y) is float or type(y) is int:
                a = x._data
                taken = takes_numbers and a.dtype.kind == "f"
                b = number(a.dtype.type, y) if taken else None
            elif type(x) is float or type(x) is int:
                b = y._data
                taken = takes_numbers and b.dtype.kind == "f"
                a = number(b.dtype.type, x) if taken else None
            else:
                a, b = x._data, y._data
                taken = a.dtype is b.dtype and (takes_any or a.dtype.kind in kinds)
            if taken:
                if state.recorder is None and a.size < bound and b.size < bound:
                    kind = a.dtype.kind
                    if direct and kind != "b" and not (real_only and kind == "c"):
                        try:
                            out = number(function, a, b)
                        except ValueError:  # the shapes do not broadcast, which ``evaluate`` says
                            out = None
                        if type(out) is array and out.dtype is (fixed_type or a.dtype) and out is not a:
                            made = new(tensor)
                            made._data, made._value, made._recorder = out, None, None
                            return made
                    return result(evaluate(a, b)[0])
                given = [v if isinstance(v, tensor) else constant(d) for v, d in ((x, a), (y, b))]
                return run(op, tuple(given), no_attrs)[0]
        except AttributeError:  # a Python number, or a Tensor without data yet
            pass
        except Exception as error:
            raise error_of(error, op.name, op.call, (x, y), no_attrs)  # noqa: B904  (it has its cause)
        try:
            return general((x, y))
        except Exception as error:
            raise error_of(error, op.name, op.call, (x, y), no_attrs)  # noqa: B904

    return binary
