"""The compiler: trace -> graph -> passes -> fused kernels -> table executable."""

from ..core.cycles import no_cycle_search
from ..core.registry import supplies
from .stats import compile_stats

__all__ = ["compile_stats"]

# What is called for each op replaces itself at the first call by what it imports.


@supplies("compiled form")
def _compiled_form(function, name: str, fullgraph=False, is_stretch=False):
    with no_cycle_search():
        from .compiled import Compiled  # the compiler is imported when something is compiled

    return Compiled(function, name, fullgraph, is_stretch)


@supplies("one-op kernel")
def _one_op_kernel(op, arrays, attrs):
    from .eager import run_kernel

    return supplies("one-op kernel")(run_kernel)(op, arrays, attrs)


@supplies("native function")
def _native_function(function, types, outputs):
    from .numba_functions import native_function

    return native_function(function, types, outputs)


@supplies("gradient program")
def _gradient_program(node, needs, given, integers):
    from .node_gradients import program_of

    return supplies("gradient program")(program_of)(node, needs, given, integers)


@supplies("gradients of a tape")
def _gradients_of_a_tape(nodes, outputs, seeds, wrt, integers):
    from .tape_gradient import tape_gradients

    return supplies("gradients of a tape")(tape_gradients)(nodes, outputs, seeds, wrt, integers)


@supplies("call plan")
def _call_plan(function, args, kwargs):
    from .call_plan import plan_of

    return plan_of(function, args, kwargs)
