"""``run_check()``: checks this installation."""


def run_check() -> None:
    """Compiles and runs one small training step, compares with NumPy, and prints the version and the result.

    Raises:
        RuntimeError: the results differ.

    >>> import minispore as ms
    >>> ms.run_check()
    minispore version: ...
    The training step is computed correctly: minispore is installed.
    """
    import numpy as np

    from .. import GRAPH_MODE, Tensor, __version__, get_context, nn, set_context

    print(f"minispore version: {__version__}")
    mode = get_context("mode")
    set_context(mode=GRAPH_MODE)
    try:
        net = nn.Dense(2, 1, weight_init="ones", has_bias=False)
        step = nn.TrainOneStepCell(net, nn.SGD(net.trainable_params(), 0.1))
        x = np.array([[1.0, 2.0]], np.float32)
        loss = step(Tensor(x)).asnumpy()
        if not (np.allclose(loss, 3.0) and np.allclose(net.weight.asnumpy(), 1 - 0.1 * x)):
            raise RuntimeError(f"run_check: the step gave {loss} and {net.weight.asnumpy()}, which is wrong.")
    finally:
        set_context(mode=mode)
    print("The training step is computed correctly: minispore is installed.")
