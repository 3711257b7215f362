"""A small GPT learns this project's own texts with Model.fit, and is tested on text that it has not seen.

04_char_gpt.py writes attention out and steps by hand; here the layers are MindSpore's (TransformerEncoder under a mask
is a decoder), and Model.fit does the loop: perplexity after every epoch, a learning rate that waits for it, a text made
up by a callback, an early end when nothing improves.

    python examples/17_gpt_fit.py
"""

import argparse
from pathlib import Path

import numpy as np

import minispore as ms
import minispore.dataset as ds
from minispore import Parameter, Tensor, nn, ops
from minispore.common.initializer import Normal, initializer
from minispore.train import Callback, EarlyStopping, Model, Perplexity, ReduceLROnPlateau

ROOT = Path(__file__).parent.parent


def texts():
    """The README, the documents and the examples, in alphabetical order."""
    files = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("examples/[0-9]*.py"))]
    return "\n\n".join(path.read_text(encoding="utf-8") for path in files)


class GPT(nn.Cell):
    """Numbers of characters (N, T) -> logits of the next one (N * T, vocabulary)."""

    def __init__(self, vocabulary, context, width, heads, layers):
        super().__init__()
        self.token = nn.Embedding(vocabulary, width, embedding_table=Normal(0.3))
        self.place = Parameter(initializer(Normal(0.1), (context, width), ms.float32), name="place")
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, layers, nn.LayerNorm((width,)))
        self.head = nn.Dense(width, vocabulary)
        self.vocabulary = vocabulary
        self.future = Tensor(np.triu(np.full((context, context), -1e9, np.float32), k=1))  # what may not be looked at

    def construct(self, tokens):
        x = self.layers(self.token(tokens) + self.place, self.future)
        return self.head(x).reshape(-1, self.vocabulary)


class NextCharacter(nn.Cell):
    """Cross entropy of logits (N * T, vocabulary) and characters (N, T)."""

    def __init__(self):
        super().__init__()
        self.cross_entropy = nn.CrossEntropyLoss()

    def construct(self, logits, tokens):
        return self.cross_entropy(logits, tokens.reshape(-1))


class PerplexityOfAll(Perplexity):
    """MindSpore's takes probabilities (rows, vocabulary) and labels (rows,); this one logits and labels (N, T)."""

    def update(self, *inputs):
        logits, tokens = inputs
        super().update(ops.softmax(logits, -1), tokens.reshape(-1))


class Windows:
    """Pieces of the text and, one character on, what comes next: drawn anew in each epoch, or side by side."""

    def __init__(self, tokens, context, count=None, seed=0):
        self.tokens, self.context, self.random = tokens, context, np.random.RandomState(seed)
        self.drawn, self.count = count is not None, count or (len(tokens) - 1) // context

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        last = len(self.tokens) - self.context
        at = self.random.randint(last) if self.drawn else index * self.context
        return self.tokens[at : at + self.context], self.tokens[at + 1 : at + 1 + self.context]


def bigrams(tokens, test, vocabulary):
    """The perplexity of the frequencies of pairs of characters: what one can say without a network."""
    counts = np.full((vocabulary, vocabulary), 0.1)
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    odds = counts / counts.sum(1, keepdims=True)
    return float(np.exp(-np.mean(np.log(odds[test[:-1], test[1:]]))))


def sample(net, tokens, length, context, random, temperature=0.7):
    """Continue the list of tokens.  The input keeps its shape; the mask hides the zeros after the last token."""
    net.set_train(False)
    tokens = list(tokens)
    for _ in range(length):
        window = tokens[-context:]
        padded = Tensor([window + [0] * (context - len(window))], ms.int32)
        logits = net(padded).asnumpy()[len(window) - 1].astype(np.float64)
        odds = np.exp((logits - logits.max()) / temperature)
        tokens.append(int(random.choice(len(odds), p=odds / odds.sum())))
    return tokens


class Progress(Callback):
    """Keeps the loss of every step; prints the figures of an epoch and a few words of the network's own."""

    def __init__(self, say):
        super().__init__()
        self.say, self.losses = say, []

    def on_train_step_end(self, run_context):
        self.losses.append(float(run_context.original_args().net_outputs.asnumpy()))

    def on_train_epoch_end(self, run_context):
        state = run_context.original_args()
        loss, perplexity = np.mean(self.losses[-state.batch_num :]), state.eval_results["perplexity"]
        print(f"epoch {state.cur_epoch_num:2}  loss {loss:.5f}  perplexity {perplexity:.3f}  {self.say(30)!r}")


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--epochs", type=int, default=12)
    for name, default in (("batch", 16), ("context", 64), ("width", 64), ("heads", 4), ("layers", 2), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--short", action="store_true", help="two epochs of a few steps, for CI")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(args.seed)
    ds.config.set_seed(args.seed)
    epochs, count, tested, length = (2, 48, 1100, 8) if args.short else (args.epochs, 1600, 12000, 400)

    text = texts()
    letters = sorted(set(text))
    number_of = {letter: number for number, letter in enumerate(letters)}
    tokens = np.array([number_of[letter] for letter in text], np.int32)
    train, test = tokens[:-tested], tokens[-tested:]
    guess = bigrams(train, test, len(letters))
    print(f"{len(text)} characters, {len(letters)} different ones; perplexity of pairs of them {guess:.2f}")

    columns = ["now", "next"]
    drawn = Windows(train, args.context, count, args.seed)
    # one worker: the pieces are drawn in order, so that a seed means something
    train_data = ds.GeneratorDataset(drawn, columns, shuffle=False, num_parallel_workers=1).batch(args.batch)
    test_data = ds.GeneratorDataset(Windows(test, args.context), columns, shuffle=False)
    test_data = test_data.batch(args.batch, drop_remainder=True)

    net = GPT(len(letters), args.context, args.width, args.heads, args.layers)
    optimizer = nn.AdamWeightDecay(net.trainable_params(), learning_rate=3e-3, weight_decay=0.01)
    model = Model(net, NextCharacter(), optimizer, metrics={"perplexity": PerplexityOfAll()})

    random = np.random.RandomState(args.seed)
    start = [number_of[letter] for letter in "The "]
    say = lambda count: "".join(letters[i] for i in sample(net, start, count, args.context, random))
    progress = Progress(say)
    patience = [
        ReduceLROnPlateau("perplexity", factor=0.5, patience=1, mode="min", min_delta=0.02),
        EarlyStopping("perplexity", patience=4, mode="min"),
    ]
    before = model.eval(test_data)["perplexity"]
    model.fit(epochs, train_data, test_data, callbacks=[progress, *patience])
    after = model.eval(test_data)["perplexity"]
    print(f"perplexity of unseen text: {before:.2f} before, {after:.2f} after; pairs {guess:.2f}")
    print(say(length))
    return progress.losses


if __name__ == "__main__":
    main()
