"""Deliberate mistakes: mypy --strict and pyright find one in each line that says so, and nothing else (tests/test_types.py).

The program is only read, never run.
"""

# pyright: strict

import numpy as np

import minispore as ms
import minispore.dataset as ds
from minispore import Parameter, Tensor, mint, nn, ops
from minispore.experimental import optim
from minispore.nn import Dens  # noqa: F401  # mistake: there is no such layer
from minispore.train import LossMonitor, Model


class Net(nn.Cell):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Dense(3, "4")  # mistake: a str for a number of channels
        self.second = nn.Dense(4, 2, bias=True)  # mistake: it is has_bias
        self.act = nn.Relu()  # mistake: ReLU
        self.last: nn.Dense = nn.Conv2d(1, 2, 3)  # mistake: another layer

    def construct(self, x: Tensor, scale: float = 1.0) -> Tensor:
        y = self.frist(x)  # mistake: a misspelt attribute
        return ops.softmax(y, dimension=1) * scale  # mistake: the keyword is axis


net = Net()
x = Tensor(np.zeros((2, 3), np.float32))

net(x, "2")  # mistake: a str for a float
net("x")  # mistake: a str for a Tensor
net()  # mistake: the argument is missing
net(x, scale=1.0, shift=2.0)  # mistake: construct has no such argument
text: str = net(x)  # mistake: the result is a Tensor
nn.Dense(3, 4)(3.0)  # mistake: a number for a Tensor

ops.rellu(x)  # mistake: a misspelt op
ops.matmul(x)  # mistake: the second factor is missing
ops.exp("x")  # mistake: a str for a Tensor
ops.sum(x, axis=0)  # mistake: the keyword is dim
mint.cat(x, dim=[0])  # mistake: a list for an axis
x.reshap(-1)  # mistake: a misspelt method
x.astype(32)  # mistake: a number for a type
x + {"a": 1}  # mistake: a dict for an operand
name: int = x.dtype  # mistake: a dtype

nn.Adam(net.trainable_params(), lr=0.1)  # mistake: the keyword is learning_rate
nn.Momentum(net, 0.1, 0.9)  # mistake: a Cell for Parameters
nn.SGD(net.trainable_params(), "fast")  # mistake: a str for a rate
optim.Adam(net.trainable_params(), learning_rate=0.1)  # mistake: the keyword is lr
Parameter(x, nme="w")  # mistake: the keyword is name

optimizer = nn.SGD(net.trainable_params(), 0.1)
loss = nn.WithLossCell(net, nn.MSELoss())
step = nn.TrainOneStepCell(optimizer, loss)  # mistake: swapped
good = nn.TrainOneStepCell(loss, optimizer)
good(x)  # mistake: the label is missing


def square(x: Tensor, factor: float = 1.0) -> Tensor:
    return (x * x).sum() * factor


ms.grad(square)(x, "2")  # mistake: a str for a float
ms.jit(square)(3)  # mistake: a number for a Tensor
ms.jit(4)  # mistake: a number is no function
value, slope = ms.value_and_grad(square)(x)
slope.no_such_method()  # mistake: the gradient is a Tensor
ms.vmap(square, in_axis=0)  # mistake: the keyword is in_axes

Model(net, loss_fn=nn.MSELoss(), optimiser=optimizer).train("one", [])  # mistake: a str for the epochs
ds.NumpySlicesDataset([1], columns="x")  # mistake: the keyword is column_names
ds.GeneratorDataset(3, "x")  # mistake: a number for a source
LossMonitor(per_print_time=3)  # mistake: the keyword is per_print_times
ms.save_checkpoint(net, 3)  # mistake: a number for a path
ms.set_seed("1")  # mistake: a str for an int
