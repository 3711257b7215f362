"""Hooks: functions that run before or after a Cell.  A call with hooks is not compiled."""

from __future__ import annotations

import itertools
from collections import OrderedDict

from ..core import checks
from ..core.errors import fail
from ..core.record import STATE
from ..transforms.custom_gradient import call_with_backward_hooks
from .cell_buffers import CellBuffers

_hook_numbers = itertools.count()
_cells_with_hooks = 0  # calls look for hooks only if it is not 0


class HookHandle:
    """What a hook's registration returns; ``remove()`` takes the hook away.

    Args:
        cell: Cell.
        kind: str, when the hook runs.
    """

    def __init__(self, cell: CellHooks, kind: str):
        self.cell, self.kind, self.number = cell, kind, next(_hook_numbers)

    def remove(self) -> None:
        """Takes the hook away; a second call changes nothing.

        >>> from minispore import Tensor, nn
        >>> net = nn.ReLU()
        >>> handle = net.register_forward_hook(lambda cell, inputs, output: output + 1)
        >>> handle.remove()
        >>> print(net(Tensor([2.0])))
        [2.]
        """
        hooks = self.cell._hooks
        if hooks is not None:
            hooks[self.kind].pop(self.number, None)
            if not any(hooks.values()):
                global _cells_with_hooks
                self.cell.__dict__["_hooks"] = None
                _cells_with_hooks -= 1
            self.cell._invalidate()


class CellHooks(CellBuffers):
    """The methods of ``Cell`` that register hooks, and a call that runs them."""

    def _any_hooks(self) -> bool:
        return _cells_with_hooks > 0 and any(c._hooks is not None for _, c in self.cells_and_names())

    def _run_with_hooks(self, hooks, args, kwargs):
        for hook, named, _ in list(hooks["pre"].values()):
            result = hook(self, args, kwargs) if named else hook(self, args)
            if result is None:
                continue
            if named:
                args, kwargs = result
            else:
                args = result if isinstance(result, tuple) else (result,)
        after = list(hooks["post"].values())
        out = None
        try:
            if (hooks["backward"] or hooks["backward_pre"]) and STATE.recorder is not None:
                out = call_with_backward_hooks(self, hooks, args, kwargs)
            else:
                out = self._constructed(args, kwargs)
            while after:
                hook, named, _ = after.pop(0)
                result = hook(self, args, kwargs, out) if named else hook(self, args, out)
                if result is not None:
                    out = result
            return out
        finally:
            for hook, named, always in after:  # only after an error
                if always:
                    hook(self, args, kwargs, out) if named else hook(self, args, out)

    def _register(self, kind: str, function, prepend=False, with_kwargs=False, always=False) -> HookHandle:
        if not callable(function):
            raise fail(TypeError, f"A hook must be a function, but got {type(function).__name__}.")
        checks.boolean("hook", prepend=prepend, with_kwargs=with_kwargs, always_call=always)
        global _cells_with_hooks
        if self._hooks is None:
            self.__dict__["_hooks"] = {kind: OrderedDict() for kind in ("pre", "post", "backward", "backward_pre")}
            _cells_with_hooks += 1
        handle = HookHandle(self, kind)
        plain = kind.startswith("backward")
        self._hooks[kind][handle.number] = function if plain else (function, with_kwargs, always)
        if prepend:
            self._hooks[kind].move_to_end(handle.number, last=False)
        self._invalidate()
        return handle

    def register_forward_pre_hook(self, hook_fn, *, prepend=False, with_kwargs=False) -> HookHandle:
        """Has ``hook(cell, inputs)`` run before construct; it may return other inputs.  A call with hooks is not
        compiled.

        Args:
            hook_fn: function of the cell and the tuple of inputs; with ``with_kwargs`` of the cell, args and kwargs,
                which may return another ``(args, kwargs)``.
            prepend: bool, whether it runs before the hooks that are there.  Default: False.
            with_kwargs: bool.  Default: False.

        Returns:
            HookHandle, whose ``remove()`` takes the hook away.

        Raises:
            TypeError: ``hook_fn`` is not a function, or an option not a bool.

        >>> from minispore import Tensor, nn
        >>> net = nn.ReLU()
        >>> handle = net.register_forward_pre_hook(lambda cell, inputs: (-inputs[0],))
        >>> print(net(Tensor([-1.0, 2.0])))
        [1. 0.]
        >>> handle.remove()
        """
        return self._register("pre", hook_fn, prepend, with_kwargs)

    def register_forward_hook(self, hook_fn, *, prepend=False, with_kwargs=False, always_call=False) -> HookHandle:
        """Has ``hook(cell, inputs, output)`` run after construct; it may return another output.

        Args:
            hook_fn: function; with ``with_kwargs`` it is ``hook(cell, args, kwargs, output)``.
            prepend: bool, whether it runs before the hooks that are there.  Default: False.
            with_kwargs: bool.  Default: False.
            always_call: bool, whether it also runs, with None as output, where construct raises an error.  Default:
                False.

        Returns:
            HookHandle, whose ``remove()`` takes the hook away.

        Raises:
            TypeError: ``hook_fn`` is not a function, or an option not a bool.

        >>> from minispore import Tensor, nn
        >>> net = nn.ReLU()
        >>> handle = net.register_forward_hook(lambda cell, inputs, output: output + 1)
        >>> print(net(Tensor([-1.0, 2.0])))
        [1. 3.]
        """
        return self._register("post", hook_fn, prepend, with_kwargs, always_call)

    def register_backward_hook(self, hook_fn) -> HookHandle:
        """Has ``hook(cell, grad_input, grad_output)`` run in the backward pass; it may return other gradients of the
        inputs.

        Args:
            hook_fn: function of the cell and two tuples of Tensors.

        Returns:
            HookHandle, whose ``remove()`` takes the hook away.

        Raises:
            TypeError: ``hook_fn`` is not a function, or an option not a bool.

        >>> from minispore import Tensor, grad, nn
        >>> net = nn.ReLU()
        >>> handle = net.register_backward_hook(lambda cell, grad_input, grad_output: (grad_input[0] * 10,))
        >>> print(grad(net)(Tensor([-1.0, 2.0])))
        [ 0. 10.]
        """
        return self._register("backward", hook_fn)

    def register_backward_pre_hook(self, hook_fn) -> HookHandle:
        """Has ``hook(cell, grad_output)`` run before the backward pass of this cell; it may return another gradient.

        Args:
            hook_fn: function of the cell and a tuple of Tensors.

        Returns:
            HookHandle, whose ``remove()`` takes the hook away.

        Raises:
            TypeError: ``hook_fn`` is not a function, or an option not a bool.

        >>> from minispore import Tensor, grad, nn
        >>> net = nn.ReLU()
        >>> handle = net.register_backward_pre_hook(lambda cell, grad_output: (grad_output[0] * 10,))
        >>> print(grad(net)(Tensor([-1.0, 2.0])))
        [ 0. 10.]
        """
        return self._register("backward_pre", hook_fn)
