"""Embeddings."""

from ... import ops
from ...core import checks
from ...core.dtype import DType, float32, to_dtype
from ...core.errors import fail
from ...core.initializer import Normal, initializer
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops.rows import lookup
from ...ops.sparse import sparse_gather
from ..cell import Cell
from .weights import parameter


def _table(owner, init, shape, padding_idx, dtype=float32) -> Tensor:
    """The initial values of the table, with zeros in the row ``padding_idx``."""
    if isinstance(init, Tensor) and init.shape != shape:
        raise fail(
            ValueError, f"For '{owner}', the table must have the shape {shape}, but the given Tensor has {init.shape}."
        )
    made = initializer(init, shape, dtype)
    if padding_idx is None:
        return made
    array = made.asnumpy().copy()
    array[padding_idx] = 0
    return Tensor(array)


class Embedding(Cell):
    """The rows of a table of vectors at the indices given.

    Args:
        vocab_size: int, how many rows.
        embedding_size: int, their length.
        use_one_hot: bool, whether to multiply by one-hot vectors instead of looking up; indices out of range then give
            zeros.  Default: False.
        embedding_table: an initializer, its name, a number or a Tensor of shape (vocab_size, embedding_size).  Default:
            "normal" (with a deviation of 0.01).
        dtype: the type of the one-hot vectors; the table is float32.  Default: float32.
        padding_idx: int, a row that starts as zeros.  Default: None.

    Inputs:
        ids: Tensor of ints, any shape.

    Returns:
        Tensor of shape (*ids.shape, embedding_size), float32.

    Raises:
        TypeError: an argument of the wrong type, or indices that are not integers.
        ValueError: ``padding_idx`` or the shape of the table does not fit.
        IndexError: an index outside [-vocab_size, vocab_size).

    >>> from minispore import Tensor, nn
    >>> table = Tensor([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5]])
    >>> print(nn.Embedding(3, 2, embedding_table=table)(Tensor([2, 0])))
    [[2.  2.5]
     [0.  0.5]]
    """

    def __init__(
        self, vocab_size, embedding_size, use_one_hot=False, embedding_table="normal", dtype=float32, padding_idx=None
    ):
        super().__init__()
        self.vocab_size = checks.positive_int("Embedding", vocab_size=vocab_size)
        self.embedding_size = checks.positive_int("Embedding", embedding_size=embedding_size)
        self.use_one_hot = checks.boolean("Embedding", use_one_hot=use_one_hot)
        self.dtype = checks.instance("Embedding", DType, dtype=dtype)
        if padding_idx is not None:
            checks.integer("Embedding", padding_idx=padding_idx)
            checks.within("Embedding", f"[0, {vocab_size})", padding_idx=padding_idx)
        self.padding_idx = padding_idx
        table = _table("Embedding", embedding_table, (vocab_size, embedding_size), padding_idx)
        self.embedding_table = Parameter(table, name="embedding_table")

    def construct(self, ids):
        checks.tensor("Embedding", input=ids)
        if not self.use_one_hot:
            return lookup(self.embedding_table, ids, name="Embedding")
        hot = ops.one_hot(ids, self.vocab_size, *(ops.cast(v, self.dtype) for v in (1.0, 0.0)))
        return ops.matmul(hot, self.embedding_table)

    def extend_repr(self):
        return (
            f"vocab_size={self.vocab_size}, embedding_size={self.embedding_size}, use_one_hot={self.use_one_hot}, "
            f"embedding_table={self.embedding_table}, dtype={self.dtype}, padding_idx={self.padding_idx}"
        )


class EmbeddingExt(Cell):
    """``Embedding`` with PyTorch's arguments and standard normal values; the Parameter is ``weight``.

    Args:
        num_embeddings: int, how many rows.
        embedding_dim: int, their length.
        padding_idx: int, a row that starts as zeros and gets no gradient.  Default: None.
        max_norm: float, rows that are read and are longer are cut to this, in the table.  Default: None.
        norm_type: float, of which norm.  Default: 2.0.
        scale_grad_by_freq: bool, whether gradients are divided by how often a row is read.  Default: False.
        sparse: False, the only choice.
        _weight: Tensor of shape (num_embeddings, embedding_dim), the first values.  Default: None.
        _freeze: bool, whether the table is not trained.  Default: False.
        dtype: the type of the table; None for float32.

    Inputs:
        input: Tensor of ints, any shape.

    Returns:
        Tensor of shape (*input.shape, embedding_dim) and the dtype of the table.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``sparse`` is True, or ``padding_idx`` or the shape of ``_weight`` does not fit.

    >>> from minispore import Tensor, nn
    >>> table = Tensor([[0.0, 0.5], [1.0, 1.5]])
    >>> print(nn.EmbeddingExt(2, 2, _weight=table)(Tensor([1])))
    [[1.  1.5]]
    """

    def __init__(self, num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0,
                 scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, dtype=None):  # fmt: skip
        super().__init__()
        name = "EmbeddingExt"
        if checks.boolean(name, sparse=sparse):
            raise fail(ValueError, "For 'EmbeddingExt', sparse gradients are not supported.")
        self.num_embeddings = checks.positive_int(name, num_embeddings=num_embeddings)
        self.embedding_dim = checks.positive_int(name, embedding_dim=embedding_dim)
        self.dtype = to_dtype(dtype or float32)
        self.max_norm = max_norm if max_norm is None else checks.floating(name, max_norm=max_norm)
        self.norm_type = norm_type if norm_type is None else checks.floating(name, norm_type=norm_type)
        self.scale_grad_by_freq = checks.boolean(name, scale_grad_by_freq=scale_grad_by_freq)
        if padding_idx is not None:
            n = num_embeddings
            checks.integer(name, padding_idx=padding_idx)
            checks.within(name, f"[{-n}, {n})", padding_idx=padding_idx)
        self.padding_idx = padding_idx
        shape = (num_embeddings, embedding_dim)
        table = (
            _table(name, Normal(1.0), shape, padding_idx, self.dtype)
            if _weight is None
            else _table(name, _weight, shape, None)
        )
        self.weight = Parameter(table, name="weight", requires_grad=not _freeze)

    def construct(self, input):
        return ops.embedding(
            input, self.weight, self.padding_idx, self.max_norm, self.norm_type, self.scale_grad_by_freq
        )

    def extend_repr(self):
        return (
            f"num_embeddings={self.num_embeddings}, embedding_dim={self.embedding_dim}, "
            f"padding_idx={self.padding_idx}, "
            f"max_norm={self.max_norm}, norm_type={self.norm_type}, scale_grad_by_freq={self.scale_grad_by_freq}, "
            f"dtype={self.dtype}"
        )


class EmbeddingLookup(Cell):
    """``Embedding`` with a gradient of the rows that were looked up only (``ops.RowTensor``).

    LazyAdam, FTRL, ProximalAdagrad and Adam with ``use_lazy`` then update these rows only, in a time that does not grow
    with the table.  Unlike MindSpore, each row is cut by its own length.

    Args:
        vocab_size: int, how many rows.
        embedding_size: int, their length.
        param_init: an initializer, its name, a number or a Tensor of shape (vocab_size, embedding_size).  Default:
            "normal" (with a deviation of 0.01).
        target: "CPU" (the default) or "DEVICE"; both mean the same here.
        slice_mode: accepted as MindSpore accepts it; without meaning on one device.
        manual_shapes: accepted as MindSpore accepts it; without meaning on one device.
        max_norm: float, longer rows are cut to this length in the result (not in the table).  Default: None.
        sparse: bool; False, with "DEVICE" only, gives a gradient of the whole table.  Default: True.
        dtype: the type of the table.  Default: float32.

    Inputs:
        indices: Tensor of ints, any shape.

    Returns:
        Tensor of shape (*indices.shape, embedding_size) and the dtype of the table.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range, or ``sparse=False`` with "CPU".

    >>> from minispore import Tensor, nn
    >>> table = Tensor([[0.0, 0.5], [1.0, 1.5]])
    >>> print(nn.EmbeddingLookup(2, 2, param_init=table)(Tensor([1])))
    [[1.  1.5]]
    """

    BATCH_SLICE, FIELD_SLICE = "batch_slice", "field_slice"
    TABLE_ROW_SLICE, TABLE_COLUMN_SLICE = "table_row_slice", "table_column_slice"

    def __init__(self, vocab_size, embedding_size, param_init="normal", target="CPU", slice_mode="batch_slice",
                 manual_shapes=None, max_norm=None, sparse=True, dtype=float32):  # fmt: skip
        super().__init__()
        name = type(self).__name__
        self.sparse = checks.boolean(name, sparse=sparse)
        self.vocab_size = checks.positive_int(name, vocab_size=vocab_size)
        self.target = checks.one_of(name, ["CPU", "DEVICE"], target=target)
        if not sparse and target == "CPU":
            raise fail(ValueError, f"For '{name}', 'sparse' must be True when 'target' is 'CPU'.")
        self.embedding_size = checks.positive_int(name, embedding_size=embedding_size)
        if max_norm is not None and checks.floating(name, max_norm=max_norm) <= 0:
            raise fail(ValueError, f"For '{name}', the argument 'max_norm' must be positive, but got {max_norm}.")
        self.max_norm = max_norm
        self.embedding_table = parameter(
            name, "embedding_table", param_init, (vocab_size, embedding_size), dtype, argument="param_init"
        )

    def construct(self, indices):
        return self._rows(checks.tensor(type(self).__name__, input=indices))

    def _rows(self, indices):
        out = (sparse_gather if self.sparse else ops.gather)(self.embedding_table, indices, 0)
        if self.max_norm is None:
            return out
        length = ops.norm(out, dim=-1, keepdim=True)
        return out * (self.max_norm / ops.maximum(length, self.max_norm))


class MultiFieldEmbeddingLookup(EmbeddingLookup):
    """Rows of a table, weighted, and joined for each of ``field_size`` fields by ``operator``.

    Args:
        vocab_size: int, how many rows.
        embedding_size: int, their length.
        field_size: int, how many fields there are.
        param_init: as in ``EmbeddingLookup``.  Default: "normal".
        target: as in ``EmbeddingLookup``.  Default: "CPU".
        slice_mode: accepted as MindSpore accepts it; without meaning on one device.
        feature_num_list: accepted as MindSpore accepts it; without meaning on one device.
        max_norm: float, longer rows are cut to this length.  Default: None.
        sparse: as in ``EmbeddingLookup``.  Default: True.
        operator: "SUM" (the default), "MEAN" (the sum divided by that of the absolute weights) or "MAX" (of the rows
            with a weight).
        dtype: the type of the table.  Default: float32.

    Inputs:
        input_indices: Tensor of ints, shape (N, L).
        input_values: Tensor of floats, shape (N, L): the weights.
        field_ids: Tensor of ints, shape (N, L): the field of each row.

    Returns:
        Tensor of shape (N, field_size, embedding_size) and the dtype of the table; zeros for a field without weights.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range, or inputs of other shapes.

    >>> from minispore import Tensor, nn
    >>> net = nn.MultiFieldEmbeddingLookup(3, 1, 2, param_init=Tensor([[1.0], [2.0], [4.0]]))
    >>> at, weights, fields = Tensor([[0, 1, 2]]), Tensor([[1.0, 0.5, 1.0]]), Tensor([[0, 0, 1]])
    >>> print(net(at, weights, fields))
    [[[2.]
      [4.]]]
    """

    OPERATOR_SUM, OPERATOR_MEAN, OPERATOR_MAX = "SUM", "MEAN", "MAX"

    def __init__(self, vocab_size, embedding_size, field_size, param_init="normal", target="CPU",
                 slice_mode="batch_slice", feature_num_list=None, max_norm=None, sparse=True, operator="SUM",
                 dtype=float32):  # fmt: skip
        super().__init__(
            vocab_size, embedding_size, param_init, target, slice_mode, feature_num_list, max_norm, sparse, dtype
        )
        name = type(self).__name__
        self.field_size = checks.positive_int(name, field_size=field_size)
        self.operator = checks.one_of(name, ["SUM", "MAX", "MEAN"], operator=operator)

    def construct(self, input_indices, input_values, field_ids):  # type: ignore[override]
        name = type(self).__name__
        for what, x in (("input_indices", input_indices), ("input_values", input_values), ("field_ids", field_ids)):
            if checks.tensor(name, **{what: x}).ndim != 2 or x.shape != input_indices.shape:
                raise fail(
                    ValueError, f"For '{name}', '{what}' must have the shape of the indices (N, L), but got {x.shape}."
                )
        rows = self._rows(input_indices) * ops.expand_dims(input_values, -1)
        inside = ops.expand_dims(field_ids, 1) == ops.expand_dims(ops.arange(self.field_size), 1)  # (N, fields, L)
        if self.operator == "MAX":
            inside = ops.expand_dims(ops.logical_and(inside, ops.expand_dims(input_values != 0, 1)), -1)
            largest = ops.amax(ops.select(inside, ops.expand_dims(rows, 1), float("-inf")), 2)
            return ops.select(ops.isinf(largest), 0.0, largest)
        inside = to(inside, rows.dtype)
        sums = ops.matmul(inside, rows)
        if self.operator == "SUM":
            return sums
        weights = ops.matmul(inside, ops.expand_dims(ops.abs(input_values), -1))
        return sums / ops.select(weights == 0, 1.0, weights)


__all__ = ["Embedding", "EmbeddingExt", "EmbeddingLookup", "MultiFieldEmbeddingLookup"]
