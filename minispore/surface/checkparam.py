"""MindSpore's ``mindspore._checkparam``: its names and argument orders, over ``core.checks``."""

import functools
import inspect
import math
import operator
import re
from enum import IntEnum
from functools import partial

from ..core import checks
from ..core.checks import refused

Rel = IntEnum("Rel", "EQ NE LT LE GT GE INC_NEITHER INC_LEFT INC_RIGHT INC_BOTH IN NOT_IN")
EQ, NE, LT, LE, GT, GE, INC_NEITHER, INC_LEFT, INC_RIGHT, INC_BOTH, IN, NOT_IN = Rel

_RELATIONS = {  # (what holds, in words)
    EQ: (operator.eq, "be equal to {}"),
    NE: (operator.ne, "not be equal to {}"),
    LT: (operator.lt, "be less than {}"),
    LE: (operator.le, "be at most {}"),
    GT: (operator.gt, "be greater than {}"),
    GE: (operator.ge, "be at least {}"),
    IN: (lambda x, y: x in y, "be one of {}"),
    NOT_IN: (lambda x, y: x not in y, "not be one of {}"),
}
_INTERVALS = {INC_NEITHER: "({}, {})", INC_LEFT: "[{}, {})", INC_RIGHT: "({}, {}]", INC_BOTH: "[{}, {}]"}


def check(arg_name, arg_value, value_name, value, rel=EQ, prim_name=None, excp_cls=ValueError):
    """``arg_value``, if it stands in relation ``rel`` to ``value``."""
    holds, text = _RELATIONS[rel]
    if not holds(arg_value, value):
        raise refused(excp_cls, prim_name, arg_name, text.format(f"{value_name or ''} {value}".strip()), arg_value)
    return arg_value


def check_value_type(arg_name, arg_value, valid_types, prim_name=None):
    """``arg_value``, if it is of one of the types; a bool is not an int.

    >>> check_value_type("size", 3, [int])
    3
    """
    types = tuple(valid_types) if isinstance(valid_types, (list, tuple)) else valid_types
    return checks.instance(prim_name, types, **{arg_name or "": arg_value})


def check_isinstance(arg_name, arg_value, classes):
    """``arg_value``, if it is an instance of the classes."""
    if not isinstance(arg_value, classes):
        raise refused(TypeError, None, arg_name, f"be a {classes}", arg_value)
    return arg_value


def _of_type(type_, arg_value, arg_name=None, prim_name=None):
    return check_value_type(arg_name, arg_value, type_, prim_name)


def _compared(type_, arg_value, value, rel, arg_name=None, prim_name=None):
    return check(arg_name, _of_type(type_, arg_value, arg_name, prim_name), "", value, rel, prim_name)


def _against_zero(type_, rel, arg_value, arg_name=None, prim_name=None):
    return _compared(type_, arg_value, 0, rel, arg_name, prim_name)


check_is_int, check_is_float, check_bool = partial(_of_type, int), partial(_of_type, float), partial(_of_type, bool)
check_int, check_float = partial(_compared, int), partial(_compared, float)
check_positive_int, check_positive_float = partial(_against_zero, int, GT), partial(_against_zero, float, GT)
check_non_negative_int, check_non_negative_float = partial(_against_zero, int, GE), partial(_against_zero, float, GE)
check_negative_int, check_negative_float = partial(_against_zero, int, LT), partial(_against_zero, float, LT)
check_non_positive_int, check_non_positive_float = partial(_against_zero, int, LE), partial(_against_zero, float, LE)


def check_number(arg_name, arg_value, value, rel, prim_name):
    return check(arg_name, arg_value, "", value, rel, prim_name)


def check_equal_int(arg_value, value, arg_name=None, prim_name=None):
    return check_int(arg_value, value, EQ, arg_name, prim_name)


def check_positive_int_sequence(sequence, arg_name=None, prim_name=None):
    return [check_positive_int(x, arg_name, prim_name) for x in sequence]


def check_non_negative_int_sequence(sequence, arg_name=None, prim_name=None):
    return [check_non_negative_int(x, arg_name, prim_name) for x in sequence]


def check_number_range(arg_value, lower_limit, upper_limit, rel, value_type, arg_name=None, prim_name=None):
    """``arg_value``, if it lies in the range.

    >>> check_number_range(0.5, 0.0, 1.0, Rel.INC_LEFT, float)
    0.5
    """
    check_value_type(arg_name, arg_value, value_type, prim_name)
    return checks.within(prim_name, _INTERVALS[rel].format(lower_limit, upper_limit), **{arg_name or "": arg_value})


def check_int_range(arg_value, lower_limit, upper_limit, rel, arg_name=None, prim_name=None):
    return check_number_range(arg_value, lower_limit, upper_limit, rel, int, arg_name, prim_name)


def check_float_range(arg_value, lower_limit, upper_limit, rel, arg_name=None, prim_name=None):
    return check_number_range(arg_value, lower_limit, upper_limit, rel, float, arg_name, prim_name)


def check_string(arg_value, valid_values, arg_name=None, prim_name=None):
    """``arg_value``, if it is a str among the valid ones; a ValueError also for another type, as in MindSpore."""
    if not isinstance(arg_value, str) or arg_value not in valid_values:
        raise refused(ValueError, prim_name, arg_name, f"be one of {list(valid_values)}", arg_value)
    return arg_value


def check_type_name(arg_name, arg_type, valid_types, prim_name):
    """``arg_type``, if it is one of the valid types."""
    valid = valid_types if isinstance(valid_types, (list, tuple, set)) else (valid_types,)
    if arg_type not in valid:
        raise refused(TypeError, prim_name, arg_name, "be one of " + ", ".join(map(str, valid)), arg_type)
    return arg_type


def check_subclass(arg_name, type_, template_types, prim_name, addition_error_info=None):
    """Raises a TypeError unless ``type_`` is a subclass of one of the classes."""
    classes = tuple(template_types) if isinstance(template_types, (list, tuple)) else (template_types,)
    if not (isinstance(type_, type) and issubclass(type_, classes)):
        wanted = f"be a subclass of {classes} {addition_error_info or ''}".strip()
        raise refused(TypeError, prim_name, arg_name, wanted, type_)


def check_is_number(arg_value, arg_type, arg_name=None, prim_name=None):
    """``arg_value``, if it is a finite number of the type."""
    if isinstance(arg_value, bool) or not isinstance(arg_value, arg_type):
        raise refused(TypeError, prim_name, arg_name, f"be {getattr(arg_type, '__name__', arg_type)}", arg_value)
    if not math.isfinite(arg_value):
        raise refused(ValueError, prim_name, arg_name, "be finite", arg_value)
    return arg_value


def check_input_format(input_param):
    """``input_param``, if it is "NCHW"."""
    return check_string(input_param, ["NCHW"], "input_param")


def check_str_by_regular(target, reg=None, flag=re.ASCII, prim_name=None):
    """True, if the whole word is of the form: letters, digits, "_" and "."."""
    if re.match(reg or r"^\w+[0-9a-zA-Z\_\.]*$", target, flag) is None:
        raise refused(ValueError, prim_name, "target", f"be of the form {reg or 'of a name'}", target)
    return True


def args_type_check(*type_args, **type_kwargs):
    """A decorator that checks the types of a function's arguments; None is left out.

    >>> args_type_check(n=int)(lambda n: n)(3)
    3
    """

    def decorate(function):
        signature = inspect.signature(function)
        types = signature.bind_partial(*type_args, **type_kwargs).arguments
        types = types.get("kwargs", types)

        @functools.wraps(function)
        def checked(*args, **kwargs):
            given = signature.bind(*args, **kwargs).arguments
            for name, value in given.get("kwargs", given).items():
                if name in types and value is not None:
                    check_isinstance(name, value, types[name])
            return function(*args, **kwargs)

        return checked

    return decorate


def twice(x):
    """A pair of ints: of one int twice, or the pair that is given."""
    if isinstance(x, int):
        return x, x
    if not isinstance(x, tuple) or len(x) != 2 or not all(isinstance(n, int) for n in x):
        raise refused(TypeError, None, "x", "be an int or a tuple of two ints", x)
    return x


class Validator:
    """The same checks as attributes, as in MindSpore 1: ``Validator.check_positive_int(...)``."""


for _name, _function in list(globals().items()):
    if _name.startswith("check_") or _name == "check":
        setattr(Validator, _name, staticmethod(_function))
for _relation in Rel:
    setattr(Validator, _relation.name, _relation)
