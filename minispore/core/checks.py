"""Checks of arguments, under the names that MindSpore's scripts import from ``mindspore._checkparam``."""

from enum import IntEnum

from .errors import fail

Rel = IntEnum("Rel", "EQ NE LT LE GT GE INC_NEITHER INC_LEFT INC_RIGHT INC_BOTH IN NOT_IN")
EQ, NE, LT, LE, GT, GE, INC_NEITHER, INC_LEFT, INC_RIGHT, INC_BOTH, IN, NOT_IN = Rel

_RELATIONS = {  # (what holds, how it is said)
    EQ: (lambda x, y: x == y, "be equal to {}"),
    NE: (lambda x, y: x != y, "not be equal to {}"),
    LT: (lambda x, y: x < y, "be less than {}"),
    LE: (lambda x, y: x <= y, "be at most {}"),
    GT: (lambda x, y: x > y, "be greater than {}"),
    GE: (lambda x, y: x >= y, "be at least {}"),
    IN: (lambda x, y: x in y, "be one of {}"),
    NOT_IN: (lambda x, y: x not in y, "not be one of {}"),
}
_RANGES = {
    INC_NEITHER: (lambda x, a, b: a < x < b, "({}, {})"),
    INC_LEFT: (lambda x, a, b: a <= x < b, "[{}, {})"),
    INC_RIGHT: (lambda x, a, b: a < x <= b, "({}, {}]"),
    INC_BOTH: (lambda x, a, b: a <= x <= b, "[{}, {}]"),
}


def _named(prim_name, arg_name) -> str:
    return (f"For '{prim_name}', " if prim_name else "") + (f"'{arg_name}'" if arg_name else "the value")


def check(arg_name, arg_value, value_name, value, rel=EQ, prim_name=None, excp_cls=ValueError):
    """``arg_value``, if it stands in relation ``rel`` to ``value``."""
    holds, text = _RELATIONS[rel]
    if not holds(arg_value, value):
        of = f"{value_name} {value}" if value_name else f"{value}"
        raise fail(excp_cls, f"{_named(prim_name, arg_name)} must {text.format(of)}, but got {arg_value!r:.80}.")
    return arg_value


def check_value_type(arg_name, arg_value, valid_types, prim_name=None):
    """``arg_value``, if it is of one of the types; a bool is not an int.

    >>> check_value_type("size", 3, [int])
    3
    """
    types = tuple(valid_types) if isinstance(valid_types, (list, tuple)) else (valid_types,)
    if not isinstance(arg_value, types) or (isinstance(arg_value, bool) and bool not in types):
        said = " or ".join(t.__name__ for t in types)
        raise fail(
            TypeError,
            f"{_named(prim_name, arg_name)} must be {'an' if said[0] in 'iO' else 'a'} {said}, but got {type(arg_value).__name__}: {arg_value!r:.60}.",
        )
    return arg_value


def check_isinstance(arg_name, arg_value, classes):
    """``arg_value``, if it is an instance of the classes."""
    if not isinstance(arg_value, classes):
        raise fail(TypeError, f"'{arg_name}' must be a {classes}, but got {type(arg_value).__name__}.")
    return arg_value


def check_is_int(arg_value, arg_name=None, prim_name=None):
    return check_value_type(arg_name, arg_value, int, prim_name)


def check_is_float(arg_value, arg_name=None, prim_name=None):
    return check_value_type(arg_name, arg_value, float, prim_name)


def check_bool(arg_value, arg_name=None, prim_name=None):
    return check_value_type(arg_name, arg_value, bool, prim_name)


def check_int(arg_value, value, rel, arg_name=None, prim_name=None):
    return check(arg_name, check_is_int(arg_value, arg_name, prim_name), "", value, rel, prim_name)


def check_float(arg_value, value, rel, arg_name=None, prim_name=None):
    return check(arg_name, check_is_float(arg_value, arg_name, prim_name), "", value, rel, prim_name)


def check_number(arg_name, arg_value, value, rel, prim_name):
    return check(arg_name, arg_value, "", value, rel, prim_name)


def check_equal_int(arg_value, value, arg_name=None, prim_name=None):
    return check_int(arg_value, value, EQ, arg_name, prim_name)


def _against_zero(checked, rel):
    def checker(arg_value, arg_name=None, prim_name=None):
        return checked(arg_value, 0, rel, arg_name, prim_name)

    return checker


check_positive_int, check_positive_float = _against_zero(check_int, GT), _against_zero(check_float, GT)
check_non_negative_int, check_non_negative_float = _against_zero(check_int, GE), _against_zero(check_float, GE)
check_negative_int, check_negative_float = _against_zero(check_int, LT), _against_zero(check_float, LT)
check_non_positive_int, check_non_positive_float = _against_zero(check_int, LE), _against_zero(check_float, LE)


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
    holds, text = _RANGES[rel]
    if not holds(arg_value, lower_limit, upper_limit):
        said = text.format(lower_limit, upper_limit)
        raise fail(ValueError, f"{_named(prim_name, arg_name)} must be in {said}, but got {arg_value}.")
    return arg_value


def check_int_range(arg_value, lower_limit, upper_limit, rel, arg_name=None, prim_name=None):
    return check_number_range(arg_value, lower_limit, upper_limit, rel, int, arg_name, prim_name)


def check_float_range(arg_value, lower_limit, upper_limit, rel, arg_name=None, prim_name=None):
    return check_number_range(arg_value, lower_limit, upper_limit, rel, float, arg_name, prim_name)


def check_string(arg_value, valid_values, arg_name=None, prim_name=None):
    """``arg_value``, if it is a str among the valid ones; a ValueError also for another type, as in MindSpore."""
    if not isinstance(arg_value, str) or arg_value not in valid_values:
        raise fail(
            ValueError, f"{_named(prim_name, arg_name)} must be one of {list(valid_values)}, but got {arg_value!r:.60}."
        )
    return arg_value


def check_type_name(arg_name, arg_type, valid_types, prim_name):
    """``arg_type``, if it is one of the valid types."""
    valid = valid_types if isinstance(valid_types, (list, tuple, set)) else (valid_types,)
    if arg_type not in valid:
        said = ", ".join(str(t) for t in valid)
        raise fail(TypeError, f"{_named(prim_name, arg_name)} must be one of {said}, but got {arg_type}.")
    return arg_type


def check_subclass(arg_name, type_, template_types, prim_name, addition_error_info=None):
    """Raises a TypeError unless ``type_`` is a subclass of one of the classes."""
    classes = tuple(template_types) if isinstance(template_types, (list, tuple)) else (template_types,)
    if not (isinstance(type_, type) and issubclass(type_, classes)):
        raise fail(
            TypeError,
            f"{_named(prim_name, arg_name)} must be a subclass of {classes}, but got {type_}. {addition_error_info or ''}",
        )


class Validator:
    """The same checks as attributes, as in MindSpore 1: ``Validator.check_positive_int(...)``."""


for _name, _function in list(globals().items()):
    if _name.startswith("check"):
        setattr(Validator, _name, staticmethod(_function))
