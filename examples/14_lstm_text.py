"""An LSTM says whether a short review is kind: the order of its words decides, and a bag of words cannot see it.

The reviews are made up here: clauses such as "the plot was never dull", in which "not" and "never" turn the meaning
round, and what comes after "but" counts alone.  On the way: strings through the dataset pipeline (words, a vocabulary,
padding), sentences of different lengths in one batch (``seq_length``), and a network that returns its loss.

    python examples/14_lstm_text.py
"""

import argparse

import numpy as np

import minispore as ms
import minispore.dataset as ds
from minispore import nn, ops
from minispore.dataset import text, transforms
from minispore.train import Callback, Model

NOUNS = "plot cast music story ending camera script hero dialogue pace".split()
KIND = "good great clever moving funny fresh charming brilliant".split()
UNKIND = "bad dull slow clumsy boring stale awful tiresome".split()
TURNS = ["not", "never", "hardly"]
LONGEST = 11  # words: two clauses of five and a "but"


def clause(random):
    """Its words, and whether it is kind."""
    kind, turned = random.randint(2), random.randint(2)
    words = ["the", random.choice(NOUNS), "was", *([random.choice(TURNS)] if turned else [])]
    return [*words, random.choice(KIND if kind else UNKIND)], kind != turned


def reviews(seed, count):
    """(text, label): a clause alone, or one that comes after "but" and so is what counts."""
    random = np.random.RandomState(seed)
    for _ in range(count):
        words, kind = clause(random)
        if random.randint(4):
            before, _ = clause(random)
            words = [*before, "but", *words]
        yield " ".join(words), np.int32(kind)


def batches(rows, batch, vocab=None):
    """Batches of (words (N, LONGEST), lengths (N,), labels (N,)), all int32, and the vocabulary."""
    data = ds.GeneratorDataset(rows, ["words", "label"], shuffle=False)
    data = data.map(text.WhitespaceTokenizer(), "words")
    if vocab is None:
        vocab = text.Vocab.from_dataset(data, "words", special_tokens=["<pad>", "<unknown>"], special_first=True)
    data = data.map(text.Lookup(vocab, "<unknown>", ms.int32), "words")
    data = data.map(lambda words: (words, np.int32(len(words))), "words", ["words", "length"])
    data = data.map(transforms.PadEnd([LONGEST], 0), "words")
    data = data.project(["words", "length", "label"])
    return data.shuffle(len(rows)).batch(batch, drop_remainder=True), vocab


class Classifier(nn.Cell):
    """Words -> vectors -> LSTM -> the state after the last word -> two classes."""

    def __init__(self, words, width, hidden):
        super().__init__()
        self.embedding = nn.Embedding(words, width, padding_idx=0)
        self.lstm = nn.LSTM(width, hidden, batch_first=True)
        self.head = nn.Dense(hidden, 2)

    def construct(self, words, length):
        _, (state, _) = self.lstm(self.embedding(words), seq_length=length)
        return self.head(state[0])


class Loss(nn.Cell):
    """A network and its loss in one, for a Model without ``loss_fn``: the rows may then have any columns."""

    def __init__(self, net):
        super().__init__()
        self.net, self.cross_entropy = net, nn.CrossEntropyLoss()

    def construct(self, words, length, label):
        return self.cross_entropy(self.net(words, length), label)


def accuracy(net, data):
    net.set_train(False)
    right = [
        np.mean(net(words, length).asnumpy().argmax(1) == label.asnumpy())
        for words, length, label in data.create_tuple_iterator(num_epochs=1)
    ]
    return float(np.mean(right))


def bag_of_words(train, test, size):
    """The accuracy of the best linear classifier (least squares) that counts words."""

    def counted(data):
        rows = list(data.create_tuple_iterator(num_epochs=1, output_numpy=True))
        words, labels = np.concatenate([row[0] for row in rows]), np.concatenate([row[2] for row in rows])
        return (words[:, :, None] == np.arange(1, size)).sum(1), labels

    (x, y), (x_test, y_test) = counted(train), counted(test)
    weights, *_ = np.linalg.lstsq(np.c_[x, np.ones(len(x))], 2.0 * y - 1, rcond=None)
    return np.mean((np.c_[x_test, np.ones(len(x_test))] @ weights > 0) == y_test)


class Report(Callback):
    """Keeps the loss of every step; prints a line after each epoch."""

    def __init__(self, net, test):
        super().__init__()
        self.net, self.test, self.losses = net, test, []

    def on_train_step_end(self, run_context):
        self.losses.append(float(run_context.original_args().net_outputs.asnumpy()))

    def on_train_epoch_end(self, run_context):
        state = run_context.original_args()
        mean = np.mean(self.losses[-state.batch_num :])
        print(f"epoch {state.cur_epoch_num:2}  loss {mean:.5f}  test accuracy {accuracy(self.net, self.test):.1%}")


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=["graph", "pynative"], default="graph")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="one epoch of a few steps, for CI")
    args = parser.parse_args(argv)
    ms.set_context(mode=ms.GRAPH_MODE if args.mode == "graph" else ms.PYNATIVE_MODE)
    ms.set_seed(args.seed)
    ds.config.set_seed(args.seed)
    epochs, count, tested = (1, 160, 64) if args.short else (args.epochs, 3200, 640)

    train, vocab = batches(list(reviews(args.seed, count)), args.batch)
    test, _ = batches(list(reviews(args.seed + 1, tested)), args.batch, vocab)
    words = len(vocab.vocab())
    print(f"{count} reviews, {words} words; a bag of words gets {bag_of_words(train, test, words):.1%} right")

    net = Classifier(words, width=32, hidden=args.hidden)
    optimizer = nn.Adam(net.trainable_params(), learning_rate=3e-3)
    report = Report(net, test)
    Model(Loss(net), optimizer=optimizer).train(epochs, train, callbacks=[report])

    for review in ("the plot was hardly dull", "the cast was great but the ending was not good"):
        numbers = np.array([vocab.tokens_to_ids(review.split())], np.int32)
        length = ms.Tensor([numbers.shape[1]], ms.int32)
        padded = np.pad(numbers, ((0, 0), (0, LONGEST - numbers.shape[1])))
        odds = ops.softmax(net(ms.Tensor(padded), length), -1).asnumpy()[0]
        print(f"{review!r} is kind with probability {odds[1]:.3f}")
    return report.losses


if __name__ == "__main__":
    main()
