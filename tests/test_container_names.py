"""Names of Parameters of containers that are filled after they were made, as MindSpore 2.10 gives them: checkpoints depend on it."""

import pytest

import minispore as ms
from minispore import nn


class Block(nn.Cell):
    def __init__(self):
        super().__init__()
        self.d = nn.Dense(2, 2, has_bias=False)


def names(cell):
    return [p.name.removesuffix(".d.weight") for p in cell.get_parameters()]


@pytest.mark.parametrize("kind", [nn.CellList, nn.SequentialCell])
def test_an_empty_container_filled_later_has_no_path(kind):
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.xs = kind()
            for _ in range(3):
                self.xs.append(Block())

    class Outer(nn.Cell):
        def __init__(self):
            super().__init__()
            self.net = Net()
            self.net.xs.append(Block())

    assert names(Net()) == ["0", "1", "2"]
    assert names(Outer()) == ["net.xs.0", "net.xs.1", "net.xs.2", "net.xs.3"]


def test_a_container_with_cells_keeps_its_path():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.ys = nn.CellList([Block()])
            self.ys.append(Block())
            self.ys.extend([Block()])
            self.ys.insert(0, Block())

    assert names(Net()) == ["ys.0", "ys.1", "ys.2", "ys.3"]


def test_containers_in_a_container_filled_later():
    """The second name is read off the first one, whose last 0 counts: so are names of published checkpoints."""

    class Stage(nn.Cell):
        def __init__(self):
            super().__init__()
            self.blocks = nn.CellList([Block()])

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.stages = nn.CellList()
            for _ in range(3):
                self.stages.append(Stage())

    assert names(Net()) == ["0.blocks.0", "0.blocks.1.blocks.0", "0.blocks.2.blocks.0"]


def test_the_list_of_cells_that_a_sequence_calls(mode):
    from minispore import ops

    net = nn.SequentialCell(nn.ReLU(), nn.Flatten())
    assert [type(cell).__name__ for cell in net.cell_list] == ["ReLU", "Flatten"]
    net.append(nn.Tanh())
    assert len(net.cell_list) == 3
    assert net(ops.ones((2, 2, 3))).shape == (2, 6)
    net.cell_list = [net[0]]
    assert net(ops.ones((2, 2, 3))).shape == (2, 2, 3)


def test_paths_of_the_members_of_a_parameter_tuple():
    """MindSpore 2.10: below the cell that has the tuple, by the names that the members had when it was assigned."""
    net = nn.SequentialCell(nn.Dense(2, 2), nn.Dense(2, 1))

    class Trainer(nn.Cell):
        def __init__(self, optimizer):
            super().__init__()
            self.net, self.optimizer = net, optimizer

    paths = {path: p.name for path, p in Trainer(nn.Momentum(net.trainable_params(), 0.1, 0.9)).parameters_and_names()}
    assert paths["net.0.weight"] == "optimizer.0.weight"
    assert paths["optimizer.moments.1.bias"] == "optimizer.moments.1.bias"
    step = nn.TrainOneStepCell(nn.Dense(2, 2), nn.Momentum(nn.Dense(2, 2).trainable_params(), 0.1, 0.9))
    assert dict(step.parameters_and_names())["optimizer.moments.weight"].name == "moments.weight"


def test_compile_refuses_two_parameters_of_one_name():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.a = ms.Parameter(ms.Tensor([1.0]), name="w")
            self.b = ms.Parameter(ms.Tensor([2.0]), name="w")

        def construct(self, x):
            return x * self.a * self.b

    with pytest.raises(ValueError, match="'w'"):
        Net().compile(ms.Tensor([1.0]))
    assert Net()(ms.Tensor([1.0])).asnumpy().tolist() == [2.0]  # a call gives them their paths
