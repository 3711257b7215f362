"""A small network, dataset and Model for tests of training; the recorded values of MindSpore belong to these numbers."""

import numpy as np

import minispore as ms
from minispore import nn


class Rows:
    """A dataset: arrays of equal length in batches."""

    def __init__(self, *columns, batch=4):
        self.columns, self.batch = columns, batch

    def get_dataset_size(self):
        return -(-len(self.columns[0]) // self.batch)

    def create_tuple_iterator(self, num_epochs=-1):
        starts = range(0, len(self.columns[0]), self.batch)
        return [[ms.Tensor(c[i : i + self.batch]) for c in self.columns] for i in starts]


def net(seed=0, out=2):
    made = nn.SequentialCell(nn.Dense(3, 4), nn.Tanh(), nn.Dense(4, out))
    draw = np.random.RandomState(seed)
    for p in made.get_parameters():
        p.set_data(ms.Tensor((0.6 * draw.randn(*p.shape)).astype(np.float32)))
    return made


def rows(n=8, seed=1, batch=4):
    draw = np.random.RandomState(seed)
    return Rows(draw.randn(n, 3).astype(np.float32), draw.randn(n, 2).astype(np.float32), batch=batch)


def model(learning_rate=0.1, **kwargs):
    network = net()
    return ms.Model(network, nn.MSELoss(), nn.SGD(network.trainable_params(), learning_rate), **kwargs)


def weights(network):
    return {name: p.asnumpy() for name, p in network.parameters_dict().items()}
