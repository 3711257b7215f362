"""An identity whose gradient is a Python function: bprop, hooks and some matrix functions are built on it."""

from ..core import tree
from ..core.op import apply, library


def _lower(build, node):
    for k in range(node.attrs["outputs"]):
        build.copy(build.operand(node.inputs[k]), build.output(node, k))


# The first inputs are also the outputs; ``gradient(needs, grads, inputs)`` gives the gradients of all inputs.
# The batch rule, which runs ``gradient`` for many examples, is in transforms/custom_gradient.py.
custom_gradient_op = library(
    "custom_gradient", lambda *arrays, outputs, gradient: arrays[:outputs],
    lambda *values, outputs, gradient: [(v.shape, v.dtype) for v in values[:outputs]], _lower,
    vjp=lambda needs, grads, outs, inputs, outputs, gradient: gradient(needs, grads, inputs), samples=[],
    vjp_is_fixed=False, takes_complex=True, holomorphic=False,
)  # fmt: skip


def with_gradient(result, others, gradient):
    """``result`` (Tensors in any structure), with the gradient that ``gradient`` computes for it and the Tensors ``others``."""
    tensors = tree.tensors(result)
    return tree.with_tensors(
        result, apply(custom_gradient_op, [*tensors, *others], {"outputs": len(tensors), "gradient": gradient})
    )


__all__ = ["custom_gradient_op", "with_gradient"]
