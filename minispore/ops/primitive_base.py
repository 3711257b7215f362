"""``Primitive``, the base of the primitive classes, and what scripts define their own with: MindSpore's ``ops.primitive``."""

import functools
import inspect

from ..core.errors import fail
from ..core.registry import supplied

CLASSES: dict[str, type] = {}  # the primitive classes by name (primitive_classes.py)


class Primitive:
    """An operation as an object: callable on Tensors, to be kept as an attribute of a Cell.

    ``name`` is its class's name, ``attrs`` the arguments it was constructed with.

    Args:
        name (str): name of the primitive; that of a known class makes the call work as this class does with its
            defaults.

    Raises:
        NotImplementedError: a call of an object whose class has no ``__call__`` and whose name is not known.

    >>> import minispore as ms
    >>> multiply = ms.ops.MatMul(transpose_b=True)
    >>> multiply
    Prim[MatMul]<transpose_a=False, transpose_b=True>
    >>> print(multiply(ms.Tensor([[1.0, 2.0]]), ms.Tensor([[3.0, 4.0]])))
    [[11.]]
    """

    def __init__(self, name):
        self.name = name
        # what ``prim_attr_register`` noted stays where the constructor it decorates calls this one
        self.attrs: dict = self.__dict__.get("attrs", {})

    def __call__(self, *args):
        # the class of a user, by which MindSpore's kernel of this name is called, as much as a bare Primitive
        kind = CLASSES.get(self.name) or supplied("primitive of a kernel")(self.name)
        if kind is not None and not isinstance(self, kind):
            known = inspect.signature(kind).parameters
            return kind(**{name: value for name, value in self.attrs.items() if name in known})(*args)
        raise fail(NotImplementedError, f"The primitive '{self.name}' has no function: define __call__ in its class.")

    def __repr__(self):
        shown = ", ".join(f"{k}={v}" for k, v in self.attrs.items())
        return f"Prim[{self.name}]<{shown}>" if shown else f"Prim[{self.name}]"

    def add_prim_attr(self, name, value):
        """Notes an attribute; it shows when the primitive is printed.

        Args:
            name (str): its name.
            value (object): its value.

        Returns:
            Primitive: itself.
        """
        self.attrs[name] = value
        self.__dict__[name] = value
        return self

    def del_prim_attr(self, name):
        """Forgets an attribute.

        Args:
            name (str): its name.

        Returns:
            Primitive: itself.
        """
        self.attrs.pop(name, None)
        self.__dict__.pop(name, None)
        return self

    def init_prim_io_names(self, inputs, outputs):
        """Names of inputs and outputs, kept for ``input_names`` and ``output_names``."""
        self.input_names, self.output_names = list(inputs), list(outputs)

    def set_prim_instance_name(self, instance_name):
        """Sets ``instance_name``.

        Args:
            instance_name (str): any name.

        Returns:
            Primitive: itself.
        """
        self.instance_name = instance_name
        return self

    def shard(self, in_strategy=None, out_strategy=None):
        """Accepted, without effect: there is one device.

        Args:
            in_strategy (tuple): accepted. Default: None.
            out_strategy (tuple): accepted. Default: None.

        Returns:
            Primitive: itself.

        Raises:
            TypeError: one is not a tuple.
        """
        for name, value in {"in_strategy": in_strategy, "out_strategy": out_strategy}.items():
            if value is not None and not isinstance(value, tuple):
                raise fail(TypeError, f"For '{self.name}', '{name}' must be a tuple, but got {type(value).__name__}.")
        return self

    def set_device(self, device_target):
        """Notes a device, without effect.

        Args:
            device_target (str): "CPU", "GPU" or "Ascend".

        Returns:
            Primitive: itself.

        Raises:
            RuntimeError: another value.
        """
        if device_target not in ("CPU", "GPU", "Ascend"):
            raise fail(
                RuntimeError,
                f"For '{self.name}', 'device_target' must be 'CPU', 'GPU' or 'Ascend', but got {device_target!r:.60}.",
            )
        return self.add_prim_attr("primitive_target", device_target)

    def set_stage(self, stage):
        """Notes the stage of a pipeline, without effect.

        Args:
            stage (int): its number.

        Returns:
            Primitive: itself.
        """
        return self.add_prim_attr("stage", stage)

    def recompute(self, mode=True):
        """Accepted, without effect: a Cell says what is computed again (``Cell.recompute``).

        Args:
            mode (bool): accepted. Default: True.

        Returns:
            Primitive: itself.

        Raises:
            TypeError: ``mode`` is not a bool.
        """
        if not isinstance(mode, bool):
            raise fail(TypeError, f"For '{self.name}', 'mode' must be a bool, but got {type(mode).__name__}.")
        return self

    def place(self, role, rank_id):
        """Accepted, without effect: there is one device.

        Args:
            role (str): "MS_WORKER".
            rank_id (int): the number of a process.

        Raises:
            ValueError: another role.
            TypeError: ``rank_id`` is not an int.
        """
        if role != "MS_WORKER":
            raise fail(ValueError, f"For '{self.name}', 'role' must be 'MS_WORKER', but got {role!r:.60}.")
        if not isinstance(rank_id, int):
            raise fail(TypeError, f"For '{self.name}', 'rank_id' must be an int, but got {type(rank_id).__name__}.")


def constexpr(fn=None, get_instance=True, name=None, reuse_result=True, check=True):
    """Decorator of a function of Python values: it runs while a graph is traced, as all of Python does here.

    Args:
        fn (Callable): the function; None for use with arguments, ``@constexpr(...)``. Default: None.
        get_instance (bool): accepted, without effect: a function needs no object of a primitive class. Default: True.
        name (str): accepted, without effect, likewise. Default: None.
        reuse_result (bool): accepted, without effect: the function runs once in each tracing. Default: True.
        check (bool): accepted, without effect: Python checks the arguments. Default: True.

    Returns:
        Callable: ``fn`` itself, or a decorator that returns it.

    >>> import minispore as ms
    >>> double = constexpr(lambda n: 2 * n)
    >>> double(3)
    6
    """
    return (lambda f: f) if fn is None else fn


def prim_attr_register(fn):
    """Decorates the ``__init__`` of a Primitive: its arguments become attributes, and ``attrs``, of the object.

    Args:
        fn (Callable): the ``__init__``; its parameters can have any names and defaults.

    Returns:
        Callable: the ``__init__`` that also sets the attributes.

    >>> class Scale(Primitive):
    ...     @prim_attr_register
    ...     def __init__(self, factor=2.0):
    ...         pass
    ...     def __call__(self, x):
    ...         return x * self.factor
    >>> Scale(factor=3.0)
    Prim[Scale]<factor=3.0>
    """
    signature = inspect.signature(fn)

    @functools.wraps(fn)
    def made(self, *args, **kwargs):
        Primitive.__init__(self, type(self).__name__)
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        for name, value in list(bound.arguments.items())[1:]:
            self.add_prim_attr(name, value)
        fn(self, *args, **kwargs)

    return made


PrimitiveWithInfer = PrimitiveWithCheck = Primitive  # shapes and types follow from what __call__ computes
_primexpr = constexpr


def _get_cache_prim(cls):
    """What makes an object of a primitive class; MindSpore keeps the objects, which here cost nothing to make."""
    return cls


__all__ = ["Primitive", "PrimitiveWithCheck", "PrimitiveWithInfer", "constexpr", "prim_attr_register"]
