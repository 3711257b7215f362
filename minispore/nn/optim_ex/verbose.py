"""The schedulers with ``verbose``, as MindSpore's guides write them: ``nn.StepLR(optimizer, 30, verbose=True)``."""

import functools
import inspect

from . import lr_scheduler

_ARGUMENT = inspect.Parameter("verbose", inspect.Parameter.KEYWORD_ONLY, default=False)
_DESCRIPTION = "\n        verbose: bool, whether each step prints the learning rates; by keyword.  Default: False."


def _with_verbose(base):
    class Scheduler(base):  # type: ignore[misc, valid-type]
        __doc__ = base.__doc__ and base.__doc__.replace("\n\n    Raises:", _DESCRIPTION + "\n\n    Raises:", 1)
        __signature__ = inspect.Signature([*inspect.signature(base).parameters.values(), _ARGUMENT])

        def __init__(self, *args, verbose=False, **kwargs):
            self.verbose = verbose
            super().__init__(*args, **kwargs)

        @functools.wraps(base.step)
        def step(self, *args, **kwargs):
            done = super().step(*args, **kwargs)
            if self.verbose:
                for k, lr in enumerate(self._last_lr):
                    print(f"Adjusting learning rate of group {k} to {lr.asnumpy()!s}.")
            return done

    Scheduler.__name__, Scheduler.__qualname__ = base.__name__, base.__qualname__
    return Scheduler


for _name in lr_scheduler.__all__:
    globals()[_name] = (
        _with_verbose(getattr(lr_scheduler, _name)) if _name != "LRScheduler" else lr_scheduler.LRScheduler
    )

__all__ = list(lr_scheduler.__all__)
