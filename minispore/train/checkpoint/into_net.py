"""``load_param_into_net``: values for the Parameters of a net, by their names."""

import warnings

import numpy as np

from ...core import checks
from ...core.errors import fail
from ...core.op import wrap
from ...core.parameter import Parameter
from ...core.record import user_level
from ...nn.cell import Cell


def load_param_into_net(net, parameter_dict, strict_load=False, remove_redundancy=False):
    """Gives the Parameters of a net the values of equal name.  All of them are checked before any is changed.

    Args:
        net: Cell: a net, an optimizer, a train step.  A compiled one uses the values at its next call.
        parameter_dict: dict name -> Parameter, as ``load_checkpoint`` returns it.
        strict_load: bool, whether names and number types must be equal.  Otherwise a prefix that the names of the dict
            have before those of the net is left out, and floats become floats, integers integers of the net's type.
            Default: False.
        remove_redundancy: bool, for several devices only.  Default: False.

    Returns:
        tuple of two lists: names of the net that were not found, names of the dict that were not used.

    Raises:
        TypeError: an argument of the wrong type.
        RuntimeError: a shape or type does not fit; the net stays as it was.

    >>> import minispore as ms
    >>> net = ms.nn.Dense(2, 1)
    >>> given = {"bias": ms.Parameter(ms.Tensor([3.0])), "other": ms.Parameter(ms.Tensor([1.0]))}
    >>> ms.load_param_into_net(net, given, strict_load=True)
    (['weight'], ['other'])
    >>> print(net.bias.asnumpy())
    [3.]
    """
    _check_load_arguments(net, parameter_dict, strict_load, remove_redundancy)
    given = {name: data for name, data in parameter_dict.items() if isinstance(data, Parameter)}
    params = [p for _, p in net.parameters_and_names()]
    source = {p.name: p.name for p in params if p.name in given}
    missing = [p.name for p in params if p.name not in source]
    if not strict_load:
        source |= _below_prefixes(missing, given)
    missing = [name for name in missing if name not in source]
    used = set(source.values())
    unused = [name for name in parameter_dict if name not in used]
    lists = f"{_listed('Not in the dict', missing)}{_listed('Not in the net', unused)}"
    new = [(p, _fitting(p, given[source[p.name]], strict_load, lists)) for p in params if p.name in source]
    for p, array in new:
        p.set_data(wrap(array))
    if missing:
        warnings.warn(
            f"load_param_into_net: {len(missing)} Parameters of the net are not in the dict and keep their values.{lists}",
            UserWarning, stacklevel=user_level(),
        )  # fmt: skip
    return missing, unused


def _listed(title: str, names: list[str]) -> str:
    shown = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
    return f" {title}: {shown}." if names else ""


def _check_load_arguments(net, parameter_dict, strict_load, remove_redundancy) -> None:
    checks.instance("load_param_into_net", Cell, net=net)
    checks.instance("load_param_into_net", dict, parameter_dict=parameter_dict)
    for name, data in parameter_dict.items():
        if not isinstance(name, str) or not isinstance(data, (Parameter, str, list)):
            raise fail(
                TypeError,
                "For 'load_param_into_net', 'parameter_dict' must map str to Parameters, but got "
                f"{type(name).__name__}: {type(data).__name__}.",
            )
    checks.boolean("load_param_into_net", strict_load=strict_load)
    checks.by_value.boolean("load_param_into_net", remove_redundancy=remove_redundancy)
    if remove_redundancy:
        raise fail(
            ValueError, "For 'load_param_into_net', 'remove_redundancy' is for several devices, but there is one."
        )


def _below_prefixes(missing, given) -> dict[str, str]:
    """{missing name: prefix + name}; a prefix is taken from an unused name that ends like a missing one."""
    found: dict[str, str] = {}
    left = list(missing)
    while prefix := next((d.removesuffix(name) for name in left for d in given if d.endswith(name)), None):
        found |= {name: prefix + name for name in left if prefix + name in given}
        left = [name for name in left if name not in found]
    return found


def _fitting(p: Parameter, given: Parameter, strict: bool, lists: str) -> np.ndarray:
    """The value converted to the shape and type of ``p``; raises a RuntimeError where that is not possible."""
    array, shape, dtype = given._array(), p.shape, p.dtype
    ones_behind = array.shape[: len(shape)] == shape and all(d == 1 for d in array.shape[len(shape) :])
    if array.shape != shape and not ones_behind:
        raise fail(
            RuntimeError,
            f"For 'load_param_into_net', '{p.name}' has the shape {shape} in the net, but {array.shape} in the dict. "
            f"The net was not changed.{lists}",
        )
    if given.dtype != dtype:
        kinds = {(t.is_float, t.is_int and t.name[0] == "i") for t in (dtype, given.dtype)}
        if strict or len(kinds) > 1 or kinds == {(False, False)}:
            raise fail(
                RuntimeError,
                f"For 'load_param_into_net', '{p.name}' is {dtype} in the net, but {given.dtype} in the dict"
                + (" (strict_load=True takes equal types only)" if strict else "") + f". The net was not changed.{lists}",
            )  # fmt: skip
        with np.errstate(over="ignore"):
            array = array.astype(dtype.np)
    return array.reshape(shape)
