"""The base class of callbacks, and the arguments they are called with."""

import warnings
from contextlib import ExitStack
from difflib import get_close_matches

import numpy as np

from ...core import checks
from ...core.cell_base import is_own
from ...core.errors import fail
from ...core.record import user_level
from ...core.tensor import Tensor
from ...distributed import WORLD
from ..checkpoint.files import saves

MOMENTS = ("begin", "epoch_begin", "step_begin", "step_end", "epoch_end", "end")


class _NoEntry(AttributeError, KeyError):
    """A KeyError, as in MindSpore, and an AttributeError, so that ``hasattr`` works."""


class CallbackParams(dict):
    """What a callback may read and change: a dict whose entries are attributes too.

    ``cur_epoch_num`` and ``cur_step_num`` count from 1, the steps through all epochs; ``batch_num`` is the number of
    steps of an epoch, ``epoch_num`` the number of epochs, ``mode`` "train" or "eval".  Then there are ``network``,
    ``train_network``, ``eval_network``, ``loss_fn``, ``optimizer``, ``train_dataset``, ``valid_dataset``,
    ``train_dataset_element`` (the batch), ``net_outputs`` (what the step returned), ``list_callback``, ``metrics``.

    >>> CallbackParams(mode="train").mode
    'train'
    """

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise _NoEntry(f"the callback's parameters have no '{name}' now; they have {sorted(self)}") from None

    def __setattr__(self, name, value):
        self[name] = value


class RunContext:
    """The argument of each callback method: ``original_args()`` and ``request_stop()``.

    Args:
        original_args: dict, the CallbackParams.

    Raises:
        TypeError: ``original_args`` is not a dict.

    >>> from minispore.train import RunContext
    >>> context = RunContext({"mode": "train"})
    >>> context.request_stop()
    >>> context.get_stop_requested()
    True
    """

    def __init__(self, original_args):
        checks.instance("RunContext", dict, original_args=original_args)
        self._original_args, self._stop = original_args, False
        self.saves = saves()  # checkpoints that this process had saved when ranks last looked

    def original_args(self):
        """The parameters; see ``CallbackParams``.

        Returns:
            dict.
        """
        return self._original_args

    def request_stop(self) -> None:
        """Ends training or evaluation after this step."""
        self._stop = True

    def get_stop_requested(self) -> bool:
        """Whether the end was asked for.

        Returns:
            bool.
        """
        return self._stop

    def __getattr__(self, name):
        known = self.__dict__.get("_original_args", ())
        hint = " The loss is run_context.original_args().net_outputs." if name == "loss" else ""
        hint = f" Write run_context.original_args().{name}." if name in known else hint
        raise AttributeError(f"'RunContext' object has no attribute '{name}'.{hint}")


class Callback:
    """The base class of callbacks: a subclass overrides the methods it needs.

    ``on_train_begin``, ``on_train_epoch_begin``, ``on_train_step_begin``, ``on_train_step_end``,
    ``on_train_epoch_end``, ``on_train_end``, and the same with ``on_eval_``; each takes a RunContext.  The short names
    ``begin``, ``epoch_begin``, ``step_begin``, ``step_end``, ``epoch_end``, ``end`` serve both.  A callback is also a
    context manager, entered before training and left after it, by an error too.

    >>> from minispore.train import Callback
    >>> class Stop(Callback):
    ...     def on_train_step_end(self, run_context):
    ...         if run_context.original_args().cur_step_num == 10:
    ...             run_context.request_stop()
    """

    in_validation = True  # whether Model.fit calls it during validation
    on_rank_zero = False  # whether, of several processes, only rank 0 calls it; set it to False to have it on all

    def __enter__(self):
        return self

    def __exit__(self, *err):
        return None


_ARGS = "\n\n        Args:\n            run_context: RunContext, the state of the run.\n        "


def _short(name):
    def moment(self, run_context):
        pass

    moment.__name__ = name
    moment.__doc__ = "Called in training and evaluation, unless the longer name is defined." + _ARGS
    return moment


def _long(phase, name):
    def moment(self, run_context):
        getattr(self, name)(run_context)

    moment.__name__, moment.__doc__ = f"on_{phase}_{name}", f"Calls ``{name}``." + _ARGS
    return moment


for _name in MOMENTS:
    setattr(Callback, _name, _short(_name))
    for _phase in ("train", "eval"):
        setattr(Callback, f"on_{_phase}_{_name}", _long(_phase, _name))


def _warn_of_names(callback) -> None:
    """A warning for a method that is never called, but has the name of another framework or is misspelt."""
    known = {name for name in dir(Callback) if not name.startswith("_")}
    for name in (
        n
        for base in type(callback).__mro__
        if not is_own(base)
        for n in vars(base)
        if n.startswith("on_") and n not in known
    ):
        ours = (
            name.replace("batch", "step")
            .replace("validation", "eval")
            .replace("test", "eval")
            .replace("_start", "_begin")
        )
        near = get_close_matches(
            ours if "train" in ours or "eval" in ours else f"on_train{ours[2:]}", known, n=1, cutoff=0.85
        )
        if near:
            warnings.warn(
                f"The method '{name}' of the callback '{type(callback).__name__}' is never called. Did you mean '{near[0]}'?",
                UserWarning,
                stacklevel=user_level(),
            )


class CallbackList:
    """Several callbacks as one: their methods are called in order.

    Args:
        callbacks: Callback, a list of them, or None.

    Raises:
        TypeError: one of them is not a Callback.
    """

    def __init__(self, callbacks):
        given = [] if callbacks is None else list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks]
        for callback in given:
            if not isinstance(callback, Callback):
                got = (
                    f"the class {callback.__name__}: make one, {callback.__name__}(...)"
                    if isinstance(callback, type)
                    else type(callback).__name__
                )
                raise fail(TypeError, f"For 'callbacks', Callback objects are needed, but got {got}.")
            _warn_of_names(callback)
        self.callbacks = given
        self._stack = ExitStack()

    def __enter__(self):
        given, self.callbacks = self.callbacks, []
        self.enter(given)
        return self

    def enter(self, callbacks) -> None:
        """Adds callbacks, at the end, but for those of rank 0 on other ranks."""
        for callback in (c for c in callbacks if not (c.on_rank_zero and WORLD.rank)):
            entered = self._stack.enter_context(callback)
            self.callbacks.append(entered if isinstance(entered, Callback) else callback)

    def __exit__(self, *err):
        return self._stack.__exit__(*err)

    def call(self, moment: str, run_context) -> None:
        """Calls one moment of all callbacks.

        Args:
            moment: str, such as "on_train_begin".
            run_context: RunContext.
        """
        for callback in self.callbacks:
            getattr(callback, moment)(run_context)


class CallbackManager(CallbackList, Callback):
    """``CallbackList`` as a callback: train loops of one's own enter it and call its moments; subclasses add to them."""

    @property
    def _callbacks(self) -> list:
        return self.callbacks


def _of_all(moment: str):
    def called(self, run_context):
        self.call(moment, run_context)

    called.__name__ = moment
    return called


for _name in MOMENTS:
    for _moment in (_name, f"on_train_{_name}", f"on_eval_{_name}"):
        setattr(CallbackManager, _moment, _of_all(_moment))


def loss_of(outputs):
    """The loss among the outputs of a step: as a float where the output is one Tensor, else the first output as it is.

    Args:
        outputs: what the step returned.

    Returns:
        float where they are one Tensor (of several elements their mean); of several outputs the first, a Tensor.
    """
    if isinstance(outputs, (tuple, list)) and isinstance(outputs[0], Tensor):
        return outputs[0]
    if not isinstance(outputs, Tensor):
        return outputs
    return float(outputs.asnumpy()) if outputs.ndim == 0 else float(outputs.asnumpy().mean())


def epoch_values(params, loss: float) -> dict:
    """What loggers write of an epoch that ends: its number, steps so far, mean loss, learning rates, metrics."""
    rates = params.optimizer.get_lr() if hasattr(params.optimizer, "get_lr") else ()
    rates = rates if isinstance(rates, tuple) else (rates,)
    return {
        "epoch": params.cur_epoch_num, "step": params.cur_step_num, "loss": loss,
        **{f"learning_rate{k or ''}": float(rate) for k, rate in enumerate(rates)},
        **(params.get("eval_results") or params.get("metrics") or {}),
    }  # fmt: skip


def number(value) -> float:
    """A loss or metric as a float.

    Args:
        value: number, array or Tensor of one element.

    Returns:
        float.

    Raises:
        ValueError: it has more than one element.

    >>> number(np.array([0.5]))
    0.5
    """
    array = value.asnumpy() if isinstance(value, Tensor) else np.asarray(value)
    if array.size != 1:
        raise fail(ValueError, f"A single number is needed to watch it, but got an array of shape {array.shape}.")
    return float(array.reshape(()))
