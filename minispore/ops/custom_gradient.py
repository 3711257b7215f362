"""Values passed on by a node whose gradient is a Python function: what bprop, hooks and some matrix functions stand on."""

from ..core import tree
from ..core.op import apply, library
from ..core.tensor import Tensor


def _lower(build, node):
    for k in range(node.attrs["outputs"]):
        build.copy(build.operand(node.inputs[k]), build.output(node, k))


# The first inputs are also the outputs; ``gradient(needs, grads, inputs)`` gives the gradients of all inputs.
# The batch rule, which runs ``gradient`` for many examples, is in transforms/custom_gradient.py.
pass_on = library(
    "pass_on", lambda *arrays, outputs, gradient: arrays[:outputs],
    lambda *values, outputs, gradient: [(v.shape, v.dtype) for v in values[:outputs]], _lower,
    vjp=lambda needs, grads, outs, inputs, outputs, gradient: gradient(needs, grads, inputs), samples=[],
)  # fmt: skip


def passed_on(result, others, gradient):
    """``result`` (Tensors in any structure) behind a node that also depends on the Tensors ``others``."""
    tensors = tree.tensors(result)
    return with_tensors(result, apply(pass_on, [*tensors, *others], {"outputs": len(tensors), "gradient": gradient}))


def with_tensors(structure, tensors):
    """``structure`` with other Tensors in place of its own."""
    left = iter(tensors)
    return tree.map_leaves(lambda x: next(left) if isinstance(x, Tensor) else x, structure)


__all__ = ["pass_on", "passed_on", "with_tensors"]
