"""Written docstrings of primitive classes: updates of Parameters."""

DOCSTRINGS = {
    "FusedSparseAdam": """Adam with the gradient of few rows; the means of all rows decay.

Args:
    use_locking (bool): no effect.
    use_nesterov (bool): whether Nesterov's momentum is used.
    inputs (Tensor | Parameter | float): ``var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon`` as for
        ``Adam``, the gradient of some rows, and the numbers of these rows.

Returns:
    tuple of the Parameters ``var``, ``m`` and ``v``.

>>> import minispore as ms
>>> var, m, v = (ms.Parameter(ms.ops.zeros((2, 1)), name=n) for n in "abc")
>>> _ = FusedSparseAdam()(var, m, v, 0.9, 0.999, 0.1, 0.9, 0.999, 1e-08, ms.Tensor([[1.0]]), ms.Tensor([1]))
>>> print(var.asnumpy().round(4))
[[ 0. ]
 [-0.1]]
""",
    "FusedSparseLazyAdam": """Adam of few rows; the others, their means too, stay what they are.

Args:
    use_locking (bool): no effect.
    use_nesterov (bool): whether Nesterov's momentum is used.
    inputs (Tensor | Parameter | float): ``var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon`` as for
        ``Adam``, the gradient of some rows, and the numbers of these rows.

Returns:
    tuple of the Parameters ``var``, ``m`` and ``v``.

>>> import minispore as ms
>>> var, m, v = (ms.Parameter(ms.ops.zeros((2, 1)), name=n) for n in "abc")
>>> _ = FusedSparseLazyAdam()(var, m, v, 0.9, 0.999, 0.1, 0.9, 0.999, 1e-08, ms.Tensor([[1.0]]), ms.Tensor([1]))
>>> print(var.asnumpy().round(4))
[[ 0. ]
 [-0.1]]
""",
    "SparseApplyFtrl": """FTRL-proximal of few rows.

McMahan et al., "Ad Click Prediction: a View from the Trenches" (2013).

Args:
    lr (float): the learning rate.
    l1 (float): the weight of the absolute values.
    l2 (float): the weight of the squares.
    lr_power (float): the power of the sums of squares that the rate is divided by, not positive.
    use_locking (bool): no effect.
    inputs (Tensor | Parameter): ``var``, ``accum`` (sums of squares), ``linear``, the gradient of some rows, and the
        numbers of these rows.

Returns:
    tuple of the Parameters.

>>> import minispore as ms
>>> var, accum, linear = (ms.Parameter(ms.ops.ones((2, 1)), name=n) for n in "abc")
>>> _ = SparseApplyFtrl(0.1, 0.0, 0.0, -0.5)(var, accum, linear, ms.Tensor([[1.0]]), ms.Tensor([1]))
>>> print(var.asnumpy().round(4))
[[1.    ]
 [0.1515]]
""",
    "FusedSparseFtrl": """FTRL-proximal of few rows.

McMahan et al., "Ad Click Prediction: a View from the Trenches" (2013).

Args:
    lr (float): the learning rate.
    l1 (float): the weight of the absolute values.
    l2 (float): the weight of the squares.
    lr_power (float): the power of the sums of squares that the rate is divided by, not positive.
    use_locking (bool): no effect.
    inputs (Tensor | Parameter): ``var``, ``accum`` (sums of squares), ``linear``, the gradient of some rows, and the
        numbers of these rows.

Returns:
    tuple of the Parameters.

>>> import minispore as ms
>>> var, accum, linear = (ms.Parameter(ms.ops.ones((2, 1)), name=n) for n in "abc")
>>> _ = FusedSparseFtrl(0.1, 0.0, 0.0, -0.5)(var, accum, linear, ms.Tensor([[1.0]]), ms.Tensor([1]))
>>> print(var.asnumpy().round(4))
[[1.    ]
 [0.1515]]
""",
    "SparseApplyProximalAdagrad": """Adagrad with L1 and L2 regularization of few rows.

Args:
    use_locking (bool): no effect.
    inputs (Tensor | Parameter | float): ``var, accum, lr, l1, l2`` as for ``ApplyProximalAdagrad``, the gradient of some
        rows, and the numbers of these rows.

Returns:
    tuple of the Parameters ``var`` and ``accum``.

>>> import minispore as ms
>>> var, accum = (ms.Parameter(ms.ops.ones((2, 1)), name=n) for n in "ab")
>>> _ = SparseApplyProximalAdagrad()(var, accum, 0.1, 0.0, 0.0, ms.Tensor([[1.0]]), ms.Tensor([1]))
>>> print(var.asnumpy().round(4))
[[1.    ]
 [0.9293]]
""",
    "FusedSparseProximalAdagrad": """Adagrad with L1 and L2 regularization of few rows.

Args:
    use_locking (bool): no effect.
    inputs (Tensor | Parameter | float): ``var, accum, lr, l1, l2`` as for ``ApplyProximalAdagrad``, the gradient of some
        rows, and the numbers of these rows.

Returns:
    tuple of the Parameters ``var`` and ``accum``.

>>> import minispore as ms
>>> var, accum = (ms.Parameter(ms.ops.ones((2, 1)), name=n) for n in "ab")
>>> _ = FusedSparseProximalAdagrad()(var, accum, 0.1, 0.0, 0.0, ms.Tensor([[1.0]]), ms.Tensor([1]))
>>> print(var.asnumpy().round(4))
[[1.    ]
 [0.9293]]
""",
    "SparseApplyAdagrad": """Adagrad of few rows: ``accum += grad ** 2; var -= lr * grad / sqrt(accum)``.

Args:
    lr (float): the learning rate.
    update_slots (bool): whether ``accum`` is updated.
    use_locking (bool): no effect.
    inputs (Tensor | Parameter): ``var``, ``accum``, the gradient of some rows, and the numbers of these rows.

Returns:
    tuple of the Parameters.

>>> import minispore as ms
>>> var, accum = (ms.Parameter(ms.ops.ones((2, 1)), name=n) for n in "ab")
>>> _ = SparseApplyAdagrad(0.1)(var, accum, ms.Tensor([[1.0]]), ms.Tensor([1]))
>>> print(var.asnumpy().round(4))
[[1.    ]
 [0.9293]]
""",
    "SparseApplyAdagradV2": """Adagrad of few rows: ``accum += grad ** 2; var -= lr * grad / sqrt(accum + epsilon)``.

Args:
    lr (float): the learning rate.
    epsilon (float): keeps the divisor away from 0.
    use_locking (bool): no effect.
    update_slots (bool): whether ``accum`` is updated.
    inputs (Tensor | Parameter): ``var``, ``accum``, the gradient of some rows, and the numbers of these rows.

Returns:
    tuple of the Parameters.

>>> import minispore as ms
>>> var, accum = (ms.Parameter(ms.ops.ones((2, 1)), name=n) for n in "ab")
>>> _ = SparseApplyAdagradV2(0.1, 1e-06)(var, accum, ms.Tensor([[1.0]]), ms.Tensor([1]))
>>> print(var.asnumpy().round(4))
[[1.    ]
 [0.9293]]
""",
    "SparseApplyAdadelta": """Adadelta of few rows.

Zeiler, "ADADELTA: An Adaptive Learning Rate Method" (2012).

Args:
    epsilon (float): keeps the divisor away from 0.
    use_locking (bool): no effect.
    inputs (Tensor | Parameter | float): ``var, accum, accum_update, lr, rho`` as for ``ApplyAdadelta``, the gradient of
        some rows, and the numbers of these rows.

Returns:
    tuple of the Parameters.

>>> import minispore as ms
>>> var, accum, update = (ms.Parameter(ms.ops.zeros((2, 1)), name=n) for n in "abc")
>>> _ = SparseApplyAdadelta(1e-06)(var, accum, update, 1.0, 0.5, ms.Tensor([[1.0]]), ms.Tensor([1]))
>>> print(var.asnumpy().round(4))
[[ 0.    ]
 [-0.0014]]
""",
    "SparseApplyRMSProp": """RMSProp of few rows.

Args:
    rho (float): how much of the mean square stays.
    momentum (float): how much of the last step is added.
    epsilon (float): keeps the divisor away from 0.
    use_locking (bool): no effect.
    inputs (Tensor | Parameter | float): ``var``, ``ms`` (mean squares), ``mom`` (steps), ``lr``, the gradient of some
        rows, and the numbers of these rows.

Returns:
    tuple of the Parameters.

>>> import minispore as ms
>>> var, mean, step = (ms.Parameter(ms.ops.zeros((2, 1)), name=n) for n in "abc")
>>> _ = SparseApplyRMSProp(0.9, 0.0, 1e-10)(var, mean, step, 0.1, ms.Tensor([[1.0]]), ms.Tensor([1]))
>>> print(var.asnumpy().round(4))
[[ 0.    ]
 [-0.3162]]
""",
}
