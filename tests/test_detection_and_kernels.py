"""Ops whose forms come from MindSpore's kernels: regions and boxes, updates of rows, kernels that users call by a class of their own."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.ops import operations as P
from minispore.surface import gradient_primitives as G


class Net(nn.Cell):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def construct(self, *inputs):
        return self.function(*inputs)


# ---------------------------------------------------------------- boxes
def test_a_box_with_swapped_corners_overlaps_no_other(mode):
    boxes = np.array([[70, 70, 45, 75, 0.6], [30, 33, 43, 29, 0.1], [1, 1, 9, 9, 0.5], [1, 1, 9, 8, 0.4]], np.float32)
    found, numbers, kept = Net(P.NMSWithMask(0.7))(Tensor(boxes))
    np.testing.assert_array_equal(found.asnumpy(), boxes[[0, 2, 3, 1]])
    assert numbers.asnumpy().tolist() == [0, 1, 2, 3]
    assert kept.asnumpy().tolist() == [True, True, False, True]


# (regions, roi_end_mode): what MindSpore 2.10 gives for sample_num -1 and 0 in a plane of 1 to 36
REGIONS = [
    ([[0, -2.0, -2.0, 22.0, 22.0]], 0, [[6.295138835906982, 0.0], [0.0, 0.0]]),
    ([[0, -2.0, -2.0, 22.0, 22.0]], 1, [[6.61414909362793, 0.0], [0.0, 0.0]]),
    ([[0, 1.0, 1.0, 4.5, 5.0]], 0, [[14.875, 16.625], [26.875, 28.625]]),
    ([[0, 1.0, 1.0, 4.5, 5.0]], 1, [[16.625, 18.875], [30.5, 32.75]]),
    ([[0, 0.0, 0.0, 5.0, 3.0]], 1, [[8.5, 11.333333015441895], [20.5, 23.33333396911621]]),
]


@pytest.mark.parametrize("sample_num", [-1, 0])
@pytest.mark.parametrize(("regions", "end", "expected"), REGIONS)
def test_regions_are_sampled_as_their_size_asks(regions, end, expected, sample_num, mode):
    plane = Tensor(np.arange(1, 37, dtype=np.float32).reshape(1, 1, 6, 6))
    out = Net(P.ROIAlign(2, 2, 1.0, sample_num, end))(plane, Tensor(np.array(regions, np.float32)))
    np.testing.assert_allclose(out.asnumpy()[0, 0], expected, rtol=1e-6)


def test_regions_that_are_sampled_by_size_have_gradients(mode):
    plane = Tensor(np.random.default_rng(0).standard_normal((2, 3, 5, 6)).astype(np.float32))
    regions = Tensor(np.array([[1, 0.0, 0.5, 5.0, 4.0], [0, 1.0, 1.0, 5.5, 3.0]], np.float32))
    pool = Net(lambda x: P.ROIAlign(2, 2, 1.0, -1, 0)(x, regions).sum())
    gradient = ops.grad(pool)(plane).asnumpy()
    # the op is linear in the plane: the gradient by the plane itself is its value
    np.testing.assert_allclose((gradient * plane.asnumpy()).sum(), pool(plane).asnumpy(), rtol=1e-4)
    assert gradient[0].any() and gradient[1].any()


def test_a_region_smaller_than_its_cells_has_one_sample_in_each():
    plane = Tensor(np.arange(36, dtype=np.float32).reshape(1, 1, 6, 6))
    out = P.ROIAlign(2, 2, 1.0, -1, 0)(plane, Tensor(np.array([[0, 2.0, 1.0, 2.5, 4.0]], np.float32)))
    np.testing.assert_allclose(out.asnumpy()[0, 0], [[12.75, 13.25], [21.75, 22.25]])


@pytest.mark.parametrize("far", [np.nan, np.inf, 3e38])
def test_regions_without_bounds_neither_fail_nor_fill_the_memory(far, mode):
    plane = Tensor(np.ones((1, 1, 4, 4), np.float32))
    regions = Tensor(np.array([[0, 0.0, 0.0, far, 2.0], [0, 0.0, 0.0, 2.0, 2.0]], np.float32))
    out = Net(P.ROIAlign(1, 1, 1.0, -1, 0))(plane, regions).asnumpy()
    assert out[1] == 1.0


# ---------------------------------------------------------------- decoding
def decoded(lengths):
    scores = np.zeros((2, 2, 3), np.float32)
    scores[0, :, 1] = 2.0
    return P.CTCGreedyDecoder()(Tensor(scores), Tensor(np.array(lengths, np.int32)))


def test_lengths_below_zero_are_empty_sequences():
    _, values, shape, scores = decoded([-1, 1])
    assert values.asnumpy().tolist() == [1]
    assert shape.asnumpy().tolist() == [2, 1]
    assert scores.asnumpy().tolist() == [[0.0], [-2.0]]


@pytest.mark.parametrize(("lengths", "error"), [([3, 1], RuntimeError), ([1], ValueError), ([1, 1, 1], ValueError)])
def test_lengths_that_do_not_fit_are_refused(lengths, error):
    with pytest.raises(error, match="sequence_length"):
        decoded(lengths)


# ---------------------------------------------------------------- rows, slices, norms
@pytest.mark.parametrize("name", ["FusedSparseAdam", "FusedSparseLazyAdam"])
@pytest.mark.parametrize("place", ["gradient", "indices"])
def test_updates_of_rows_refuse_lists_of_tensors(name, place, mode):
    class Update(nn.Cell):
        def __init__(self):
            super().__init__()
            self.update = getattr(P, name)()
            self.w, self.m, self.v = (Parameter(Tensor(np.ones((3, 2), np.float32)), name=n) for n in "wmv")

        def construct(self, gradient, indices):
            return self.update(self.w, self.m, self.v, 0.9, 0.999, 0.001, 0.9, 0.999, 1e-8, gradient, indices)

    gradient, indices = Tensor(np.ones((3, 2), np.float32)), Tensor([0, 1, 2], ms.int32)
    with pytest.raises(TypeError, match=place):
        Update()([gradient] * 2 if place == "gradient" else gradient, [indices] * 2 if place == "indices" else indices)


def test_gradients_of_fewer_bits_are_converted_before_an_update(mode):
    var, accum = (Parameter(Tensor(np.array([0.65, 0.45], np.float32)), name=n) for n in ("var", "accum"))
    gradient = np.array([3.0, 5.0], np.float16)
    Net(lambda g: P.ApplyAdagradV2(1e-6)(var, accum, Tensor(0.1, ms.float16), g))(Tensor(gradient))
    total = np.array([0.65, 0.45], np.float32) + gradient.astype(np.float32) ** 2
    rate = np.float32(np.float16(0.1))
    np.testing.assert_allclose(accum.asnumpy(), total, rtol=1e-6)
    np.testing.assert_allclose(var.asnumpy(), np.array([0.65, 0.45]) - rate * gradient / np.sqrt(total), rtol=1e-5)


def test_the_gradient_of_a_slice_may_lack_axes_of_length_one(mode):
    gradient = Tensor(np.arange(8, dtype=np.float32).reshape(4, 2))
    out = Net(lambda g: G.StridedSliceGrad()(g, (2, 4, 2), (0, 0, 0), (1, 4, 2), (1, 1, 1)))(gradient)
    np.testing.assert_array_equal(out.asnumpy(), np.stack([gradient.asnumpy(), np.zeros((4, 2))]))


@pytest.mark.parametrize("p", [1, 2, 3])
def test_complex_slices_are_scaled_by_their_magnitudes(p, mode):
    x = np.array([[1 + 2j, 2 + 3j], [3 + 4j, 0.1j]], np.complex64)
    lengths = (np.abs(x) ** p).sum(0, keepdims=True) ** (1 / p)
    expected = x * np.where(lengths > 5, 5 / lengths, 1)
    np.testing.assert_allclose(Net(P.Renorm(p, 1, 5.0))(Tensor(x)).asnumpy(), expected, rtol=1e-5)


# ---------------------------------------------------------------- unique_with_pad
def test_unique_with_pad_has_a_known_shape_in_graphs_and_vmap(mode):
    x = np.array([[[1, 2, 5, 2], [3, 3, 3, 1]], [[4, 4, 0, 0], [7, 8, 9, 6]]], np.int32)
    function = lambda v: P.UniqueWithPad()(v, -1)
    values, numbers = Net(ops.vmap(ops.vmap(function)))(Tensor(x))
    assert values.asnumpy().tolist() == [[[1, 2, 5, -1], [3, 1, -1, -1]], [[4, 0, -1, -1], [7, 8, 9, 6]]]
    assert numbers.asnumpy().tolist() == [[[0, 1, 2, 1], [0, 0, 0, 1]], [[0, 0, 1, 1], [0, 1, 2, 3]]]
    assert numbers.dtype == ms.int32
    assert function(Tensor([2.0, 2.0]))[0].asnumpy().tolist() == [2.0, -1.0]


# ---------------------------------------------------------------- kernels by name
class QR(ops.PrimitiveWithInfer):
    """A class as users write it for a kernel of MindSpore."""

    @ops.prim_attr_register
    def __init__(self, mode="full"):
        super().__init__(name="QR")
        self.init_prim_io_names(inputs=["x"], outputs=["q", "r"])


@pytest.mark.parametrize(("how", "columns"), [("full", 5), ("r", 5), ("economic", 3)])
def test_a_class_with_the_name_of_a_kernel_calls_it_with_its_attributes(how, columns, mode):
    a = np.random.default_rng(1).random((5, 3)).astype(np.float32)
    q, r = Net(QR(how))(Tensor(a))
    assert (q.shape, r.shape) == ((5, columns), (columns, 3))
    np.testing.assert_allclose(q.asnumpy() @ r.asnumpy(), a, atol=1e-5)
    np.testing.assert_allclose(q.asnumpy().T @ q.asnumpy(), np.eye(columns), atol=1e-5)


def test_a_class_with_another_name_says_that_it_has_no_function():
    class Own(ops.Primitive):
        def __init__(self):
            super().__init__("NoKernelOfThisName")

    with pytest.raises(NotImplementedError, match="NoKernelOfThisName"):
        Own()(Tensor([1.0]))


# ---------------------------------------------------------------- arguments
@pytest.mark.parametrize("tolerance", ["small", 1, None, True])
def test_a_tolerance_that_is_no_float_is_named(tolerance):
    with pytest.raises(TypeError, match="tolerance"):
        P.ApproximateEqual(tolerance)
    with pytest.raises(TypeError, match="tolerance"):
        ops.approximate_equal(Tensor([1.0]), Tensor([1.0]), tolerance)


def test_prelu_of_a_number_has_no_axes(mode):
    x, weight = Tensor(np.array(-0.8, np.float32)), Tensor(np.array([0.6], np.float32))
    assert Net(P.PReLU())(x, weight).shape == ()
    dx, dw = ops.grad(Net(P.PReLU()), (0, 1))(x, weight)
    assert (dx.shape, dw.shape) == ((), (1,))
    np.testing.assert_allclose([dx.asnumpy(), dw.asnumpy()[0]], [0.6, -0.8])
