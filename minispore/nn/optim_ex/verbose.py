"""The schedulers with ``verbose``, as MindSpore's guides write them: ``nn.StepLR(optimizer, 30, verbose=True)``."""

from . import lr_scheduler


def _with_verbose(base):
    class Scheduler(base):  # type: ignore[misc, valid-type]
        __doc__ = base.__doc__

        def __init__(self, *args, verbose=False, **kwargs):
            self.verbose = verbose
            super().__init__(*args, **kwargs)

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
