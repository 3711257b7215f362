"""A character GPT learns to write like Python's documentation: text that is on every machine with Python.

The network is a small Transformer decoder, written with layers (Embedding, LayerNorm, Dense) and operators (matmul,
softmax).  The step is a plain function: gradient, clipping, update.  Under ms.jit all of it is one graph.

    python examples/04_char_gpt.py --steps 200
"""

import argparse
import importlib
import inspect

import numpy as np

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.common.initializer import Normal, initializer
from minispore.nn.learning_rate_schedule import LearningRateSchedule

MODULES = """builtins argparse array ast asyncio bisect calendar collections configparser contextlib copy csv datetime
dataclasses decimal difflib email enum fractions functools gettext glob heapq http inspect io itertools json logging
math operator os pathlib pickle pprint queue random re shutil socket statistics string struct subprocess tarfile
textwrap threading time timeit traceback types unittest urllib uuid weakref zipfile""".split()


def documentation():
    """The documentation strings of the modules, their classes, methods and functions; each once."""
    texts = {}  # keeps the order
    for module in map(importlib.import_module, MODULES):
        for _, item in [("", module), *sorted(vars(module).items())]:
            if inspect.ismodule(item) and item is not module:
                continue  # whether a submodule is there depends on what else was imported
            members = [m for _, m in sorted(vars(item).items())] if inspect.isclass(item) else []
            for text in (getattr(thing, "__doc__", None) for thing in (item, *members)):
                if isinstance(text, str) and len(text) > 40 and text.isascii():
                    texts[inspect.cleandoc(text)] = None
    return "\n\n".join(texts)


class Block(nn.Cell):
    """Attention and a two-layer perceptron, each added to what came in."""

    def __init__(self, width, heads, context):
        super().__init__()
        self.heads, self.size = heads, width // heads
        self.norm1, self.norm2 = nn.LayerNorm((width,)), nn.LayerNorm((width,))
        self.qkv, self.join = nn.Dense(width, 3 * width), nn.Dense(width, width)
        self.wide, self.narrow = nn.Dense(width, 4 * width), nn.Dense(4 * width, width)
        self.gelu = nn.GELU()
        self.future = Tensor(np.triu(np.full((context, context), -1e9, np.float32), k=1))  # what may not be looked at

    def construct(self, x):
        batch, length, width = x.shape
        q, k, v = ops.split(self.qkv(self.norm1(x)), width, axis=-1)
        q, k, v = (t.reshape(batch, length, self.heads, self.size).transpose(0, 2, 1, 3) for t in (q, k, v))
        scores = ops.matmul(q, k.transpose(0, 1, 3, 2)) / self.size**0.5 + self.future
        mixed = ops.matmul(ops.softmax(scores, axis=-1), v).transpose(0, 2, 1, 3).reshape(batch, length, width)
        x = x + self.join(mixed)
        return x + self.narrow(self.gelu(self.wide(self.norm2(x))))


class GPT(nn.Cell):
    def __init__(self, vocabulary, context, width, heads, layers):
        super().__init__()
        self.token = nn.Embedding(vocabulary, width, embedding_table=Normal(0.3))
        self.place = Parameter(initializer(Normal(0.1), (context, width), ms.float32), name="place")
        self.blocks = nn.SequentialCell([Block(width, heads, context) for _ in range(layers)])
        self.norm = nn.LayerNorm((width,))
        self.head = nn.Dense(width, vocabulary)

    def construct(self, tokens):
        return self.head(self.norm(self.blocks(self.token(tokens) + self.place)))


class WarmUpCosine(LearningRateSchedule):
    """Up in a straight line, down along a cosine: whichever is lower."""

    def __init__(self, max_lr, warmup_steps, steps):
        super().__init__()
        self.up = nn.WarmUpLR(max_lr, warmup_steps)
        self.down = nn.CosineDecayLR(max_lr / 10, max_lr, steps)

    def construct(self, global_step):
        return ops.minimum(self.up(global_step + 1), self.down(global_step))


def sample(net, start, length, context, random, temperature=0.7):
    """Continue the list of tokens.  The input keeps its shape; the mask hides the zeros after the last token."""
    tokens = list(start)
    for _ in range(length):
        window = tokens[-context:]
        logits = net(Tensor([window + [0] * (context - len(window))], ms.int32)).asnumpy()[0, len(window) - 1]
        odds = np.exp((logits - logits.max()).astype(np.float64) / temperature)
        tokens.append(int(random.choice(len(odds), p=odds / odds.sum())))
    return tokens


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--steps", type=int, default=2000)
    for name, default in (("batch", 16), ("context", 64), ("width", 64), ("heads", 4), ("layers", 2), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--short", action="store_true", help="50 steps and a short sample, for CI")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(args.seed)
    steps, length = (50, 40) if args.short else (args.steps, 400)

    text = documentation()
    letters = sorted(set(text))
    number_of = {letter: number for number, letter in enumerate(letters)}
    tokens = np.array([number_of[letter] for letter in text], np.int32)
    print(f"{len(text)} characters, {len(letters)} different ones")

    net = GPT(len(letters), args.context, args.width, args.heads, args.layers)
    loss_fn = nn.CrossEntropyLoss()
    rate = WarmUpCosine(3e-3, max(1, steps // 10), steps)
    optimizer = nn.AdamWeightDecay(net.trainable_params(), rate, weight_decay=0.01)

    def forward(x, y):
        return loss_fn(net(x).reshape(-1, len(letters)), y.reshape(-1))

    gradient = ms.value_and_grad(forward, None, optimizer.parameters)

    def step(x, y):
        loss, grads = gradient(x, y)
        optimizer(ops.clip_by_global_norm(grads, 1.0))
        return loss

    if args.mode == "graph":
        step = ms.jit(step)  # without it: one graph for the gradient, one for the optimizer

    random = np.random.RandomState(args.seed)
    losses = []
    for number in range(1, steps + 1):
        at = random.randint(len(tokens) - args.context, size=args.batch)[:, None] + np.arange(args.context)
        losses.append(float(step(Tensor(tokens[at]), Tensor(tokens[at + 1]))))
        if number % max(1, steps // 10) == 0:
            print(f"step {number:5}  loss {losses[-1]:.6f}")

    start = [number_of[letter] for letter in "Return "]
    print("".join(letters[i] for i in sample(net, start, length, args.context, random)))
    return losses


if __name__ == "__main__":
    main()
