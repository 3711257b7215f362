"""Model: a network with its loss, optimizer and metrics, trained on a dataset."""

import contextlib
import inspect

import numpy as np

from .. import nn
from ..core import checks, hints
from ..core.cell_base import fits
from ..core.context import ParallelMode, get_auto_parallel_context, is_graph_mode  # noqa: F401  (ParallelMode: scripts import it from here)
from ..core.errors import fail
from ..core.tensor import Tensor
from ..core.tree import map_leaves
from ..distributed import WORLD
from ..nn.metrics import Loss, get_metrics
from ..nn.wrap.grad_reducer import reduces
from ..ops.collective import collective
from .batches import as_dataset
from .callback.base import CallbackList, CallbackParams, RunContext
from .callback.checkpoint import ModelCheckpoint
from .callback.monitor import progress_beside
from .checkpoint.files import saves

_KWARGS = ("loss_scale_manager", "keep_batchnorm_fp32", "boost_config_dict", "acc_level")
_TAKEN = ("network", "loss_fn", "optimizer", "metrics", "eval_network", "amp_level", *_KWARGS)


class Model:
    """Trains, evaluates and applies a network.

    One step is one call of ``train_network``: loss, gradients and update, compiled in GRAPH mode.

    Args:
        network: Cell; without ``loss_fn`` it returns the loss; without ``optimizer`` either, it is a train step.
        loss_fn: Cell of (output, label).  Default: None.
        optimizer: Optimizer of its Parameters.  Default: None.
        metrics: set of names (see ``minispore.train.names``) or dict {name: Metric}.  Default: None.
        eval_network: Cell that returns what the metrics take.  None (the default): ``nn.WithEvalCell(network,
            loss_fn)``.
        eval_indexes: list of three ints, which outputs of ``eval_network`` are [loss, prediction, label].  Default:
            None.
        amp_level: "O0" (the default) to "O3" or "auto"; see ``minispore.amp``.
        boost_level: accepted, without effect.
        **kwargs: ``loss_scale_manager`` and ``keep_batchnorm_fp32``, as in ``amp.build_train_network``.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an unknown keyword; arguments that need one that is missing.
        KeyError: an unknown name of a metric.

    >>> import numpy as np
    >>> import minispore as ms
    >>> from minispore import nn
    >>> from minispore.dataset import NumpySlicesDataset
    >>> x = np.array([[1.0], [2.0]], np.float32)
    >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
    >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
    >>> opt = nn.SGD(net.trainable_params(), 0.1)
    >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
    >>> model.train(10, rows)
    >>> model.predict(ms.Tensor(x)).shape
    (2, 1)
    """

    def __init__(self, network, loss_fn=None, optimizer=None, metrics=None, eval_network=None, eval_indexes=None,
                 amp_level="O0", boost_level="O0", **kwargs):  # fmt: skip
        checks.instance("Model", nn.Cell, network=network)
        if loss_fn is not None:
            checks.instance("Model", nn.Cell, loss_fn=loss_fn)
        unknown = [name for name in kwargs if name not in _KWARGS]
        if unknown:
            raise fail(
                ValueError,
                f"For 'Model', there is no argument '{unknown[0]}'; further ones are {_KWARGS}.{hints.keyword(unknown[0], _TAKEN)}",
            )
        if optimizer is None and (amp_level != "O0" or kwargs.get("loss_scale_manager") is not None):
            raise fail(
                ValueError, "For 'Model', 'amp_level' and 'loss_scale_manager' need an 'optimizer', which is None."
            )
        self._network, self._loss_fn, self._optimizer = network, loss_fn, optimizer
        self._loss_scale_manager = kwargs.get("loss_scale_manager")
        self._metric_fns = get_metrics(metrics) or {}
        if self._metric_fns and eval_network is None and loss_fn is None:
            raise fail(ValueError, "For 'Model', 'metrics' need a 'loss_fn' or an 'eval_network', but both are None.")
        if eval_indexes is not None and not (isinstance(eval_indexes, list) and len(eval_indexes) == 3):
            raise fail(
                ValueError,
                f"For 'Model', 'eval_indexes' must be None or a list of three ints, but got {eval_indexes!r}.",
            )
        self._eval_network, self._eval_indexes = eval_network, eval_indexes
        if self._metric_fns and eval_network is None:
            self._eval_network = nn.WithEvalCell(network, loss_fn, amp_level in ("O2", "O3", "auto"))
            self._eval_indexes = [0, 1, 2]
        self._train_network = self._built(amp_level, boost_level, kwargs)
        self._mode: tuple | None = None  # (network, whether it was set to training) of the last call

    def _built(self, amp_level, boost_level, kwargs):
        if self._optimizer is not None:
            from .amp import build_train_network

            further = {k: kwargs[k] for k in _KWARGS[:2] if kwargs.get(k) is not None}
            return build_train_network(
                self._network, self._optimizer, self._loss_fn, level=amp_level, boost_level=boost_level, **further
            )
        return self._network if self._loss_fn is None else nn.WithLossCell(self._network, self._loss_fn)

    def _set_mode(self, network, training: bool) -> None:
        if self._mode != (id(network), training) or network.training is not training:
            network.set_train(training)
            self._mode = id(network), training

    @property
    def train_network(self):
        """The Cell of a train step."""
        return self._train_network

    @property
    def eval_network(self):
        """The Cell whose outputs go to the metrics; None without metrics."""
        return self._eval_network

    @property
    def predict_network(self):
        """The network, a Cell."""
        return self._network

    # ------------------------------------------------------------ training
    def __getattr__(self, name: str):
        hint = hints.instead(hints.MODEL, name) or hints.attribute(type(self), name)
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'.{hint}", name=name, obj=self)

    def train(self, epoch, train_dataset, callbacks=None, dataset_sink_mode=False, sink_size=-1, initial_epoch=0):
        """Trains.

        To go on where an earlier training ended, load its checkpoint into ``train_network`` first: the Parameters of
        the optimizer are in it too.

        Args:
            epoch: int, the number of the last epoch, so of all of them where ``initial_epoch`` is 0.
            train_dataset: a dataset, which has ``create_tuple_iterator`` and ``get_dataset_size``, or any iterable of
                batches: a list, a generator, a loader of another library; with a ``loss_fn`` its rows are (data, label),
                else the inputs of the network.
            callbacks: Callback or a list of them.  Progress is shown on stderr if none of them shows it (see
                ``ProgressBar``); ``set_context(progress=False)`` switches that off.  Default: None.
            dataset_sink_mode: bool, accepted: it is about devices.
            sink_size: int, accepted: it is about devices.
            initial_epoch: int, how many epochs were done before, by an earlier training that this one goes on with.
                The dataset begins with that epoch, or where its ``set_init_step`` says.  Default: 0.

        Raises:
            TypeError: an argument of the wrong type.
            ValueError: a number out of range; rows that do not fit; an empty dataset.
            AttributeError: ``train_dataset`` is not a dataset.

        >>> import numpy as np
        >>> import minispore as ms
        >>> from minispore import nn
        >>> from minispore.dataset import NumpySlicesDataset
        >>> x = np.array([[1.0], [2.0]], np.float32)
        >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
        >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
        >>> opt = nn.SGD(net.trainable_params(), 0.1)
        >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
        >>> model.train(2, rows, callbacks=ms.train.LossMonitor())
        epoch: 1 step: 1, loss is 2.5
        epoch: 2 step: 1, loss is 0.265...
        """
        self._train("train", epoch, train_dataset, callbacks, dataset_sink_mode, sink_size, initial_epoch)

    def fit(self, epoch, train_dataset, valid_dataset=None, valid_frequency=1, callbacks=None,
            dataset_sink_mode=False, valid_dataset_sink_mode=False, sink_size=-1, initial_epoch=0):  # fmt: skip
        """Trains, and evaluates after epochs.

        Callbacks find the metrics as ``metrics`` and, with "eval_loss" added, as ``eval_results``.

        Args:
            epoch: int, as in ``train``.
            train_dataset: as in ``train``.
            valid_dataset: a dataset, as ``eval`` gets it.  Default: None, for no evaluation.
            valid_frequency: int, evaluate after so many epochs; or a list of the numbers of epochs.  Default: 1.
            callbacks: Callback or a list of them.  Default: None.
            dataset_sink_mode: bool, accepted: it is about devices.
            valid_dataset_sink_mode: bool, accepted: it is about devices.
            sink_size: int, accepted: it is about devices.
            initial_epoch: int, as in ``train``.  Default: 0.

        Raises:
            TypeError: an argument of the wrong type.
            ValueError: a number out of range; rows that do not fit; an empty dataset; there are no metrics.
            AttributeError: ``train_dataset`` is not a dataset.

        >>> import numpy as np
        >>> import minispore as ms
        >>> from minispore import nn
        >>> from minispore.dataset import NumpySlicesDataset
        >>> x = np.array([[1.0], [2.0]], np.float32)
        >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
        >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
        >>> opt = nn.SGD(net.trainable_params(), 0.1)
        >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
        >>> model.fit(1, rows, valid_dataset=rows, callbacks=ms.train.LambdaCallback(
        ...     on_train_epoch_end=lambda context: print(sorted(context.original_args().eval_results))))
        ['eval_loss', 'mse']
        """
        checks.boolean("Model.fit", valid_dataset_sink_mode=valid_dataset_sink_mode)
        if not isinstance(valid_frequency, (int, list)):
            raise fail(
                TypeError,
                f"For 'Model.fit', 'valid_frequency' must be an int or a list, but got {type(valid_frequency).__name__}.",
            )
        if isinstance(valid_frequency, int) and valid_frequency < 1:
            raise fail(ValueError, f"For 'Model.fit', 'valid_frequency' must be positive, but got {valid_frequency}.")
        if valid_dataset is not None and not self._metric_fns:
            raise fail(
                ValueError, "For 'Model.fit', a 'valid_dataset' needs the model's 'metrics', but there are none."
            )
        self._train("fit", epoch, train_dataset, callbacks, dataset_sink_mode, sink_size, initial_epoch,
                    valid_dataset, valid_frequency)  # fmt: skip

    def _train(self, name, epoch, dataset, callbacks, sink, sink_size, initial_epoch, valid_dataset=None,
               valid_frequency=1):  # fmt: skip
        owner = f"Model.{name}"
        checks.boolean(owner, dataset_sink_mode=sink)
        checks.positive_int(owner, epoch=epoch)
        checks.non_negative_int(owner, initial_epoch=initial_epoch)
        if initial_epoch >= epoch:
            raise fail(
                ValueError,
                f"For '{owner}', 'epoch' must be greater than 'initial_epoch', but got {epoch} and {initial_epoch}.",
            )
        checks.integer(owner, sink_size=sink_size)
        if sink_size < -1 or sink_size == 0:
            raise fail(ValueError, f"For '{owner}', 'sink_size' must be -1 or positive, but got {sink_size}.")
        dataset = as_dataset(owner, "train_dataset", dataset)
        if valid_dataset is not None:
            valid_dataset = as_dataset(owner, "valid_dataset", valid_dataset)
        size = dataset.get_dataset_size()
        if size == 0:
            raise fail(ValueError, f"For '{owner}', the dataset is empty.")
        network = self._network
        params = CallbackParams(
            cur_step_num=0, train_network=self._train_network, epoch_num=epoch - initial_epoch, last_epoch=epoch,
            batch_num=size, mode="train", loss_fn=self._loss_fn,
            optimizer=self._optimizer or getattr(network, "optimizer", None),
            parallel_mode=get_auto_parallel_context("parallel_mode"), device_number=WORLD.size, train_dataset=dataset, network=network,
            train_dataset_element=None, last_save_ckpt_step=None, latest_ckpt_file=None,
            metric_names=self._metric_names(valid_dataset), loss_scale_mananger=self._loss_scale_manager, initial_step=None, dataset_sink_mode=False,
        )  # fmt: skip
        with CallbackList(callbacks) as moments:
            params.list_callback = list(moments.callbacks)
            moments.enter(progress_beside(moments.callbacks))
            try:
                self._train_epochs(params, moments, range(initial_epoch, epoch), valid_dataset, valid_frequency)
            except BaseException:
                for callback in moments.callbacks:
                    if isinstance(callback, ModelCheckpoint):
                        with contextlib.suppress(Exception):  # report the first error
                            callback.save_after_error(params)
                raise

    def _metric_names(self, valid_dataset) -> list[str]:
        """What validations will give."""
        return [] if valid_dataset is None else [*self._metric_fns, *(["eval_loss"] if self._eval_indexes else [])]

    def _train_epochs(self, params, moments, numbers, valid_dataset, valid_frequency) -> None:
        context = RunContext(params)
        moments.call("on_train_begin", context)
        size, dataset = params.batch_num, params.train_dataset
        begin = _begin(dataset, numbers.start, size)
        params.cur_step_num = (begin or 0) % size
        for number, rows in zip(numbers, _epochs(dataset, len(numbers), begin, size)):
            params.cur_epoch_num = number + 1
            moments.call("on_train_epoch_begin", context)
            for row in rows:
                self._train_step(params, moments, context, row)
                if _stop(context, params):
                    break
            _set_back(dataset)
            due = (
                number + 1 in valid_frequency
                if isinstance(valid_frequency, list)
                else not (number + 1) % valid_frequency
            )
            if valid_dataset is not None and due:
                self._validate(params, moments, valid_dataset)
            moments.call("on_train_epoch_end", context)
            params.pop("metrics", None)
            params.pop("eval_results", None)
            if _stop(context, params):
                break
        moments.call("on_train_end", context)
        _stop(context, params)

    def _run_step(self, row):
        try:
            return self._train_network(*row)
        except TypeError:
            if self._loss_fn is None and not fits(self._network.construct, *row):
                raise fail(
                    TypeError,
                    f"For 'Model.train', a Model without a 'loss_fn' gives all {len(row)} columns of the dataset to its network, but the construct "
                    f"of '{type(self._network).__name__}' takes another number of inputs. Write Model(network, loss_fn, optimizer).",
                ) from None
            raise

    def _train_step(self, params, moments, context, row) -> None:
        row = _row(row)
        if self._loss_fn is not None and len(row) != 2:
            raise fail(
                ValueError,
                f"For 'Model.train' with a 'loss_fn', the dataset must give (data, label), but got {len(row)} columns.",
            )
        params.cur_step_num += 1
        params.train_dataset_element = row
        moments.call("on_train_step_begin", context)
        self._set_mode(self._train_network, True)
        params.net_outputs = self._run_step(row)
        manager = self._loss_scale_manager
        if manager is not None and manager.get_drop_overflow_update():
            manager.update_loss_scale(bool(params.net_outputs[1].asnumpy().all()))
        moments.call("on_train_step_end", context)

    def _validate(self, params, moments, dataset) -> None:
        """Evaluates between epochs, and restores the callback parameters of the training."""
        saved = {k: params.get(k) for k in ("mode", "cur_step_num", "batch_num", "net_outputs")}
        listening = CallbackList([c for c in moments.callbacks if c.in_validation])
        params.update(
            eval_network=self._eval_network, valid_dataset=dataset, mode="eval", cur_step_num=0,
            batch_num=dataset.get_dataset_size(),
        )  # fmt: skip
        self._evaluate(params, listening, self._eval_indexes[0] if self._eval_indexes else None)
        params.update(saved)

    # ------------------------------------------------------------ evaluation
    def eval(self, valid_dataset, callbacks=None, dataset_sink_mode=False) -> dict:
        """Evaluates.

        Args:
            valid_dataset: a dataset, which has ``create_tuple_iterator`` and ``get_dataset_size``, or any iterable of batches.
            callbacks: Callback or a list of them.  Default: None.
            dataset_sink_mode: bool, accepted: it is about devices.

        Returns:
            dict {name: what the metric gives}.

        Raises:
            ValueError: there are no metrics; outputs that do not fit them.
            TypeError: an argument of the wrong type.

        >>> import numpy as np
        >>> import minispore as ms
        >>> from minispore import nn
        >>> from minispore.dataset import NumpySlicesDataset
        >>> x = np.array([[1.0], [2.0]], np.float32)
        >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
        >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
        >>> opt = nn.SGD(net.trainable_params(), 0.1)
        >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
        >>> model.eval(rows)
        {'mse': 2.5}
        """
        checks.boolean("Model.eval", dataset_sink_mode=dataset_sink_mode)
        if not self._metric_fns:
            raise fail(ValueError, "For 'Model.eval', the model has no 'metrics', so there is nothing to evaluate.")
        valid_dataset = as_dataset("Model.eval", "valid_dataset", valid_dataset)
        size = valid_dataset.get_dataset_size()
        params = CallbackParams(
            eval_network=self._eval_network, valid_dataset=valid_dataset, batch_num=size, mode="eval", cur_step_num=0,
            network=self._network, dataset_sink_mode=False,
        )  # fmt: skip
        with CallbackList(callbacks) as moments:
            params.list_callback = moments.callbacks
            return self._evaluate(params, moments)

    @property
    def _averaged(self):
        """A context in which the network holds the averaged weights, where the optimizer averages."""
        return nn.averaged_weights(self._optimizer or getattr(self._train_network, "optimizer", None))

    def _evaluate(self, params, moments, loss_index=None) -> dict:
        with self._averaged:
            return self._evaluate_as_it_is(params, moments, loss_index)

    def _evaluate_as_it_is(self, params, moments, loss_index) -> dict:
        for metric in self._metric_fns.values():
            metric.clear()
        losses = None if loss_index is None else Loss()
        context = RunContext(params)
        moments.call("on_eval_begin", context)
        moments.call("on_eval_epoch_begin", context)
        for outputs in self._eval_outputs(params, moments, context):
            self._update_metrics(outputs)
            if losses is not None:
                losses.update(outputs[loss_index])
        _set_back(params.valid_dataset)
        moments.call("on_eval_epoch_end", context)
        params.metrics = {name: metric.eval() for name, metric in self._metric_fns.items()}
        if losses is not None:
            params.eval_results = {**params.metrics, "eval_loss": losses.eval()}
        moments.call("on_eval_end", context)
        return params.metrics

    def _eval_outputs(self, params, moments, context):
        """The outputs for each batch; of a dataset that is shared out to all ranks, those of all, on every rank."""
        rows = iter(next(_epochs(params.valid_dataset, 1)))
        together = WORLD.size > 1 and _is_shared_out(params.valid_dataset)
        while True:
            row = None if context.get_stop_requested() else next(rows, None)
            outputs = None
            if row is not None:
                params.cur_step_num += 1
                params.eval_dataset_element = _row(row)
                moments.call("on_eval_step_begin", context)
                self._set_mode(self._eval_network, False)
                outputs = params.net_outputs = self._eval_network(*params.eval_dataset_element)
                moments.call("on_eval_step_end", context)
            if not together:
                if outputs is None:
                    return
                yield outputs
                continue
            found = WORLD.gather(map_leaves(_as_array, outputs), "Model.eval")
            if all(o is None for o in found):
                return
            yield from (map_leaves(_as_tensor, o) for o in found if o is not None)

    def _update_metrics(self, outputs) -> None:
        outputs = (outputs,) if isinstance(outputs, Tensor) else outputs
        indexes = self._eval_indexes
        if not isinstance(outputs, (tuple, list)) or (indexes is not None and len(outputs) <= max(indexes)):
            raise fail(
                ValueError, f"For 'Model.eval', the eval network must return a tuple that 'eval_indexes' {indexes} fit."
            )
        for metric in self._metric_fns.values():
            if indexes is None:
                metric.update(*outputs)
            elif isinstance(metric, Loss):
                metric.update(outputs[indexes[0]])
            else:
                metric.update(outputs[indexes[1]], outputs[indexes[2]])

    # ------------------------------------------------------------ prediction, compilation
    def predict(self, *predict_data, backend=None, config=None):
        """What the network gives, in evaluation mode.

        Args:
            *predict_data: Tensors, None, numbers, strings, and tuples, lists and dicts of them.
            backend: None; "lite" is accepted and means the same.
            config: accepted.

        Returns:
            what the network returns.

        Raises:
            TypeError: an input of another type, as a numpy.ndarray.
            ValueError: an empty Tensor; an unknown backend.

        >>> import numpy as np
        >>> import minispore as ms
        >>> from minispore import nn
        >>> from minispore.dataset import NumpySlicesDataset
        >>> x = np.array([[1.0], [2.0]], np.float32)
        >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
        >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
        >>> opt = nn.SGD(net.trainable_params(), 0.1)
        >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
        >>> print(model.predict(ms.Tensor(x)))
        [[1.]
         [2.]]
        """
        if backend not in (None, "lite"):
            raise fail(ValueError, f"For 'Model.predict', 'backend' must be None or 'lite', but got {backend!r}.")
        for item in predict_data:
            _check_predicted(item)
        self._set_mode(self._network, False)
        with self._averaged:
            return self._network(*predict_data)

    def build(self, train_dataset=None, valid_dataset=None, sink_size=-1, epoch=1, sink_mode=True) -> None:
        """Compiles the train step and the evaluation for the datasets' first rows, in GRAPH mode, and runs nothing.

        Args:
            train_dataset: dataset.  Default: None, for no train step.
            valid_dataset: dataset.  Default: None, for no evaluation.
            sink_size: accepted.
            epoch: accepted.
            sink_mode: accepted.

        >>> import numpy as np
        >>> import minispore as ms
        >>> from minispore import nn
        >>> from minispore.dataset import NumpySlicesDataset
        >>> x = np.array([[1.0], [2.0]], np.float32)
        >>> rows = NumpySlicesDataset((x, 2 * x), shuffle=False).batch(2)
        >>> net = nn.Dense(1, 1, weight_init="ones", bias_init="zeros")
        >>> opt = nn.SGD(net.trainable_params(), 0.1)
        >>> model = ms.Model(net, nn.MSELoss(), opt, metrics={"mse"})
        >>> model.build(rows)  # in PYNATIVE mode there is nothing to compile
        """
        for dataset, network, train in (
            (train_dataset, self._train_network, True),
            (valid_dataset, self._eval_network, False),
        ):
            if dataset is not None and network is not None and is_graph_mode():
                self._set_mode(network, train)
                network.compile(*_row(next(iter(next(_epochs(dataset, 1))))))

    def infer_train_layout(self, train_dataset, dataset_sink_mode=True, sink_size=-1) -> dict:
        """How Parameters are split over devices: not at all, on one CPU.

        Args:
            train_dataset: ignored.
            dataset_sink_mode: ignored.
            sink_size: ignored.

        Returns:
            an empty dict.
        """
        return {}

    def infer_predict_layout(self, *predict_data, skip_backend_compile=False) -> dict:
        """How Parameters are split over devices: not at all, on one CPU.

        Args:
            *predict_data: ignored.
            skip_backend_compile: ignored.

        Returns:
            an empty dict.
        """
        return {}


def _as_array(x):
    return x.asnumpy() if isinstance(x, Tensor) else x


def _as_tensor(x):
    return Tensor(x) if isinstance(x, np.ndarray) else x


def _is_shared_out(dataset) -> bool:
    """Whether each rank has its own share of a dataset: all its sources are cut into as many shards as there are ranks."""
    children = getattr(dataset, "children", None)
    if children:
        return all(_is_shared_out(child) for child in children)
    return getattr(getattr(dataset, "_sampler", None), "num_shards", 1) == WORLD.size


def _stop(context, params) -> bool:
    """Whether training ends after this step: on all ranks that train together, if a callback of any asks for it.

    If any rank has saved a checkpoint, the weights of all are compared.
    """
    asked = context.get_stop_requested()
    if WORLD.size == 1 or not reduces():
        return asked
    before, context.saves = context.saves, saves()
    flags = Tensor([int(asked), int(context.saves > before)])
    asked, saved = collective("all_reduce", [flags], range(WORLD.size), "max", label="what to do next")[0].asnumpy()
    together = getattr(params.train_network, "_together", None)
    if saved and together is not None:
        together.at_checkpoint()
    if asked:
        context.request_stop()
    return bool(asked)


def _row(row) -> tuple:
    return tuple(row) if isinstance(row, (tuple, list)) else (row,)


def _begin(dataset, initial_epoch, size) -> int | None:
    """The step at which a dataset begins: that of its ``set_init_step``, else of the epoch; None if it has no such method."""
    if not (hasattr(dataset, "get_init_step") and hasattr(dataset, "set_init_step")):
        return None
    return dataset.get_init_step() or initial_epoch * size


def _epochs(dataset, count, begin=None, size=1):
    """An iterable of rows for each epoch.  All use one iterator of the dataset, which reshuffles at each epoch."""
    if begin:
        given = dataset.get_init_step()
        dataset.set_init_step(begin)
        rows = dataset.create_tuple_iterator(num_epochs=begin // size + count)
        dataset.set_init_step(given)
    else:
        rows = dataset.create_tuple_iterator(num_epochs=count)
    for k in range(count):
        if k and inspect.isgenerator(rows):
            rows = dataset.create_tuple_iterator(num_epochs=1)
        yield rows


def _set_back(dataset) -> None:
    """Calls ``reset`` of a dataset of the user's own after an epoch, as MindSpore does: it may be its own iterator."""
    if hasattr(dataset, "reset") and not hasattr(dataset, "set_init_step"):
        dataset.reset()


def _check_predicted(item) -> None:
    if isinstance(item, Tensor):
        if item.size == 0:
            raise fail(ValueError, "For 'Model.predict', an input Tensor is empty.")
    elif isinstance(item, (tuple, list, dict)):
        for part in item.values() if isinstance(item, dict) else item:
            _check_predicted(part)
    elif item is not None and not isinstance(item, (int, float, str)):
        raise fail(
            TypeError,
            "For 'Model.predict', the inputs must be Tensors, None, numbers, strings or containers of them, but got "
            f"{type(item).__name__}{': wrap it, Tensor(array)' if isinstance(item, np.ndarray) else ''}.",
        )


from ..core.boundary import public_class as _public_class  # noqa: E402  # isort: skip

_public_class(Model)
