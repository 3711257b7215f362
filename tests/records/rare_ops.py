"""Calls of functions and primitives that few scripts use; ``rare_ops.json`` holds what MindSpore 2.10 gave for them on a CPU.

``python rare_ops.py`` writes it, run with MindSpore.
"""

import json
import sys
from pathlib import Path

import numpy as np


def cases(ms):
    """{name: function without arguments}; its random numbers are those after ``draw.seed(1)``."""
    ops, P, draw = ms.ops, ms.ops.operations, np.random.RandomState(1)

    def t(*shape):
        return ms.Tensor(draw.randn(*shape).astype(np.float32))

    def T(values, dtype=None):
        return ms.Tensor(np.array(values), dtype) if dtype else ms.Tensor(np.array(values))

    # fmt: off
    return draw, {
        "reduce_mean": lambda: ops.reduce_mean(t(3, 4),1),
        "reduce_max": lambda: ops.reduce_max(t(3, 4)),
        "reduce_min": lambda: ops.reduce_min(t(3, 4),(0,)),
        "population_count": lambda: ops.population_count(T([0,1,-1,255],ms.int16)),
        "logspace": lambda: ops.logspace(T(1.0,ms.float32),T(3.0,ms.float32),5,2),
        "bidense": lambda: ops.bidense(t(2,3),t(2,4),t(5,3,4),t(5)),
        "pdist": lambda: ops.pdist(t(3, 4),1.5),
        "pdist0": lambda: ops.pdist(t(3, 4),0.0),
        "pdistinf": lambda: ops.pdist(t(3, 4),float("inf")),
        "matrix_diag": lambda: ops.matrix_diag(t(2,3)),
        "matrix_diag_k": lambda: ops.matrix_diag(t(2,3),T(1,ms.int32),num_rows=T(3,ms.int32),num_cols=T(5,ms.int32),padding_value=T(9.,ms.float32)),
        "matrix_diag_b": lambda: ops.matrix_diag(t(3,3),T([-1,1],ms.int32),align="LEFT_RIGHT"),
        "matrix_diag_part": lambda: ops.matrix_diag_part(t(3,4),T([-2,2],ms.int32),T(7.,ms.float32)),
        "matrix_diag_part1": lambda: ops.matrix_diag_part(t(2,3,4),T(0,ms.int32),T(7.,ms.float32)),
        "matrix_diag_partLL": lambda: ops.matrix_diag_part(t(3,4),T([-2,2],ms.int32),T(7.,ms.float32),"LEFT_LEFT"),
        "matrix_set_diag": lambda: ops.matrix_set_diag(t(2,3,4),t(2,3)),
        "matrix_set_diagb": lambda: ops.matrix_set_diag(t(2,3,4),t(2,2,3),T([0,1],ms.int32)),
        "bartlett": lambda: ops.bartlett_window(T(5,ms.int64)),
        "blackman": lambda: ops.blackman_window(T(6,ms.int64),periodic=False),
        "hamming": lambda: ops.hamming_window(5),
        "hann": lambda: ops.hann_window(5,False),
        "kaiser": lambda: ops.kaiser_window(5),
        "kaiser1": lambda: ops.kaiser_window(1),
        "s2b": lambda: ops.space_to_batch_nd(t(1,2,4,4),[2,2],[[0,0],[1,1]]),
        "b2s": lambda: ops.batch_to_space_nd(t(4,2,2,3),[2,2],[[0,0],[1,0]]),
        "col2im": lambda: ops.col2im(t(1,2,4,9),T([4,4],ms.int32),[2,2],[1,1],[0,0],[1,1]),
        "avg_pool3d": lambda: ops.avg_pool3d(t(1,2,4,4,4),2,2),
        "max_pool3d": lambda: ops.max_pool3d(t(1,2,4,4,4),2,2,return_indices=True),
        "aap3": lambda: ops.adaptive_avg_pool3d(t(1,2,4,5,6),(2,3,2)),
        "amp3": lambda: ops.adaptive_max_pool3d(t(1,2,4,5,6),(2,3,2),True),
        "mu1": lambda: ops.max_unpool1d(T([[[2.,4,6]]],ms.float32),T([[[1,3,5]]],ms.int64),2,2),
        "mu3": lambda: ops.max_unpool3d(T([[[[[7.]]]]],ms.float32),T([[[[[5]]]]],ms.int64),2,2),
        "scalar_add": lambda: ops.scalar_add(1,2),
        "Padding": lambda: P.Padding(4)(t(2,1)),
        "Conv3D": lambda: P.Conv3D(3,2)(t(1,2,3,3,3),t(3,2,2,2,2)),
        "Conv3Dp": lambda: P.Conv3D(3,2,pad_mode="same")(t(1,2,3,3,3),t(3,2,2,2,2)),
        "AvgPool3D": lambda: P.AvgPool3D(2,2)(t(1,2,4,4,4)),
        "AvgPool3Ds": lambda: P.AvgPool3D(2,2,"same")(t(1,2,3,3,3)),
        "MaxPool3D": lambda: P.MaxPool3D(2,2)(t(1,2,4,4,4)),
        "MaxPool3DA": lambda: P.MaxPool3DWithArgmax((2,2,2),(2,2,2),(0,0,0))(t(1,2,4,4,4)),
        "MaxUnpool2D": lambda: P.MaxUnpool2D(2,2)(T([[[[7.]]]],ms.float32),T([[[[2]]]],ms.int64)),
        "LSTM": lambda: P.LSTM(3,2,1,True,False,0.0)(t(4,2,3),t(1,2,2),t(1,2,2),t(8*3+8*2+8,1,1))[:3],
        "NoRepeat": lambda: P.NoRepeatNGram(3)(T([[[1,2,1,2,5,1,2],[9,3,9,5,4,1,5]]],ms.int32),T(np.full((1,2,10),.9,np.float32))),
        "RGB": lambda: P.RGBToHSV()(T(np.array([[[.25,.5,.5],[.1,.9,.3],[0,0,0.],[1,1,1]]],np.float32).reshape(1,2,2,3))),
        "HSV": lambda: P.HSVToRGB()(T(np.array([[[.25,.5,.5],[.1,.9,.3],[0,0,0.],[.8,1,1]]],np.float32).reshape(1,2,2,3))),
        "SegmentSum": lambda: P.SegmentSum()(t(3, 4),T([0,0,2],ms.int32)),
        "SegmentMax": lambda: P.SegmentMax()(t(3, 4),T([0,0,2],ms.int32)),
        "SegmentMin": lambda: P.SegmentMin()(t(3, 4),T([0,0,2],ms.int32)),
        "SegmentMean": lambda: P.SegmentMean()(t(3, 4),T([0,0,2],ms.int32)),
        "SegmentProd": lambda: P.SegmentProd()(t(3, 4),T([0,0,2],ms.int32)),
        "Nth": lambda: P.NthElement()(t(3, 4),T(1,ms.int32)),
        "Nthr": lambda: P.NthElement(True)(t(3, 4),T(1,ms.int32)),
        "Hist": lambda: P.Histogram(4,0.0,3.0)(T([1.,2,1,5,0],ms.float32)),
        "LB": lambda: P.LowerBound()(T([[0.,3,9,9,10],[1,2,3,4,5]],ms.float32),T([[2.,4,9],[0,2,6]],ms.float32)),
        "UB": lambda: P.UpperBound()(T([[0.,3,9,9,10],[1,2,3,4,5]],ms.float32),T([[2.,4,9],[0,2,6]],ms.float32)),
        "Pdist": lambda: P.Pdist(2.0)(t(3, 4)),
        "Check": lambda: P.CheckNumerics()(t(3, 4)),
        "DFDM": lambda: P.DataFormatDimMap()(T([0,1,2,3,-1],ms.int32)),
        "DFVP": lambda: P.DataFormatVecPermute()(T([10,20,30,40],ms.int32)),
        "IU2": lambda: P.InplaceUpdateV2()(t(3, 4),(0,1),t(2,4)),
        "MS": lambda: P.MaskedScatter()(t(3, 4),T([[True,False,True,False]]*3),t(12)),
        "Renorm": lambda: P.Renorm(1,0,1.0)(t(3, 4)),
        "UWP": lambda: P.UniqueWithPad()(T([1,2,2,3],ms.int32),8),
        "R1D": lambda: P.ResizeLinear1D("align_corners")(t(1,2,4),(6,)),
        "R1Dh": lambda: P.ResizeLinear1D("half_pixel")(t(1,2,4),(6,)),
        "FillV2": lambda: P.FillV2()(T([2,3],ms.int32),T(1.5,ms.float32)),
        "Expand": lambda: P.Expand()(t(1,3),T([2,3],ms.int32)),
        "EqualCount": lambda: P.EqualCount()(T([1,2,3],ms.int32),T([1,0,3],ms.int32)),
        "ScatterNdMax": lambda: P.ScatterNdMax()(ms.Parameter(T([1.,2,3],ms.float32),name="p"),T([[1],[2]],ms.int32),T([5.,1],ms.float32)),
        "frac2": lambda: ops.fractional_max_pool2d(t(1,1,6,6),2,output_size=(3,3),_random_samples=T(np.full((1,1,2),.3,np.float32))),
        "NuclearNorm": lambda: P.NuclearNorm()(t(3, 4)),
        "SparseToDense": lambda: P.SparseToDense()(T([[0,1],[1,2]],ms.int32),T([1.,2.],ms.float32),(3,4)),
        "Conv3DT": lambda: P.Conv3DTranspose(2,3,(2,2,2))(t(1,2,2,2,2),t(2,3,2,2,2)),
        "Conv3DTs": lambda: P.Conv3DTranspose(2,3,3,pad_mode="same",stride=2)(t(1,2,2,2,2),t(2,3,3,3,3)),
        "Conv3DTp": lambda: P.Conv3DTranspose(2,3,3,pad_mode="pad",pad=1,stride=2,output_padding=1)(t(1,2,2,2,2),t(2,3,3,3,3)),
        "conv3d_transpose": lambda: ops.conv3d_transpose(t(1,2,2,2,2),t(2,3,2,2,2),"pad",1,2),
        "ResizeBicubic": lambda: P.ResizeBicubic(False,True)(t(1,1,3,3),(5,4)),
        "ResizeBicubicA": lambda: P.ResizeBicubic(True,False)(t(1,1,3,3),(5,4)),
        "ResizeArea": lambda: P.ResizeArea()(t(1,3,3,2),T([2,5],ms.int32)),
        "ResizeAreaA": lambda: P.ResizeArea(True)(t(1,3,3,2),T([2,5],ms.int32)),
        "EditDistance": lambda: [P.EditDistance(n)(T([[0,0,0],[1,0,1],[1,1,1]],ms.int64),T([1,2,3],ms.int64),T([1,1,2],ms.int64),T([[0,1,0],[0,0,1],[1,1,0],[1,0,1]],ms.int64),T([1,2,3,1],ms.int64),T([2,2,2],ms.int64)) for n in (True,False)],
        "EditDistanceL": lambda: [P.EditDistance(n)(T([[0,0],[0,1],[0,2],[1,0]],ms.int64),T([1,2,3,7],ms.int64),T([3,3],ms.int64),T([[0,0],[0,1],[0,2],[0,3],[1,0],[1,1]],ms.int64),T([4,1,3,3,7,8],ms.int64),T([3,4],ms.int64)) for n in (True,False)],
        "Lstsq": lambda: P.Lstsq()(t(4,2),t(4,1)),
    }
    # fmt: on


def plain(value):
    """Tensors as [dtype, shape, numbers], in lists."""
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    if hasattr(value, "asnumpy"):
        array = value.asnumpy()
        return [str(array.dtype), list(array.shape), np.asarray(array, np.float64).reshape(-1).tolist()]
    return value


def run(ms, name=None):
    """{name: result} of all cases, or of one."""
    draw, made = cases(ms)
    results = {}
    for case, call in made.items():
        if name in (None, case):
            draw.seed(1)
            results[case] = plain(call())
    return results


if __name__ == "__main__":
    import mindspore

    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    text = json.dumps(run(mindspore), indent=None).replace('], "', '],\n"')
    Path(sys.argv[0]).with_suffix(".json").write_text(text + "\n")
