"""What scripts say of the types of a custom op: kept as a dict and without effect, ``Custom`` sees the types at each call."""


class CustomRegOp:
    """Accepted, without effect: what MindSpore wants to know of a ``Custom`` op.

    Every call but ``get_op_info`` returns the object itself.

    Args:
        op_name (str): name of the op. Default: "Custom".

    >>> info = CustomRegOp("scale").input(0, "x").output(0, "y").dtype_format("float32", "float32").target("CPU")
    >>> info.get_op_info()["inputs"]
    [{'index': 0, 'name': 'x', 'paramType': 'required'}]
    """

    def __init__(self, op_name="Custom"):
        self._info: dict = {
            "op_name": op_name,
            "inputs": [],
            "outputs": [],
            "attr": [],
            "dtype_format": [],
            "target": "",
        }

    def input(self, index=None, name=None, param_type="required", **kwargs):
        """Notes an input.

        Args:
            index (int): its position. Default: None.
            name (str): its name. Default: None.
            param_type (str): "required", "optional" or "dynamic". Default: "required".
            **kwargs (object): kept too.

        Returns:
            CustomRegOp: itself.
        """
        return self._add("inputs", {"index": index, "name": name, "paramType": param_type, **kwargs})

    def output(self, index=None, name=None, param_type="required", **kwargs):
        """Notes an output.

        Args:
            index (int): its position. Default: None.
            name (str): its name. Default: None.
            param_type (str): "required", "optional" or "dynamic". Default: "required".
            **kwargs (object): kept too.

        Returns:
            CustomRegOp: itself.
        """
        return self._add("outputs", {"index": index, "name": name, "paramType": param_type, **kwargs})

    def attr(self, name=None, param_type=None, value_type=None, default_value=None, **kwargs):
        """Notes an attribute.

        Args:
            name (str): its name. Default: None.
            param_type (str): "required" or "optional". Default: None.
            value_type (str): its type. Default: None.
            default_value (str): its default. Default: None.
            **kwargs (object): kept too.

        Returns:
            CustomRegOp: itself.
        """
        given = {"name": name, "paramType": param_type, "type": value_type, "defaultValue": default_value, **kwargs}
        return self._add("attr", given)

    def dtype_format(self, *args):
        """Notes the types and layouts of one combination of inputs and outputs.

        Args:
            *args (tuple[str, str]): a pair, such as ``DataType.F32_Default``, for each.

        Returns:
            CustomRegOp: itself.
        """
        return self._add("dtype_format", args)

    def target(self, target=None):
        """Notes the device.

        Args:
            target (str): such as "CPU". Default: None.

        Returns:
            CustomRegOp: itself.
        """
        self._info["target"] = target
        return self

    def get_op_info(self) -> dict:
        """What was noted.

        Returns:
            dict: with the keys op_name, inputs, outputs, attr, dtype_format and target.
        """
        return self._info

    def _add(self, what: str, item):
        self._info[what].append(item)
        return self


def custom_info_register(*reg_info):
    """Accepted, without effect: decorates the function of a ``Custom`` op with its information.

    Args:
        *reg_info (CustomRegOp | dict): accepted, without effect: ``Custom`` sees the types at each call.

    Returns:
        Callable: a decorator that returns the function itself.

    >>> @custom_info_register(CustomRegOp("scale").input(0, "x").output(0, "y"))
    ... def scale(x):
    ...     return 2 * x
    >>> scale(3)
    6
    """
    return lambda function: function


class _Pairs(type):
    def __getattr__(cls, name: str):
        kind, separator, layout = name.partition("_")
        if not separator or name.startswith("_"):
            raise AttributeError(f"DataType has no '{name}': write a type and a layout, as in DataType.F32_Default.")
        return kind, layout


class DataType(metaclass=_Pairs):
    """Accepted and without effect: pairs of a type and a layout for ``CustomRegOp.dtype_format``.

    >>> DataType.F32_Default
    ('F32', 'Default')
    """


__all__ = ["CustomRegOp", "DataType", "custom_info_register"]
