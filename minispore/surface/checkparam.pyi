# Written by tools/stubs from minispore.surface.checkparam: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
import operator as operator
from enum import IntEnum as IntEnum
from functools import partial as partial
from minispore.core import checks as checks
from minispore.core.checks import refused as refused
from typing import Any

__all__ = ['EQ', 'GE', 'GT', 'IN', 'INC_BOTH', 'INC_LEFT', 'INC_NEITHER', 'INC_RIGHT', 'IntEnum', 'LE', 'LT', 'NE', 'NOT_IN', 'Rel', 'Validator', 'check', 'check_bool', 'check_equal_int', 'check_float', 'check_float_range', 'check_int', 'check_int_range', 'check_is_float', 'check_is_int', 'check_isinstance', 'check_negative_float', 'check_negative_int', 'check_non_negative_float', 'check_non_negative_int', 'check_non_negative_int_sequence', 'check_non_positive_float', 'check_non_positive_int', 'check_number', 'check_number_range', 'check_positive_float', 'check_positive_int', 'check_positive_int_sequence', 'check_string', 'check_subclass', 'check_type_name', 'check_value_type', 'checks', 'operator', 'partial', 'refused']

EQ: Rel
GE: Rel
GT: Rel
IN: Rel
INC_BOTH: Rel
INC_LEFT: Rel
INC_NEITHER: Rel
INC_RIGHT: Rel
LE: Rel
LT: Rel
NE: Rel
NOT_IN: Rel
check_bool: Any
check_float: Any
check_int: Any
check_is_float: Any
check_is_int: Any
check_negative_float: Any
check_negative_int: Any
check_non_negative_float: Any
check_non_negative_int: Any
check_non_positive_float: Any
check_non_positive_int: Any
check_positive_float: Any
check_positive_int: Any

class Rel(IntEnum):
    EQ = 1
    NE = 2
    LT = 3
    LE = 4
    GT = 5
    GE = 6
    INC_NEITHER = 7
    INC_LEFT = 8
    INC_RIGHT = 9
    INC_BOTH = 10
    IN = 11
    NOT_IN = 12

class Validator:
    @staticmethod
    def check(arg_name: Any, arg_value: Any, value_name: Any, value: Any, rel: Any = ..., prim_name: Any = None, excp_cls: Any = ...) -> Any: ...
    @staticmethod
    def check_bool(arg_value: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_equal_int(arg_value: Any, value: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_float(arg_value: Any, value: Any, rel: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_float_range(arg_value: Any, lower_limit: Any, upper_limit: Any, rel: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_int(arg_value: Any, value: Any, rel: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_int_range(arg_value: Any, lower_limit: Any, upper_limit: Any, rel: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_is_float(arg_value: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_is_int(arg_value: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_isinstance(arg_name: Any, arg_value: Any, classes: Any) -> Any: ...
    @staticmethod
    def check_negative_float(arg_value: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_negative_int(arg_value: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_non_negative_float(arg_value: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_non_negative_int(arg_value: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_non_negative_int_sequence(sequence: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_non_positive_float(arg_value: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_non_positive_int(arg_value: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_number(arg_name: Any, arg_value: Any, value: Any, rel: Any, prim_name: Any) -> Any: ...
    @staticmethod
    def check_number_range(arg_value: Any, lower_limit: Any, upper_limit: Any, rel: Any, value_type: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_positive_float(arg_value: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_positive_int(arg_value: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_positive_int_sequence(sequence: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_string(arg_value: Any, valid_values: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...
    @staticmethod
    def check_subclass(arg_name: Any, type_: Any, template_types: Any, prim_name: Any, addition_error_info: Any = None) -> None: ...
    @staticmethod
    def check_type_name(arg_name: Any, arg_type: Any, valid_types: Any, prim_name: Any) -> Any: ...
    @staticmethod
    def check_value_type(arg_name: Any, arg_value: Any, valid_types: Any, prim_name: Any = None) -> Any: ...

def check(arg_name: Any, arg_value: Any, value_name: Any, value: Any, rel: Any = ..., prim_name: Any = None, excp_cls: Any = ...) -> Any: ...

def check_equal_int(arg_value: Any, value: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...

def check_float_range(arg_value: Any, lower_limit: Any, upper_limit: Any, rel: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...

def check_int_range(arg_value: Any, lower_limit: Any, upper_limit: Any, rel: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...

def check_isinstance(arg_name: Any, arg_value: Any, classes: Any) -> Any: ...

def check_non_negative_int_sequence(sequence: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...

def check_number(arg_name: Any, arg_value: Any, value: Any, rel: Any, prim_name: Any) -> Any: ...

def check_number_range(arg_value: Any, lower_limit: Any, upper_limit: Any, rel: Any, value_type: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...

def check_positive_int_sequence(sequence: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...

def check_string(arg_value: Any, valid_values: Any, arg_name: Any = None, prim_name: Any = None) -> Any: ...

def check_subclass(arg_name: Any, type_: Any, template_types: Any, prim_name: Any, addition_error_info: Any = None) -> None: ...

def check_type_name(arg_name: Any, arg_type: Any, valid_types: Any, prim_name: Any) -> Any: ...

def check_value_type(arg_name: Any, arg_value: Any, valid_types: Any, prim_name: Any = None) -> Any: ...
