"""What ops of one's own are written with.  The names in ``__all__`` keep their meaning from version to version.

Whatever can be written as a function of existing ops needs nothing from here: it runs in both modes, fuses and
has derivatives.  Layers are ``nn.Cell`` with ``Parameter`` and ``ops``, optimizers are ``nn.Optimizer``.

An op with a formula of its own is one scalar expression and its gradient, which is written with ops:

>>> import minispore as ms
>>> from minispore.extend import elementwise, samples
>>> softabs = elementwise(
...     "softabs", "sqrt(x * x + 1) - 1", types="float", vjp=lambda g, out, x: g * x / (out + 1),
...     samples=[(samples.f(2, 3),)], doc="A smooth absolute value",
... )
>>> print(softabs(ms.Tensor([0.75, -0.75])), ms.grad(softabs)(ms.Tensor([0.75])))
[0.25 0.25] [0.6]

An op with a loop of its own is a ``library`` definition with a ``kernel``.  ``numpy`` computes the op in PYNATIVE mode,
``infer`` gives the types of its outputs, ``lower`` calls the kernel in a compiled step:

>>> import numpy as np
>>> from minispore.extend import kernel, library
>>> @kernel
... def running_max_kernel(x: "T*", out: "T*", n: int, lo, hi):
...     for row in range(lo, hi):
...         best = x[row * n]
...         for k in range(n):
...             best = max(best, x[row * n + k])
...             out[row * n + k] = best
>>> def lower(build, node):
...     x = node.inputs[0]
...     rows, n = x.shape
...     out = build.output(node)
...     build.call(running_max_kernel.bind(T=build.storage(x.dtype)), node, [build.dense(x), out, n], rows, writes=[out])
>>> running_max = library(
...     "running_max", numpy=lambda x: (np.maximum.accumulate(x, 1),), infer=lambda x: [(x.shape, x.dtype)], lower=lower,
... )
>>> x = ms.Tensor([[1.0, 3.0, 2.0], [5.0, 4.0, 6.0]])
>>> print(running_max(x), bool((ms.jit(running_max)(x) == running_max(x)).all()))
[[1. 3. 3.]
 [5. 5. 6.]] True

Attributes of a call (``running_max(x, axis=1)``) are keyword arguments of ``numpy``, ``infer`` and ``vjp``, and
``node.attrs`` in ``lower``.  Definitions take further:

- ``vjp``: a tuple with the gradient rule of each input, ``(g, out, *inputs, **attrs) -> Tensor`` or None; where there is one
  input, the rule alone will do (not for ``library``, which takes instead of the tuple one function for all inputs:
  ``(needs, gradients, outs, inputs, **attrs) -> list``).  Without ``vjp`` the op passes no gradient on.
- ``samples``: inputs that the generated tests try, made with ``samples.f(2, 3)`` and its like; see CONTRIBUTING.md.
- ``smooth``: False if the second derivative is not that of finite differences everywhere.
- ``batch``: how ``vmap`` applies the op to many examples, ``(op, size, tensors, batched, attrs) -> outputs``; the module
  ``batch_rules`` has the usual ones.  Without a rule the examples run one by one, with a warning.
- ``doc``: the docstring; of ``elementwise`` its first words, the rest follows from the definition.

What ``lower`` may ask of ``build``: ``dense(value)``, an input as a dense array; ``output(node, k)``, the memory of an
output; ``temp(shape, dtype)``, memory for the time of the step; ``storage(dtype)``, the name of a type in a kernel;
``call(kernel, node, arguments, extent, writes=[...])``, where the range [0, extent) may be split between threads.
"""

from .core import samples
from .core.errors import fail
from .core.kernel import device, kernel
from .core.op import Op, apply, as_tensor, broadcast_shapes, elementwise, library, reduction, to, view
from .ops import batch as batch_rules
from .ops.methods import method

__all__ = [
    "Op", "elementwise", "reduction", "view", "library",  # definitions
    "kernel", "device",  # loops
    "apply", "as_tensor", "to", "broadcast_shapes", "fail", "method",  # functions around them
    "samples", "batch_rules",  # modules
]  # fmt: skip
