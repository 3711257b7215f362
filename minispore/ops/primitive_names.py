"""The names of the arguments of the calls of primitive objects in MindSpore, where what does the work here has others."""

# names, in the order of the places -> the classes that have them
_GROUPS = {
    "dtype dims x": "Fill",
    "image size": "ResizeBilinearV2 ResizeNearestNeighborV2",
    "indices depth on_value off_value": "OneHot",
    "input": (
        "AdaptiveMaxPool2D ArgMaxWithValue ArgMinWithValue BroadcastTo Cummax Cummin GeLU HShrink "
        "HSigmoid HSwish LogMatrixDeterminant Logit MatrixDeterminant NanToNum ReverseV2 Roll SoftShrink "
        "Softmax Squeeze Svd Triu UniqueConsecutive"
    ),
    "input axis": "CumSum ReduceAll",
    "input begin size": "Slice",
    "input input_perm": "TransposeView",
    "input mat2": "MatMul",
    "input other": "Cross FloorDiv IsClose",
    "input target": "SoftMarginLoss",
    "input target weight": "BinaryCrossEntropy",
    "input target weight posWeight": "BCEWithLogitsLoss",
    "input_params input_indices axis": "Gather",
    "input_x": "Argmax Cholesky CholeskyInverse Elu Flatten Identity ResizeNearestNeighbor Split TensorShape",
    "input_x begin end strides": "StridedSlice",
    "input_x bias": "BiasAdd",
    "input_x dtype": "Cast",
    "input_x gamma beta": "LayerNorm",
    "input_x grid": "GridSampler2D",
    "input_x input_y": "RightShift",
    "inputs": "Meshgrid",
    "logits": "LogSoftmax",
    "prediction target": "SmoothL1Loss",
    "sorted_sequence values sorter": "SearchSorted",
    "tensor": "NeighborExchange",
    "tensors": "Concat",
    "x": "OnesLike Rank Shape ZerosLike",
    "x dim index": "GatherD",
    "x dtype": "ScalarToTensor",
    "x target weight": "MultiMarginLoss",
    "x y": "LogicalAnd LogicalOr",
    "x1 x2": "Cdist LeftShift",
}
CALL_NAMES = {name: names.split() for names, classes in _GROUPS.items() for name in classes.split()}


def by_place(names, args, kwargs):
    """The arguments of a call with those by name that follow the ones by place in their places.

    Args:
        names: list of the names of the arguments, in order.
        args: tuple of the arguments by place.
        kwargs: dict of those by name.

    Returns:
        tuple of the arguments by place, and a dict of what is left.
    """
    rest = dict(kwargs)
    for name in names[len(args) :]:
        if name not in rest:
            break
        args = (*args, rest.pop(name))
    return args, rest


__all__ = ["CALL_NAMES", "by_place"]
