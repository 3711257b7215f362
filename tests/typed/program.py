"""A typed program in the ways that users write: mypy --strict and pyright find no error in it (tests/test_types.py)."""

# pyright: strict

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import minispore as ms
import minispore.dataset as ds
from minispore import Parameter, Tensor, context, mint, nn, ops
from minispore.common.initializer import HeNormal, Normal, initializer
from minispore.experimental import optim
from minispore.mint.nn import functional as F
from minispore.train import Callback, LossMonitor, Model, RunContext

Array = np.ndarray[Any, np.dtype[Any]]


# ---------------------------------------------------------------- layers
class Block(nn.Cell):
    """A residual block with a Parameter of its own."""

    def __init__(self, channels: int, rate: float = 0.1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, pad_mode="same", weight_init=HeNormal(), has_bias=True)
        self.norm = nn.BatchNorm2d(channels)
        self.drop = nn.Dropout(p=rate)
        self.scale = Parameter(initializer(Normal(0.02), (channels, 1, 1), ms.float32), name="scale")
        self.steps = Parameter(Tensor(0, ms.int32), name="steps", requires_grad=False)

    def construct(self, x: Tensor) -> Tensor:
        ops.assign_add(self.steps, 1)
        out = ops.relu(self.norm(self.conv(x)))
        return x + self.drop(out) * self.scale


class Net(nn.Cell):
    def __init__(self, channels: int, classes: int, *, depth: int = 2) -> None:
        super().__init__()
        self.stem = nn.SequentialCell(nn.Conv2d(1, channels, 3), nn.BatchNorm2d(channels), nn.ReLU())
        self.blocks = nn.CellList([Block(channels) for _ in range(depth)])
        self.flatten = nn.Flatten()
        self.head = nn.Dense(channels, classes, weight_init="xavier_uniform", activation=None)

    def features(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return ops.mean(x, (2, 3))

    def construct(self, x: Tensor) -> Tensor:
        logits: Tensor = self.head(self.features(x))
        return logits


class WithPenalty(nn.Cell):
    """A Cell with two results."""

    def __init__(self, net: nn.Cell, loss: nn.LossBase, weight: float = 1e-4) -> None:
        super().__init__(auto_prefix=False)
        self.net, self.loss, self.weight = net, loss, weight

    def construct(self, x: Tensor, label: Tensor) -> tuple[Tensor, Tensor]:
        logits = self.net(x)
        penalty = sum((p**2).sum() for p in self.net.trainable_params())
        return self.loss(logits, label) + self.weight * penalty, logits


class Focal(nn.LossBase):
    def __init__(self, gamma: float = 2.0, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.gamma = gamma

    def construct(self, logits: Tensor, label: Tensor) -> Tensor:
        p = ops.softmax(logits, axis=-1).gather_elements(1, label.expand_dims(1))
        return self.get_loss(-((1.0 - p) ** self.gamma) * ops.log(p + 1e-6))


# ---------------------------------------------------------------- an optimizer and a schedule of one's own
class SignMomentum(nn.Optimizer):
    def __init__(
        self, params: list[Parameter], learning_rate: float | nn.LearningRateSchedule = 0.01, beta: float = 0.9
    ) -> None:
        super().__init__(learning_rate, params)
        self.beta = Tensor(beta, ms.float32)
        self.moments = self.parameters.clone("moments", init="zeros")

    def construct(self, gradients: tuple[Tensor, ...]) -> bool:
        gradients, rates = self.prepared(gradients)
        for weight, moment, gradient, rate in zip(self.parameters, self.moments, gradients, rates):
            ops.assign(moment, self.beta * moment + (1.0 - self.beta) * gradient)
            ops.assign_sub(weight, rate * ops.sign(moment))
        return True


class Halving(nn.LearningRateSchedule):
    def __init__(self, base: float, every: int) -> None:
        super().__init__()
        self.base, self.every = base, every

    def construct(self, global_step: Tensor) -> Tensor:
        return self.base * 0.5 ** (global_step // self.every).astype(ms.float32)


# ---------------------------------------------------------------- data
class Digits:
    def __init__(self, count: int) -> None:
        rng = np.random.default_rng(0)
        self.images = rng.normal(size=(count, 1, 8, 8)).astype(np.float32)
        self.labels = rng.integers(0, 10, count).astype(np.int32)

    def __getitem__(self, k: int) -> tuple[Array, np.int32]:
        return self.images[k], self.labels[k]

    def __len__(self) -> int:
        return len(self.labels)


def batches(count: int, batch_size: int = 8) -> ds.Dataset:
    data = ds.GeneratorDataset(Digits(count), column_names=["image", "label"], shuffle=True)
    noise: Callable[[Array], Array] = lambda image: image + np.float32(0.01)
    data = data.map(operations=noise, input_columns="image").map(ds.transforms.TypeCast(ms.int32), "label")
    return data.batch(batch_size, drop_remainder=True)


class KeepLosses(Callback):
    def __init__(self) -> None:
        super().__init__()
        self.losses: list[float] = []

    def on_train_step_end(self, run_context: RunContext) -> None:
        self.losses.append(float(run_context.original_args().net_outputs))


# ---------------------------------------------------------------- training, in three ways
def by_cell(net: Net, data: ds.Dataset) -> float:
    steps_per_epoch = data.get_dataset_size()
    rates = nn.cosine_decay_lr(0.0, 0.1, steps_per_epoch * 2, steps_per_epoch, 2)
    optimizer = nn.Momentum(net.trainable_params(), learning_rate=rates, momentum=0.9, weight_decay=1e-4)
    loss_net = nn.WithLossCell(net, nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean"))
    step = nn.TrainOneStepCell(loss_net, optimizer)
    step.set_train()
    last = 0.0
    for batch in data.create_dict_iterator(num_epochs=1):
        last = step(batch["image"], batch["label"]).item()
    return last


def by_functions(net: Net, data: ds.Dataset) -> Iterator[float]:
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    last = [net.head.weight, net.head.bias]
    groups = [
        {"params": [p for p in net.trainable_params() if not p.name.startswith("head")], "weight_decay": 0.01},
        {"params": last, "lr": 0.05},
        {"order_params": net.trainable_params()},
    ]
    optimizer = SignMomentum(net.trainable_params(), Halving(0.01, 10))
    other = nn.AdamWeightDecay(groups, learning_rate=0.01, beta1=0.9)

    def forward(image: Tensor, label: Tensor) -> tuple[Tensor, Tensor]:
        logits = net(image)
        return criterion(logits, label), logits

    gradients_of = ms.value_and_grad(forward, None, optimizer.parameters, has_aux=True)

    @ms.jit
    def step(image: Tensor, label: Tensor) -> Tensor:
        (loss, logits), gradients = gradients_of(image, label)
        gradients = ops.clip_by_global_norm(gradients, 1.0)
        optimizer(gradients)
        correct = (logits.argmax(axis=1) == label).astype(ms.float32).mean()
        return ops.stack([loss, correct])

    net.set_train(True)
    for image, label in data.create_tuple_iterator():
        loss, accuracy = step(image, label).asnumpy()
        yield float(loss) + 0.0 * float(accuracy)
    assert other.get_lr() is not None and "Dense" in repr(net)


def by_model(net: Net, data: ds.Dataset, path: Path) -> dict[str, Any]:
    optimizer = nn.Adam(net.trainable_params(), learning_rate=nn.ExponentialDecayLR(0.01, 0.9, 4))
    model = Model(net, nn.SoftmaxCrossEntropyWithLogits(True, "mean"), optimizer, metrics={"accuracy"})
    keep = KeepLosses()
    model.train(1, data, callbacks=[LossMonitor(100), keep], dataset_sink_mode=False)
    ms.save_checkpoint(net, str(path / "net.ckpt"))
    missing, unused = ms.load_param_into_net(net, ms.load_checkpoint(str(path / "net.ckpt")))
    assert not missing and not unused and keep.losses
    result: dict[str, Any] = model.eval(data)
    return result


# ---------------------------------------------------------------- transforms, mint, other optimizers
def energy(x: Tensor, scale: float = 1.0) -> Tensor:
    return (ops.sin(x) * x**2).sum() * scale


def transforms(x: Tensor) -> Tensor:
    slope = ms.grad(energy)(x)
    value, same = ms.value_and_grad(energy)(x, 2.0)
    curvature = ms.jacfwd(ms.jacrev(energy))(x)
    _, along = ms.jvp(energy, x, ops.ones_like(x))
    _, pull = ms.vjp(energy, x)
    (again,) = pull(Tensor(1.0, ms.float32))
    each: Tensor = ms.vmap(lambda row: energy(row), in_axes=0)(ops.stack([x, x]))
    kernels = ms.jit(energy).graph(x).kernels
    assert len(kernels) >= 1
    return slope + same * 0.0 + curvature[0] + again + along + each[0] + value * 0


def minted(x: Tensor, target: Tensor) -> Tensor:
    layer = mint.nn.Linear(3, 2, bias=True)
    optimizer = optim.AdamW(layer.trainable_params(), lr=1e-2, betas=(0.9, 0.99))
    scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=2)

    def forward(x: Tensor) -> Tensor:
        return F.mse_loss(F.gelu(layer(x)), target)

    loss, gradients = ms.value_and_grad(forward, None, layer.trainable_params())(x)
    optimizer(gradients)
    scheduler.step()
    return mint.sum(loss, dim=0, keepdim=True) if loss.ndim else mint.cat([loss.reshape(1), x[0, :1]], dim=0)


def several(data: Tensor, label: Tensor) -> tuple[int, ...]:
    net = nn.Dense(3, 1)
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.SGD(net.trainable_params(), 0.1))
    copies = ms.ensemble(step, learning_rate=[0.1, 0.01])
    return copies(data, label).shape


def tensors(x: Tensor) -> float:
    y = (x.T @ x + 1) / 2 - 3 * x.sum(axis=0).max()
    y = y[..., None].squeeze(-1).reshape(-1).astype("float32").abs().clip(0.0, 5.0)
    mask = (y > 0) & ~(y >= 4.0)
    y[0] = 1.0
    y += ops.where(mask, y, ops.zeros_like(y))
    total, position = y.max(), int(y.argmax())
    rows: list[int] = [int(row) for row in ops.arange(3)]
    shape: tuple[int, ...] = ops.concat((y, y), axis=0).shape
    return float(total) + position + sum(rows) + shape[0] + len(y) + y.ndim + y.std().item()


def main(path: Path) -> list[float]:
    context.set_context(mode=ms.GRAPH_MODE, device_target="CPU")
    ms.set_seed(1)
    net, data = Net(4, 10), batches(32)
    loss, logits = WithPenalty(net, Focal())(ops.randn(2, 1, 8, 8), Tensor([1, 2], ms.int32))
    results = [by_cell(net, data), *by_functions(net, data), by_model(net, data, path)["accuracy"]]
    x = Tensor(np.linspace(0.0, 1.0, 6).reshape(2, 3), ms.float32)
    results += [float(loss), float(logits.sum()), float(transforms(x[0]).sum()), tensors(x)]
    return [*results, float(minted(x, ops.zeros((2, 2))).sum()), float(several(x, ops.ones((2, 1)))[0])]


if __name__ == "__main__":
    print(main(Path(".")))
