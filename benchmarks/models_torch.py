"""The models in PyTorch, eager: modules and fused optimizers."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from data import ADAM, ADAMW, CNN, GPT, LSTM, MLP, MLP2048, MOMENTUM, RESNET, TINYMLP, VAE, Problem, decayed
from eager_cases import EagerCase
from kernel_cases import Case, torch_call
from network_formulas import Formula, torch_formula
from network_models import Network
from network_runners import torch_runner
from network_zoo import Member, torch_zoo
from runner import Add, Operation, Runner
from torch import Tensor, nn


class Perceptron(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        for index, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:]), 1):
            setattr(self, f"fc{index}", nn.Linear(fan_in, fan_out))


class TinyMLP(Perceptron):
    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))


class WideMLP(Perceptron):
    def forward(self, x):
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.flatten(1)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        for index, (fan_in, fan_out) in enumerate(zip(CNN, CNN[1:]), 1):
            setattr(self, f"conv{index}", nn.Conv2d(fan_in, fan_out, 3, padding=1, bias=False))
            setattr(self, f"bn{index}", nn.BatchNorm2d(fan_out))
        self.fc = nn.Linear(CNN[-1], 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        x = F.relu(self.bn3(self.conv3(x)))
        x = F.max_pool2d(F.relu(self.bn4(self.conv4(x))), 2)
        x = F.relu(self.bn5(self.conv5(x)))
        return self.fc(x.mean((2, 3)))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        width = GPT.width
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def attend(self, x):
        batch, length, width = x.shape
        heads = (batch, length, GPT.heads, width // GPT.heads)
        q, k, v = (part.view(heads).transpose(1, 2) for part in self.qkv(x).split(width, 2))
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.proj(mixed.transpose(1, 2).reshape(x.shape))

    def forward(self, x):
        x = x + self.attend(self.norm1(x))
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x)), approximate="tanh"))


class CharGPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(GPT.vocab, GPT.width)
        self.positions = nn.Parameter(torch.zeros(GPT.length, GPT.width))
        self.blocks = nn.Sequential(*[Block() for _ in range(GPT.layers)])
        self.norm = nn.LayerNorm(GPT.width)
        self.head = nn.Linear(GPT.width, GPT.vocab)

    def forward(self, x):
        x = self.blocks(self.tokens(x) + self.positions)
        return self.head(self.norm(x)).view(-1, GPT.vocab)


class Residual(nn.Module):
    def __init__(self, fan_in, fan_out, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(fan_in, fan_out, 3, stride, 1, bias=False), nn.BatchNorm2d(fan_out)
        self.conv2, self.bn2 = nn.Conv2d(fan_out, fan_out, 3, 1, 1, bias=False), nn.BatchNorm2d(fan_out)
        self.shrinks, self.new = stride > 1, fan_out - fan_in

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.shrinks:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.new))
        return F.relu(out + x)


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.bn = nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16)
        before = [16, *(width for width, _ in RESNET)]
        self.blocks = nn.Sequential(*[Residual(fan_in, *block) for fan_in, block in zip(before, RESNET)])
        self.fc = nn.Linear(before[-1], 10)

    def forward(self, x):
        return self.fc(self.blocks(F.relu(self.bn(self.conv(x)))).mean((2, 3)))


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(LSTM.vocab, LSTM.width)
        self.lstm = nn.LSTM(LSTM.width, LSTM.hidden, batch_first=True)
        self.fc = nn.Linear(LSTM.hidden, LSTM.classes)

    def forward(self, x):
        _, (last, _) = self.lstm(self.tokens(x))
        return self.fc(last[0])


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        pixels, hidden, code = VAE
        self.encode, self.mean, self.log_variance = [nn.Linear(*sizes) for sizes in
                                                     ((pixels, hidden), (hidden, code), (hidden, code))]  # fmt: skip
        self.decode, self.pixels = nn.Linear(code, hidden), nn.Linear(hidden, pixels)

    def forward(self, x, noise):
        hidden = F.relu(self.encode(x))
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        logits = self.pixels(F.relu(self.decode(mean + torch.exp(0.5 * log_variance) * noise)))
        error = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        divergence = 0.5 * torch.sum(torch.exp(log_variance) + mean * mean - 1 - log_variance)
        return (error + divergence) / len(x)


NETWORKS = {
    "tinymlp": lambda: TinyMLP(TINYMLP),
    "mlp": lambda: WideMLP(MLP),
    "mlp2048": lambda: WideMLP(MLP2048),
    "lenet": LeNet5,
    "cnn": ConvNet,
    "chargpt": CharGPT,
    "resnet20": ResNet20,
    "lstm": Classifier,
    "vae": Autoencoder,
}
RENAMED = {"gamma": "weight", "beta": "bias", "embedding_table": "weight"}


def torch_name(name: str) -> str:
    *path, leaf = name.split(".")
    return ".".join([*path, RENAMED.get(leaf, leaf)])


class Adam(torch.optim.Adam):
    """torch's own, with the epsilon that makes it MindSpore's: there it is added to the root before bias correction."""

    count = 0

    def step(self, closure: None = None) -> None:
        self.count += 1
        self.param_groups[0]["eps"] = ADAM["eps"] * (1 - ADAM["beta2"] ** self.count) ** -0.5
        super().step()


class AdamWeightDecay:
    """MindSpore's formula, which `torch.optim.AdamW` is not, on lists of tensors as torch's own do it."""

    def __init__(self, decaying: list[Tensor], plain: list[Tensor], rate: float):
        self.params, self.decaying, self.rate = [*decaying, *plain], decaying, rate
        self.m = [torch.zeros_like(param) for param in self.params]
        self.v = [torch.zeros_like(param) for param in self.params]

    def zero_grad(self) -> None:
        for param in self.params:
            param.grad = None

    @torch.no_grad()
    def step(self) -> None:
        grads = [param.grad for param in self.params]
        beta2 = ADAMW["beta2"]
        torch._foreach_lerp_(self.m, grads, 1 - ADAMW["beta1"])
        torch._foreach_mul_(self.v, beta2)
        torch._foreach_addcmul_(self.v, grads, grads, 1 - beta2)
        scale = torch._foreach_sqrt(self.v)
        torch._foreach_add_(scale, ADAMW["eps"])
        torch._foreach_mul_(self.decaying, 1 - self.rate * ADAMW["weight_decay"])
        torch._foreach_addcdiv_(self.params, self.m, scale, -self.rate)


def optimizer(problem: Problem, params: dict[str, Tensor]) -> Any:
    rate = problem.learning_rate
    decaying = [param for name, param in params.items() if decayed(name)]
    plain = [param for name, param in params.items() if not decayed(name)]
    if problem.optimizer == "adam":
        betas = (ADAM["beta1"], ADAM["beta2"])
        return Adam(params.values(), rate, betas, ADAM["eps"], fused=True)
    if problem.optimizer == "momentum":
        groups = [{"params": decaying, "weight_decay": problem.weight_decay}, {"params": plain}]
        return torch.optim.SGD([group for group in groups if group["params"]], rate, MOMENTUM, fused=True)
    return AdamWeightDecay(decaying, plain, rate)


def initialised(problem: Problem) -> tuple[nn.Module, dict[str, nn.Parameter]]:
    """The network with the problem's weights, and its parameters under the problem's names."""
    net = NETWORKS[problem.name]()
    inner = dict(net.named_parameters())
    named = {name: inner[torch_name(name)] for name in problem.weights}
    with torch.no_grad():
        for name, value in problem.weights.items():
            named[name].copy_(torch.from_numpy(value))
    return net.to(memory_format=torch.channels_last), named  # the faster layout for both convolutional networks


def prepared(problem: Problem) -> list[tuple[Tensor, Tensor]]:
    inputs = [torch.from_numpy(x) for x, _ in problem.batches]
    inputs = [x.to(memory_format=torch.channels_last) if x.ndim == 4 else x for x in inputs]
    others = [torch.from_numpy(y).long() if problem.labelled else torch.from_numpy(y) for _, y in problem.batches]
    return list(zip(inputs, others))


class Adapter:
    """How the worker drives torch."""

    compiler = staticmethod(lambda function: function)

    def __init__(self, option: str, threads: int):
        torch.set_num_threads(threads)
        self.channels_last = option == "channels last"
        self.version = torch.__version__

    def build(self, problem: Problem) -> Runner:
        net, params = initialised(problem)
        update = optimizer(problem, params)
        loss_of = self.compiler((lambda x, y: F.cross_entropy(net(x), y)) if problem.labelled else net)
        batches = cycle(prepared(problem))

        def step():
            x, y = next(batches)
            loss = loss_of(x, y)
            update.zero_grad()
            loss.backward()
            update.step()
            return loss.detach()

        return Runner(step, read=float)

    def network(self, network: Network | Formula | Member, training: bool) -> Runner:
        if isinstance(network, Member):
            return torch_zoo(torch, network, self.channels_last, training, self.compiler)
        if isinstance(network, Formula):
            return torch_formula(torch, network, training, self.compiler)
        return torch_runner(torch, network, self.channels_last, training, self.compiler)

    def gradients(self, network: Network) -> list[np.ndarray]:
        runner = torch_runner(torch, network, False, True, self.compiler, gradients=True)
        return runner.read(runner.step())

    def add(self, array: np.ndarray) -> Add:
        return Add(torch.from_numpy(array), torch.from_numpy(array), wait=lambda result: float(result[0, 0]))

    def operation(self, case: Case) -> Operation:
        return Operation(torch_call(torch, case))

    def eager(self, case: EagerCase) -> Any:
        return case.torch(torch)
