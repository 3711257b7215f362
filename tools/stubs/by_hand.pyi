# Declarations that docstrings cannot give: a ``# module`` line says whose.  A class gives its head and those of its
# members that stand here; the others come from the source.

# module minispore.transforms.jit
@overload
def jit(
    function: C,
    *,
    capture_mode: str = "ast",
    jit_level: str = "O0",
    dynamic: int = 0,
    fullgraph: bool = False,
    backend: str | Callable[..., Any] = "",
    **options: Any,
) -> C: ...
@overload
def jit(
    function: Callable[Concatenate[Tensor, P], R],
    *,
    capture_mode: str = "ast",
    jit_level: str = "O0",
    dynamic: int = 0,
    fullgraph: bool = False,
    backend: str | Callable[..., Any] = "",
    **options: Any,
) -> Compiled[Concatenate[Tensor, P], R]: ...
@overload
def jit(
    function: Callable[P, R],
    *,
    capture_mode: str = "ast",
    jit_level: str = "O0",
    dynamic: int = 0,
    fullgraph: bool = False,
    backend: str | Callable[..., Any] = "",
    **options: Any,
) -> Callable[P, R]: ...
@overload
def jit(
    function: None = None,
    *,
    capture_mode: str = "ast",
    jit_level: str = "O0",
    dynamic: int = 0,
    fullgraph: bool = False,
    backend: str | Callable[..., Any] = "",
    **options: Any,
) -> Jit: ...
def jit_class(cls: type[T]) -> type[T]: ...
@overload
def lazy_inline(fn: Callable[P, R], attrs: Any = None, policy: Any = None) -> Callable[P, R]: ...
@overload
def lazy_inline(
    fn: None = None, attrs: Any = None, policy: Any = None
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def mutable(input_data: T, dynamic_len: bool = False) -> T: ...

# module minispore.transforms.grad
@overload
def value_and_grad(
    fn: Callable[Concatenate[Tensor, P], R],
    grad_position: Literal[0] = 0,
    weights: None = None,
    has_aux: bool = False,
    return_ids: Literal[False] = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[Concatenate[Tensor, P], tuple[R, Tensor]]: ...
@overload
def value_and_grad(
    fn: Callable[P, R],
    grad_position: None,
    weights: Parameter,
    has_aux: bool = False,
    return_ids: Literal[False] = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[P, tuple[R, Tensor]]: ...
@overload
def value_and_grad(
    fn: Callable[P, R],
    grad_position: None,
    weights: Iterable[Parameter],
    has_aux: bool = False,
    return_ids: Literal[False] = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[P, tuple[R, tuple[Tensor, ...]]]: ...
@overload
def value_and_grad(
    fn: Callable[P, R],
    grad_position: int | Sequence[int] | None = 0,
    weights: Parameter | Iterable[Parameter] | None = None,
    has_aux: bool = False,
    return_ids: bool = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[P, tuple[R, Any]]: ...
@overload
def value_and_grad(
    fn: Callable[..., R],
    grad_position: int | Sequence[int] | None = 0,
    weights: Parameter | Iterable[Parameter] | None = None,
    has_aux: bool = False,
    return_ids: bool = False,
    sens_param: bool = False,
    *,
    through_updates: bool = False,
) -> Compiled[..., tuple[R, Any]]: ...
@overload
def grad(
    fn: Callable[Concatenate[Tensor, P], Any],
    grad_position: Literal[0] = 0,
    weights: None = None,
    has_aux: Literal[False] = False,
    return_ids: Literal[False] = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[Concatenate[Tensor, P], Tensor]: ...
@overload
def grad(
    fn: Callable[P, Any],
    grad_position: None,
    weights: Parameter,
    has_aux: Literal[False] = False,
    return_ids: Literal[False] = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[P, Tensor]: ...
@overload
def grad(
    fn: Callable[P, Any],
    grad_position: None,
    weights: Iterable[Parameter],
    has_aux: Literal[False] = False,
    return_ids: Literal[False] = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[P, tuple[Tensor, ...]]: ...
@overload
def grad(
    fn: Callable[P, Any],
    grad_position: int | Sequence[int] | None = 0,
    weights: Parameter | Iterable[Parameter] | None = None,
    has_aux: bool = False,
    return_ids: bool = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[P, Any]: ...
@overload
def grad(
    fn: Callable[..., Any],
    grad_position: int | Sequence[int] | None = 0,
    weights: Parameter | Iterable[Parameter] | None = None,
    has_aux: bool = False,
    return_ids: bool = False,
    sens_param: bool = False,
    *,
    through_updates: bool = False,
) -> Compiled[..., Any]: ...

# module minispore.transforms.mapping
@overload
def vmap(
    fn: Callable[Concatenate[Tensor, P], R], in_axes: Any = 0, out_axes: Any = 0
) -> Compiled[Concatenate[Tensor, P], R]: ...
@overload
def vmap(fn: Callable[P, R], in_axes: Any = 0, out_axes: Any = 0) -> Compiled[P, R]: ...
@overload
def vmap(fn: CellList, in_axes: Any = 0, out_axes: Any = 0) -> Compiled[..., Any]: ...

# module minispore.transforms.forward
@overload
def jvp(fn: Callable[[Tensor], R], inputs: Tensor, v: Tensor, has_aux: Literal[False] = False) -> tuple[R, R]: ...
@overload
def jvp(fn: Callable[..., R], inputs: Any, v: Any, has_aux: Literal[False] = False) -> tuple[R, R]: ...
@overload
def jvp(fn: Callable[..., Any], inputs: Any, v: Any, has_aux: bool = False) -> tuple[Any, ...]: ...

# module minispore.transforms.reverse
@overload
def vjp(
    fn: Callable[[Tensor], R], inputs: Tensor, /, *, weights: None = None, has_aux: Literal[False] = False
) -> tuple[R, Callable[..., tuple[Tensor, ...]]]: ...
@overload
def vjp(
    fn: Callable[[Tensor, Tensor], R], a: Tensor, b: Tensor, /, *, weights: None = None, has_aux: Literal[False] = False
) -> tuple[R, Callable[..., tuple[Tensor, ...]]]: ...
@overload
def vjp(
    fn: Callable[..., R],
    *inputs: Any,
    weights: Parameter | Iterable[Parameter] | None = None,
    has_aux: Literal[False] = False,
) -> tuple[R, Callable[..., tuple[Any, ...]]]: ...
@overload
def vjp(
    fn: Callable[..., Any], *inputs: Any, weights: Parameter | Iterable[Parameter] | None = None, has_aux: Literal[True]
) -> tuple[Any, Callable[..., tuple[Any, ...]], Any]: ...

# module minispore.transforms.jacobian
@overload
def jacfwd(
    fn: Callable[Concatenate[Tensor, P], Tensor], grad_position: Literal[0] = 0, has_aux: Literal[False] = False
) -> Compiled[Concatenate[Tensor, P], Tensor]: ...
@overload
def jacfwd(fn: Callable[P, Any], grad_position: int | Sequence[int] = 0, has_aux: bool = False) -> Compiled[P, Any]: ...
@overload
def jacrev(
    fn: Callable[Concatenate[Tensor, P], Tensor], grad_position: Literal[0] = 0, has_aux: Literal[False] = False
) -> Compiled[Concatenate[Tensor, P], Tensor]: ...
@overload
def jacrev(fn: Callable[P, Any], grad_position: int | Sequence[int] = 0, has_aux: bool = False) -> Compiled[P, Any]: ...

# module minispore.transforms.recompute
def recompute(block: Callable[..., R], *args: Any, **kwargs: Any) -> R: ...

# module minispore.ops.primitive_base
@overload
def constexpr(
    fn: Callable[P, R],
    get_instance: bool = True,
    name: str | None = None,
    reuse_result: bool = True,
    check: bool = True,
) -> Callable[P, R]: ...
@overload
def constexpr(
    fn: None = None, get_instance: bool = True, name: str | None = None, reuse_result: bool = True, check: bool = True
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...

class Primitive:
    def __getattr__(self, name: str) -> Any: ...  # the arguments that prim_attr_register keeps

def prim_attr_register(fn: Callable[P, R]) -> Callable[P, R]: ...

# module minispore.core.tensor
class Tensor:
    def item(self, *index: int | tuple[int, ...]) -> int | Any: ...  # an int, a float or a bool
    def tolist(self) -> list[Any] | Any: ...
    @property
    def data(self) -> Self: ...
    @property
    def T(self) -> Tensor: ...
    @property
    def H(self) -> Tensor: ...
    @property
    def mT(self) -> Tensor: ...
    @property
    def mH(self) -> Tensor: ...
    def reshape(self, *shape: int | Sequence[int] | Tensor) -> Tensor: ...
    def view(self, *shape: int | Sequence[int] | DTypeLike) -> Tensor: ...
    def permute(self, *axis: int | Sequence[int]) -> Tensor: ...

# module minispore.core.context
def set_context(
    *,
    mode: int = ...,
    device_target: str = ...,
    device_id: int = ...,
    save_graphs: int | bool = ...,
    save_graphs_path: Path = ...,
    deterministic: str = ...,
    check_nan: bool = ...,
    pynative_compile: bool = ...,
    flush_denormals: bool = ...,
    progress: bool = ...,
    full_tracebacks: bool = ...,
    max_call_depth: int = ...,
    runtime_num_threads: int = ...,
    pynative_synchronize: bool = ...,
    **kwargs: Any,
) -> None: ...

# module minispore.nn.cell
class Cell:
    # by the signature that the class gives ``construct``
    def __call__(self: Constructs[P, R], *args: P.args, **kwargs: P.kwargs) -> R: ...
    # a Tensor, and a subclass may give something else
    def construct(self, *args: Any, **kwargs: Any) -> Tensor | Any: ...
    def add_flags(self, **flags: Any) -> Self: ...
    def add_flags_recursive(self, **flags: Any) -> Self: ...
    def set_train(self, mode: bool = True) -> Self: ...
    def set_grad(self, requires_grad: bool = True) -> Self: ...
    def to_float(self, dst_type: DTypeLike) -> Self: ...
    def set_comm_fusion(self, fusion_type: int, recurse: bool = True) -> Self: ...
    def cells(self) -> Iterable[Cell]: ...
    def cells_and_names(self, cells: Any = None, name_prefix: str = "") -> Iterator[tuple[str, Cell]]: ...
    def name_cells(self) -> dict[str, Cell]: ...
    def parameters_dict(self, recurse: bool = True) -> dict[str, Parameter]: ...

# module minispore.nn.container
class CellList:
    def __init__(self, cells: Iterable[Cell] = ..., /, *, auto_prefix: bool = True) -> None: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    @overload
    def __getitem__(self, index: int) -> Member: ...
    def __setitem__(self, index: Any, cell: Cell | Iterable[Cell]) -> None: ...
    def __iter__(self) -> Iterator[Member]: ...
    def __len__(self) -> int: ...
    def __add__(self, other: Iterable[Cell]) -> Self: ...
    def __iadd__(self, other: Iterable[Cell]) -> Self: ...
    def append(self, cell: Cell) -> Self: ...
    def extend(self, cells: Iterable[Cell]) -> Self: ...

class SequentialCell:
    @overload
    def __init__(self, cells: Iterable[Cell] | Mapping[str, Cell], /) -> None: ...
    @overload
    def __init__(self, *cells: Cell) -> None: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    @overload
    def __getitem__(self, index: int | str) -> Member: ...
    def __setitem__(self, index: Any, cell: Cell) -> None: ...
    def __iter__(self) -> Iterator[Member]: ...
    def __len__(self) -> int: ...
    def append(self, cell: Cell) -> Self: ...

class CellDict:
    def __getitem__(self, key: str) -> Member: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def keys(self) -> Iterable[str]: ...
    def values(self) -> Iterable[Member]: ...
    def items(self) -> Iterable[tuple[str, Member]]: ...
    def pop(self, key: str) -> Member: ...

# module minispore.nn.loss.base
class LossBase(Cell):
    def construct(self, *args: Any, **kwargs: Any) -> Tensor | Any: ...

# module minispore.nn.wrap.cell_wrapper
class TrainOneStepCell(Cell, Generic[P, R]):
    network: Any
    optimizer: Any
    weights: Any
    def __init__(
        self,
        network: Constructs[P, R],
        optimizer: Optimizer,
        sens: Number | Tensor | None = None,
        return_grad: bool = False,
    ) -> None: ...
    def construct(self, *args: P.args, **kwargs: P.kwargs) -> R: ...

# module minispore.nn.optim.optimizer
class Optimizer(Cell):
    parameters: ParameterTuple
    param_groups: Any
    learning_rate: Any
    weight_decay: Any
    def construct(self, *args: Any, **kwargs: Any) -> Any: ...
    def prepared(self, gradients: Sequence[Tensor]) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]: ...
    def prepared_decoupled(
        self, gradients: Sequence[Tensor]
    ) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...], tuple[Tensor | None, ...]]: ...

# module minispore.dataset.dataset
class Dataset:
    @overload
    def create_dict_iterator(
        self, num_epochs: int = -1, output_numpy: Literal[False] = False, do_copy: bool = False
    ) -> Batches[dict[str, Tensor]]: ...
    @overload
    def create_dict_iterator(
        self, num_epochs: int = -1, *, output_numpy: Literal[True], do_copy: bool = False
    ) -> Batches[dict[str, NDArray[Any]]]: ...
    @overload
    def create_dict_iterator(
        self, num_epochs: int = -1, output_numpy: bool = False, do_copy: bool = False
    ) -> Batches[dict[str, Any]]: ...
    @overload
    def create_tuple_iterator(
        self,
        columns: str | Sequence[str] | None = None,
        num_epochs: int = -1,
        output_numpy: Literal[False] = False,
        do_copy: bool = False,
    ) -> Batches[list[Tensor]]: ...
    @overload
    def create_tuple_iterator(
        self,
        columns: str | Sequence[str] | None = None,
        num_epochs: int = -1,
        *,
        output_numpy: Literal[True],
        do_copy: bool = False,
    ) -> Batches[list[NDArray[Any]]]: ...
    @overload
    def create_tuple_iterator(
        self,
        columns: str | Sequence[str] | None = None,
        num_epochs: int = -1,
        output_numpy: bool = False,
        do_copy: bool = False,
    ) -> Batches[list[Any]]: ...

# module minispore.core.errors
def fail(kind: type[T], message: str) -> T: ...

# module minispore.dataset.sources.python
class GeneratorDataset:
    def __init__(
        self,
        source: Iterable[Any] | Callable[..., Any] | Indexed,
        column_names: str | Sequence[str] | None = None,
        column_types: Any = None,
        schema: Any = None,
        num_samples: int | None = None,
        num_parallel_workers: int = 1,
        shuffle: bool | None = None,
        sampler: Any = None,
        num_shards: int | None = None,
        shard_id: int | None = None,
        python_multiprocessing: bool = True,
        max_rowsize: Any = None,
        batch_sampler: Any = None,
        collate_fn: Callable[..., Any] | None = None,
    ) -> None: ...

# module minispore.train.callback.base
class RunContext:
    def original_args(self) -> Any: ...

# module minispore.ops.clipping
@overload
def clip_by_value(
    x: Tensor, clip_value_min: Tensor | Number | None = None, clip_value_max: Tensor | Number | None = None
) -> Tensor: ...
@overload
def clip_by_value(
    x: Sequence[Tensor], clip_value_min: Tensor | Number | None = None, clip_value_max: Tensor | Number | None = None
) -> tuple[Tensor, ...]: ...
@overload
def clip_by_norm(x: Tensor, max_norm: Number, norm_type: Number = 2.0, error_if_nonfinite: bool = False) -> Tensor: ...
@overload
def clip_by_norm(
    x: Sequence[Tensor], max_norm: Number, norm_type: Number = 2.0, error_if_nonfinite: bool = False
) -> tuple[Tensor, ...]: ...
def clip_by_global_norm(
    x: Sequence[Tensor], clip_norm: Number = 1.0, use_norm: Tensor | None = None
) -> tuple[Tensor, ...]: ...

# module minispore.core.parameter
class ParameterTuple(tuple[Parameter, ...]):
    def __new__(cls, iterable: Iterable[Parameter]) -> Self: ...
    def clone(self, prefix: str, init: Any = "same") -> ParameterTuple: ...

# module minispore.ops.custom_info
DataType: Any

# module minispore
__version__: str

# module minispore.train.estimators
class _Estimator:
    def __init__(
        self,
        network: Cell | Callable[..., Any] | None = None,
        *,
        epochs: int = 100,
        batch_size: int = 32,
        learning_rate: float | LearningRateSchedule = ...,
        optimizer: Callable[..., Any] | None = None,
        random_state: Any = None,
    ) -> None: ...
    # scikit-learn's own
    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> Self: ...
