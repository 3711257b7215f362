"""Hooks: functions that run before or after a Cell.  A call with hooks is not compiled."""

from __future__ import annotations

import itertools
from collections import OrderedDict

from ..core import checks
from ..core.errors import fail
from ..core.record import STATE
from ..flow import runnable
from ..transforms.custom_gradient import call_with_backward_hooks
from .cell_members import CellMembers

_hook_numbers = itertools.count()
_cells_with_hooks = 0  # calls look for hooks only if it is not 0


class HookHandle:
    """What a hook's registration returns; ``remove()`` takes the hook away."""

    def __init__(self, cell: CellHooks, kind: str):
        self.cell, self.kind, self.number = cell, kind, next(_hook_numbers)

    def remove(self) -> None:
        hooks = self.cell._hooks
        if hooks is not None:
            hooks[self.kind].pop(self.number, None)
            if not any(hooks.values()):
                global _cells_with_hooks
                self.cell.__dict__["_hooks"] = None
                _cells_with_hooks -= 1
            self.cell._invalidate()


class CellHooks(CellMembers):
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
                out = runnable(self.construct)(*args, **kwargs)
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
        """``hook(cell, inputs)`` runs before construct and may return other inputs.  A call with hooks is not compiled.

        With ``with_kwargs`` it is ``hook(cell, args, kwargs)``, which may return another ``(args, kwargs)``; with
        ``prepend`` it runs before the hooks that are there.
        """
        return self._register("pre", hook_fn, prepend, with_kwargs)

    def register_forward_hook(self, hook_fn, *, prepend=False, with_kwargs=False, always_call=False) -> HookHandle:
        """``hook(cell, inputs, output)`` runs after construct and may return another output.

        With ``with_kwargs`` it is ``hook(cell, args, kwargs, output)``; with ``always_call`` it also runs, with None as output, where
        construct raises an error.  See ``register_forward_pre_hook``.
        """
        return self._register("post", hook_fn, prepend, with_kwargs, always_call)

    def register_backward_hook(self, hook_fn) -> HookHandle:
        """``hook(cell, grad_input, grad_output)`` runs in the backward pass and may return other gradients."""
        return self._register("backward", hook_fn)

    def register_backward_pre_hook(self, hook_fn) -> HookHandle:
        """``hook(cell, grad_output)`` runs before the backward pass of this cell and may return another gradient."""
        return self._register("backward_pre", hook_fn)
