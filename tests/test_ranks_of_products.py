"""Products of matrices refuse other numbers of axes, as MindSpore 2.10 does (recorded from calls of it)."""

import numpy as np
import pytest

import minispore as ms
from minispore import ops

MATRIX, BATCH, VECTOR = (2, 3), (4, 2, 3), (3,)
PRODUCTS = {
    "mm": lambda a, b: ops.mm(a, b),
    "addmm": lambda a, b: ops.addmm(ms.Tensor(1.0), a, b),
    "baddbmm": lambda a, b: ops.baddbmm(ms.Tensor(1.0), a, b),
    "addbmm": lambda a, b: ops.addbmm(ms.Tensor(1.0), a, b),
    "BatchMatMul": lambda a, b: ops.BatchMatMul()(a, b),
}
REFUSED = [
    *[(name, MATRIX, VECTOR) for name in PRODUCTS], *[(name, VECTOR, (3, 2)) for name in PRODUCTS],
    *[(name, BATCH, (3, 2)) for name in PRODUCTS], *[(name, MATRIX, (4, 3, 2)) for name in PRODUCTS],
    *[(name, BATCH, (4, 3, 2)) for name in ("mm", "addmm")], ("addbmm", MATRIX, (3, 2)),
    *[(name, (1, 2, 3), (4, 3, 2)) for name in ("baddbmm", "addbmm", "BatchMatMul")],
]  # fmt: skip


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("name, first, second", REFUSED)
def test_a_product_of_other_ranks_is_refused(name, first, second, compiled):
    function = ms.jit(PRODUCTS[name]) if compiled else PRODUCTS[name]
    with pytest.raises(ValueError, match=name):
        function(ops.ones(first), ops.ones(second))


@pytest.mark.parametrize("name, first, second", [("mm", MATRIX, (3, 2)), ("BatchMatMul", MATRIX, (3, 2)), ("BatchMatMul", BATCH, (4, 3, 2)),
                                                 ("addmm", MATRIX, (3, 2)), ("baddbmm", BATCH, (4, 3, 2)), ("addbmm", BATCH, (4, 3, 2))])  # fmt: skip
def test_a_product_of_its_own_ranks(name, first, second):
    a, b = np.arange(np.prod(first), dtype=np.float32).reshape(first), np.ones(second, np.float32)
    expected = a @ b + name.startswith(("add", "badd"))
    if name == "addbmm":
        expected = (a @ b).sum(0) + 1
    assert np.array_equal(PRODUCTS[name](ms.Tensor(a), ms.Tensor(b)).asnumpy(), expected)
