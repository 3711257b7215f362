"""Many trainings in one call: copies of a training step that differ in weights, rates, seeds or other numbers.

The step is traced once, for one copy.  Every Parameter that it reads becomes one with an axis of copies in front, each op
works on all copies by its batch rule, and one native call makes a step of them all.  How many copies there are is a size
like any other: another number compiles nothing.
"""

import inspect
import itertools
from collections.abc import Sequence
from contextlib import contextmanager

import numpy as np

from .. import ops
from ..core import random, tree
from ..core.errors import fail
from ..core.parameter import Parameter, ParameterTuple
from ..core.record import Epoch
from ..core.tensor import Tensor
from ..flow.batching import example_of
from ..flow.subgraph import trace_inside
from ..transforms.mapping import run_mapped
from ..transforms.members import Stacked
from .cell import Cell
from .ensemble_function import as_cell
from .ensemble_state import RANDOM, Held, owner_of, same_structure, write, written
from .step_copy import copied

COUNTERS = ("int32", "int64")


class Ensemble(Cell):
    """Copies of a training step, trained together; made by ``ensemble`` and ``sweep``.

    A call takes what the step takes and returns what it returns, with an axis of copies in front.  It is a Cell whose
    Parameters, named as those of the step, hold the values of all copies: ``save_checkpoint`` and
    ``load_param_into_net`` work.

    Attributes:
        size: how many copies there are.
        settings: for each copy, a dict of what it was given: {"learning_rate": 0.1, "seed": 3}.
        numbers: for each copy, its number in the beginning, before ``keep``.
    """

    def __init__(self, step, held: list[Held], settings: list[dict], in_axes=None, several=False):
        super().__init__(auto_prefix=False)
        hidden = self.__dict__  # the step is no child: its Parameters are not those of the copies
        hidden["step"], hidden["_in_axes"], hidden["_walked"] = step, in_axes, as_cell(step)
        hidden["_looked"] = isinstance(step, Cell)  # for Parameters that nothing but a run of a function shows
        hidden["_several"] = several
        self.size = len(held)
        hidden["settings"], hidden["numbers"] = settings, list(range(len(held)))
        hidden["_of"], hidden["_found"] = {}, {}  # Parameters of all copies; those that a function was found to read
        hidden["_numbers"] = {}  # in place of numbers that differ: one made while tracing would be a constant
        hidden["_apart"] = set()  # counters that differed before ``keep``: they are not taken for equal after it
        hidden["_twice"] = {}  # where one copy is left of several: what is traced, of two copies, the second a spare
        first = held[0]
        for key, tensor in first.tensors.items():
            arrays = [h.tensors[key] for h in held]
            if first.is_parameter[key] or any(not np.array_equal(a, tensor, equal_nan=True) for a in arrays):
                self._add(key, first.names[key], np.stack(arrays), first.trainable[key])
        for key, number in first.numbers.items():
            numbers = [h.numbers[key] for h in held]
            if any(n != number for n in numbers):
                array = np.array(numbers)  # of whole numbers if all are
                array = array.astype(np.float32 if array.dtype.kind == "f" else np.result_type(array, np.int32))
                self._add(key, key, array, False)
                self._numbers[key] = Tensor(array[0])
        self._collect()

    def _add(self, key: str, name: str, array: np.ndarray, trainable: bool) -> None:
        taken = {p.name for p in self._of.values()}
        self._of[key] = Parameter(Tensor(array), name=key if name in taken else name, requires_grad=trainable)

    def _collect(self) -> None:
        self.stacked = ParameterTuple(self._of.values())

    # ------------------------------------------------------------ a step of all
    def __call__(self, *args, **kwargs):
        if not self._looked:
            self._discover(args, kwargs)
        if not self._twice:
            return super().__call__(*args, **kwargs)
        self._share_rows()
        made = super().__call__(*self._doubled(args), **kwargs)
        return tree.map_leaves(lambda x: x[:1] if isinstance(x, Tensor) else x, made)

    def construct(self, *args, **kwargs):
        axes = self._in_axes
        with self._read() as of:
            counters = self._equal_counters()
            equal = {key for key, (_, stacked) in of.items() if id(stacked) in counters}
            members = Stacked(of, 2 if self._twice else self.size, equal)
            try:
                return run_mapped(self.step, members, axes, 0, args, kwargs)
            except (TypeError, ValueError) as error:
                whole = [key.rpartition(".")[2] for key in self._numbers if self._of[key].dtype.name in COUNTERS]
                if not whole:
                    raise
                raise fail(
                    type(error),
                    f"{str(error).rstrip('.')}. (The copies differ in {', '.join(map(repr, whole))}: not possible where Python needs the "
                    "number, for a range or the shape of a result.)",
                ) from error

    def _equal_counters(self) -> set[int]:
        """Ids of the stacked Parameters of whole numbers that are equal in all copies: of what is traced as one."""
        return {
            id(p) for key, p in (self._twice or self._of).items()
            if key not in self._apart and p.dtype.name in COUNTERS and p.size <= 8 * len(p)
            and bool((p._array() == p._array()[:1]).all())
        }  # fmt: skip

    def _state(self):
        return (*super()._state(), frozenset(self._equal_counters()))

    @contextmanager
    def _read(self):
        """{id(what the step reads): (that, the Parameter of all copies)}; numbers that differ are Tensors meanwhile."""
        places = self._places()
        of, before = {}, []
        try:
            for key, stacked in self._of.items():
                if key in places.sources:
                    read = places.sources[key]
                else:
                    read, place = self._numbers[key], places.number_places[key]
                    before.append((place, place.cell.__dict__[place.name]))
                    place.cell.__dict__[place.name] = place.attribute_with(read)
                of[id(read)] = (read, self._twice.get(key, stacked))
            yield of
        finally:
            for place, value in reversed(before):
                place.cell.__dict__[place.name] = value

    def _discover(self, args, kwargs) -> None:
        """The Parameters that a function reads and does not refer to, which nobody knows before it has run."""
        axes = self._in_axes if isinstance(self._in_axes, (tuple, list)) else [self._in_axes] * len(args)
        examples = [
            tree.map_leaves(lambda x, a=a: example_of(x) if a is not None and isinstance(x, Tensor) else x, arg)
            for a, arg in zip(axes, args)
        ]
        traced = trace_inside(self.step, examples, kwargs)
        found = [t for t, _ in traced.free if t.is_parameter] + [t for t in traced.updates if t.is_parameter]
        known = {id(source) for source in self._places().sources.values()}
        unknown = list({id(p): p for p in found if id(p) not in known}.values())
        if unknown and self._several:
            raise fail(
                TypeError,
                f"For 'ensemble', the function reads {unknown[0].name!r}, which stands in no variable of it: of several functions nobody "
                "knows which of the others read what in its place. Write the step as a Cell.",
            )
        self.__dict__["_looked"] = True
        for p in unknown:
            key = p.name if p.name not in self._found else f"{p.name}${len(self._found)}"
            self._found[key] = p
            self._add(key, p.name, np.stack([p.asnumpy()] * self.size), p.requires_grad)
        self._collect()

    def _places(self, step=None) -> Held:
        """The place in the step, or in a copy of it, of a member that all copies have."""
        places = Held(self._walked if step is None else step)
        places.sources.update(self._found)
        return places

    def _put(self, k: int, places: Held, random_state: bool) -> None:
        for key, stacked in self._of.items():
            value = stacked.asnumpy()[k]
            if key in places.number_places:
                places.number_places[key].put(value.item())
            elif random_state or key not in RANDOM:
                target = places.sources[key]
                target.set_data(Tensor(value)) if target.is_parameter else target.assign_value(Tensor(value))

    def set_train(self, mode=True):
        """Training or evaluation of the step.  Returns self."""
        if isinstance(self.step, Cell):
            self.step.set_train(mode)
        return super().set_train(mode)

    # ------------------------------------------------------------ the copies
    def __len__(self):
        return self.size

    def __getitem__(self, name: str) -> Parameter:
        """The Parameter of all copies, of shape (size, ...), by the name or the path of that of the step."""
        found = next((p for key, p in self._of.items() if name in (key, p.name)), None)
        if found is None:
            key = self._places().key_of(self._walked, name)  # a Cell may have several paths
            found = self._of.get(key)
        if found is None:
            raise fail(
                KeyError, f"For 'Ensemble', the copies have no {name!r}: there are {[p.name for p in self.stacked]}."
            )
        Epoch.now += 1  # it may be written to: counters may differ from now on
        return found

    def select(self, k: int):
        """Puts copy ``k`` into the Parameters of the step, its network's among them, and returns the step.

        Its random state becomes that of the program, so that the step goes on as the copy would.
        """
        self._put(self._checked(k), self._places(), random_state=True)
        return self.step

    def member(self, k: int) -> Cell:
        """Copy ``k`` as a step of its own: a copy of the step that was given, with its values.

        Raises:
            TypeError: the step is a function, whose Parameters stand elsewhere: ``select`` writes into those.
        """
        if not isinstance(self.step, Cell):
            raise fail(TypeError, "For 'Ensemble', the step is a function: select(k) puts copy k into its Parameters.")
        made = copied(self.step)
        self._put(self._checked(k), self._places(made), random_state=False)
        return made

    def best(self, metric, largest=False) -> int:
        """Which copy has the least, or with ``largest`` the largest, ``metric``, a Tensor or array (size,); NaN is worst."""
        return int(self.ranked(metric, largest)[0])

    def ranked(self, metric, largest=False) -> list[int]:
        """The copies from the best to the worst."""
        values = np.asarray(metric.asnumpy() if isinstance(metric, Tensor) else metric, np.float64)
        if values.shape != (self.size,):
            raise fail(
                ValueError, f"For 'Ensemble', 'metric' must have the shape ({self.size},), but got {values.shape}."
            )
        return [int(k) for k in np.argsort(-values if largest else values, kind="stable")]

    def keep(self, copies: Sequence[int]):
        """Goes on with some of the copies alone, in this order.  Returns self.  Nothing is compiled again.

        One copy alone takes the time of two, as it runs the kernels of several; ``member`` is a step with kernels of its own.
        """
        chosen = [self._checked(int(k)) for k in copies]
        if not chosen:
            raise fail(ValueError, "For 'Ensemble', 'copies' must name at least one copy, but it is empty.")
        equal = self._equal_counters()
        self._apart.update(key for key, p in (self._twice or self._of).items() if id(p) not in equal)
        for p in self.stacked:
            p.set_data(Tensor(p.asnumpy()[chosen]))
        if len(chosen) == 1 and self.size > 1:
            self._twice.update((key, Parameter(np.repeat(p._array(), 2, 0), p.name)) for key, p in self._of.items())
        self.size = len(chosen)
        self.__dict__["settings"] = [self.settings[k] for k in chosen]
        self.__dict__["numbers"] = [self.numbers[k] for k in chosen]
        return self

    def _share_rows(self) -> None:
        """Lets the one copy that is left be the first row of what is traced; a deep copy or ``load`` may have parted them."""
        for key, both in self._twice.items():
            one = self._of[key]
            if one._data.base is not both._data:
                both.set_data(Tensor(np.repeat(one._array(), 2, 0)))
                one._data = both._data[:1]

    def _doubled(self, args):
        axes = self._in_axes if isinstance(self._in_axes, (tuple, list)) else [self._in_axes] * len(args)
        return [
            tree.map_leaves(lambda x, a=a: ops.repeat_interleave(x, 2, a) if isinstance(x, Tensor) else x, arg)
            if isinstance(a, int) else arg
            for a, arg in zip(axes, args)
        ]  # fmt: skip

    def records(self, **metrics) -> list[dict]:
        """One dict per copy: its number, what it was given, and of each metric, a Tensor or array (size,), its value.

        >>> import minispore as ms
        >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
        >>> step = ms.nn.TrainOneStepCell(ms.nn.ParameterUpdate(w), ms.nn.SGD([w], 0.5))
        >>> ms.sweep(step, learning_rate=[0.1, 0.2]).records(loss=[3.0, 1.5])
        [{'copy': 0, 'learning_rate': 0.1, 'loss': 3.0}, {'copy': 1, 'learning_rate': 0.2, 'loss': 1.5}]
        """
        values = {n: m.asnumpy() if isinstance(m, Tensor) else np.asarray(m) for n, m in metrics.items()}
        return [
            {"copy": number, **given, **{n: v[k].item() for n, v in values.items()}}
            for k, (number, given) in enumerate(zip(self.numbers, self.settings))
        ]

    def _checked(self, k: int) -> int:
        if isinstance(k, bool) or not isinstance(k, int) or not -self.size <= k < self.size:
            raise fail(IndexError, f"For 'Ensemble', a copy must be in [0, {self.size}), but got {k!r}.")
        return k % self.size

    def extend_repr(self):
        return f"{self.size} x {getattr(self.step, '__name__', type(self.step).__name__)}"


# ---------------------------------------------------------------- making them
def ensemble(step, n=None, in_axes=None, **values) -> Ensemble:
    """``n`` copies of a training step that one call trains.

    Each copy has weights, moments, statistics, rates, counters and a random state of its own.  The results equal those of
    as many separate trainings.

    Args:
        step: a Cell, such as ``TrainOneStepCell``, or a function; the copies begin as it is.  Or a list of steps, which
            may differ in their Parameters and numbers, and in nothing else.
        n: how many copies; by default as many as there are values, or Cells in the list.
        in_axes: which axis of the arguments counts the copies, as in ``vmap``; None: all copies get the same batch.
        **values: ``name=[a value for each copy]``: numbers of the step, ``learning_rate``, ``weight_decay``, ``beta1``; an
            attribute of it, of its optimizer or of its network (of a function: of the Cells it refers to).  ``{"optimizer.learning_rate.max_lr": [...]}`` is a path.
            ``seed``: of the random state (dropout); by default that of the program, counted up.

    Returns:
        An Ensemble, called as the step is.

    Raises:
        TypeError: ``step`` is no Cell or function.
        ValueError: numbers of values that do not fit; the Cells of a list differ in more than numbers.
        AttributeError: the step has no such number.

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([2.0]), name="w")
    >>> class Loss(ms.nn.Cell):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.w = w
    ...     def construct(self, target):
    ...         return ((self.w - target) ** 2).sum()
    >>> step = ms.nn.TrainOneStepCell(Loss(), ms.nn.SGD([w], 0.1))
    >>> copies = ensemble(step, learning_rate=[0.0, 0.25, 0.5])
    >>> print(copies(ms.Tensor([1.0])), copies["w"].asnumpy()[:, 0])
    [1. 1. 1.] [2.  1.5 1. ]
    """
    several = isinstance(step, (list, tuple))
    if not several and not callable(step):
        raise fail(TypeError, f"For 'ensemble', 'step' must be a Cell or a function, but got {type(step).__name__}.")
    lists = _lists("ensemble", values)
    lengths = {len(vs) for vs in lists.values()} | ({len(step)} if several else set()) | (set() if n is None else {n})
    if len(lengths) != 1 or not min(lengths):
        raise fail(
            ValueError,
            "For 'ensemble', 'n', the lists of values and the list of Cells must agree on a number of copies of at least 1, "
            f"but got {sorted(lengths) or 'none of them'}.",
        )
    size = lengths.pop()
    settings = [{name: vs[k] for name, vs in lists.items()} for k in range(size)]
    states = [
        (s, int(random.COUNTER._data)) for s in lists.pop("seed", [int(random.SEED._data) + k for k in range(size)])
    ]
    given = [dict(zip(lists, vs)) for vs in zip(*lists.values())] if lists else [{} for _ in range(size)]
    if several:
        return _of_cells(step, settings, states, in_axes)
    walked = as_cell(step)
    held = []
    for values_of_one, state in zip(given, states):
        with _given(walked, values_of_one):
            held.append(Held(walked).noted(state))
    _check(Held(walked).noted((0, 0)), held)
    return Ensemble(step, held, settings, in_axes)


def sweep(step, in_axes=None, **values) -> Ensemble:
    """One copy of a training step for every combination of values: a grid search that one call trains.

    Args:
        step: a step, as in ``ensemble``; or a function that makes one: one with arguments of these names.  It is called with the values of each copy by
            name, after ``set_seed`` with that copy's ``seed`` (which it gets if it has an argument of that name), and so
            the copies may differ in their initial weights.
        in_axes: as in ``ensemble``.
        **values: ``name=[values]``; a single value for all is a list of one.

    Returns:
        An Ensemble; its ``settings`` say what each copy was given.

    Raises:
        TypeError, ValueError, AttributeError: as for ``ensemble``.

    >>> import minispore as ms
    >>> def make(learning_rate):
    ...     net = ms.nn.Dense(3, 1)
    ...     return ms.nn.TrainOneStepCell(ms.nn.WithLossCell(net, ms.nn.MSELoss()), ms.nn.Adam(net.trainable_params(), learning_rate))
    >>> runs = sweep(make, learning_rate=[0.1, 0.01], seed=range(3))
    >>> x, y = ms.ops.ones((4, 3)), ms.ops.zeros((4, 1))
    >>> for _ in range(20):
    ...     loss = runs(x, y)
    >>> loss.shape, runs.settings[runs.best(loss)]["learning_rate"]
    ((6,), 0.1)
    """
    lists = _lists("sweep", values)
    if not lists or not all(lists.values()):
        raise fail(ValueError, "For 'sweep', at least one list of values is needed, and none may be empty.")
    settings = [dict(zip(lists, chosen)) for chosen in itertools.product(*lists.values())]
    if isinstance(step, Cell) or (callable(step) and not _makes(step, lists)):
        return ensemble(step, len(settings), in_axes, **{n: [s[n] for s in settings] for n in lists})
    if not callable(step):
        raise fail(TypeError, f"For 'sweep', 'step' must be a Cell or a function, but got {type(step).__name__}.")
    cells, states = [], []
    takes_seed = "seed" in inspect.signature(step).parameters
    for given in settings:
        given = dict(given)
        seed = given.get("seed") if takes_seed else given.pop("seed", None)
        if seed is not None:
            random.set_seed(seed)
        cells.append(step(**given))
        states.append((int(random.SEED._data), int(random.COUNTER._data)))
    return _of_cells(cells, settings, states, in_axes)


def _of_cells(cells, settings, states, in_axes) -> Ensemble:
    bad = next((c for c in cells if not callable(c)), None)
    if bad is not None:
        raise fail(TypeError, f"For 'ensemble', each step must be a Cell or a function, but got {type(bad).__name__}.")
    held = [Held(as_cell(cell)).noted(state) for cell, state in zip(cells, states)]
    first = max(range(len(held)), key=lambda k: held[k].above_zero)
    _check(held[first], held, first)
    return Ensemble(cells[first], held, settings, in_axes, several=True)


def _makes(function, values: dict) -> bool:
    """Whether it is called with these values, to make a step, or is the step itself."""
    try:
        known = inspect.signature(function)
        known.bind(**{name: None for name in values if name != "seed" or name in known.parameters})
    except TypeError:
        return any(name in known.parameters for name in values)
    return True


def _check(template, held, first=None) -> None:
    for k, other in enumerate(held):
        same_structure(template, other, k, "the step" if first is None else f"copy {first}")


def _lists(owner: str, values: dict) -> dict[str, list]:
    for name, given in values.items():
        if isinstance(given, str) or not hasattr(given, "__iter__") or getattr(given, "ndim", 1) != 1:
            raise fail(TypeError, f"For '{owner}', '{name}' must be a list of values, but got {given!r:.60}.")
    return {name: [_plain(value) for value in given] for name, given in values.items()}


def _plain(value):
    return value.item() if isinstance(value, np.generic) or (isinstance(value, Tensor) and value.ndim == 0) else value


@contextmanager
def _given(step, values: dict):
    """The step with these values, inside."""
    before = []
    try:
        for name, value in values.items():
            owner, attribute = owner_of(step, name)
            before.append((owner, attribute, written(owner, attribute)))
            write(owner, attribute, value)
        yield
    finally:
        for owner, attribute, old in reversed(before):
            write(owner, attribute, old)


__all__ = ["Ensemble", "ensemble", "sweep"]
