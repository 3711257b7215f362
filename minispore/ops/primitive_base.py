"""``Primitive``, the base of the primitive classes, and what scripts define their own with: MindSpore's ``ops.primitive``."""

import functools
import inspect

from ..core.errors import fail

CLASSES: dict[str, type] = {}  # the primitive classes by name (primitive_classes.py)


class Primitive:
    """An operation as an object: callable on Tensors, to be kept as an attribute of a Cell.

    ``name`` is its class's name, ``attrs`` the arguments it was constructed with.

    >>> import minispore as ms
    >>> multiply = ms.ops.MatMul(transpose_b=True)
    >>> multiply
    Prim[MatMul]<transpose_a=False, transpose_b=True>
    >>> print(multiply(ms.Tensor([[1.0, 2.0]]), ms.Tensor([[3.0, 4.0]])))
    [[11.]]
    """

    def __init__(self, name: str):
        self.name = name
        self.attrs: dict = {}

    def __call__(self, *args):
        if type(self) is Primitive and self.name in CLASSES:
            return CLASSES[self.name](**self.attrs)(*args)
        raise fail(NotImplementedError, f"The primitive '{self.name}' has no function: define __call__ in its class.")

    def __repr__(self):
        shown = ", ".join(f"{k}={v}" for k, v in self.attrs.items())
        return f"Prim[{self.name}]<{shown}>" if shown else f"Prim[{self.name}]"

    def add_prim_attr(self, name, value):
        """Notes an attribute; it shows when the primitive is printed.  Returns self."""
        self.attrs[name] = value
        self.__dict__[name] = value
        return self

    def del_prim_attr(self, name):
        """Forgets an attribute.  Returns self."""
        self.attrs.pop(name, None)
        self.__dict__.pop(name, None)
        return self

    def init_prim_io_names(self, inputs, outputs):
        """Names of inputs and outputs, kept for ``input_names`` and ``output_names``."""
        self.input_names, self.output_names = list(inputs), list(outputs)

    def set_prim_instance_name(self, instance_name):
        self.instance_name = instance_name
        return self

    def shard(self, in_strategy=None, out_strategy=None):
        """Accepted: there is one device.  Returns self."""
        return self


def constexpr(fn=None, get_instance=True, name=None, reuse_result=True, check=True):
    """Decorator of a function of Python values: it runs while a graph is traced, as all of Python does here."""
    return (lambda f: f) if fn is None else fn


def prim_attr_register(fn):
    """Decorates the ``__init__`` of a Primitive: its arguments become attributes, and ``attrs``, of the object.

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
