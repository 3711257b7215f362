"""Dense and Conv2d that record, in the backward pass, the second moments that ``nn.thor`` needs."""

from ... import ops
from ...core.parameter import Parameter
from ...flow.forms import cond
from ...ops import assign, equal, matmul
from ...ops.patches import unfold
from ..cell import Cell
from ..layer.conv import Conv2d
from ..layer.dense import Dense


class _RecordMoments(Cell):
    """Returns ``out``; its backward pass records the second moments of the layer's input and of ``out``'s gradient."""

    def __init__(self, layer):
        super().__init__(auto_prefix=False)
        self.__dict__["layer"] = layer  # not registered as a child: this cell is a child of the layer

    def construct(self, out, x):
        return out

    def bprop(self, out, x, result, dout):
        layer = self.layer
        a, d, positions = layer.rows(x, dout)
        due = equal(layer.cov_step % layer.frequency, 0).reshape(())
        for moment, rows, scale in (
            (layer.matrix_a, a, positions / a.shape[0]),  # a sum over positions, a mean over samples
            (layer.matrix_g, d, 1.0 / d.shape[0]),
        ):
            assign(moment, cond(due, lambda r, s=scale: matmul(r.T, r) * s, lambda r, old=moment: old + 0.0, rows))
        return dout, None


class _RecordingLayer(Cell):
    """Shared by DenseThor and Conv2dThor."""

    @classmethod
    def of(cls, layer):
        """A layer of this class in the place of ``layer``, with its Parameters."""
        made = cls.__new__(cls)
        made.__dict__.update(layer.__dict__)
        made.__dict__.update(_compiled=None, _signature=None)
        width = layer.weight.size // layer.weight.shape[0]
        prefix = layer.weight.name.removesuffix("weight")
        for name, n in (("matrix_a", width), ("matrix_g", layer.weight.shape[0])):
            eye = ops.eye(n, n, layer.weight.dtype)
            made.insert_param_to_cell(name, Parameter(eye, name=prefix + name, requires_grad=False))
        made.__dict__["record"] = _RecordMoments(made)
        return made

    def record(self, out, x):
        """``out``: nothing is noted before ``convert_to_thor_net`` made the layer.

        Args:
            out: Tensor.
            x: Tensor, the input.

        Returns:
            Tensor.
        """
        return out

    def record_every(self, cov_step, frequency) -> None:
        """Records the moments in every ``frequency``-th step; ``cov_step`` counts the steps."""
        self.__dict__.update(cov_step=cov_step, frequency=frequency)
        self._invalidate()


class DenseThor(_RecordingLayer, Dense):
    """``Dense`` that notes what ``nn.thor`` needs; ``convert_to_thor_net`` makes it of a ``Dense``, arguments as there."""

    def __init__(
        self, in_channels, out_channels, weight_init="normal", bias_init="zeros", has_bias=True, activation=None
    ):
        super().__init__(in_channels, out_channels, weight_init, bias_init, has_bias, activation)

    def construct(self, x):
        activation = self.activation
        out = self.record(ops.dense(x, self.weight, self.bias), x)
        return out if activation is None else activation(out)

    def rows(self, x, dout):
        """Inputs and gradients of outputs as rows.

        Args:
            x: Tensor of shape (..., in_channels), the input.
            dout: Tensor of shape (..., out_channels), the gradient of the output.

        Returns:
            tuple (inputs (n, in_channels), gradients (n, out_channels), positions in a sample, 1.0).
        """
        return x.reshape(-1, x.shape[-1]), dout.reshape(-1, dout.shape[-1]), 1.0


class Conv2dThor(_RecordingLayer, Conv2d):
    """``Conv2d`` that notes what ``nn.thor`` needs; ``convert_to_thor_net`` makes it of a ``Conv2d``, arguments as
    there.
    """

    def construct(self, x):
        return self.record(super().construct(x), x)

    def rows(self, x, dout):
        """Patches of the input and gradients of outputs as rows.

        Args:
            x: Tensor of shape (N, C, H, W), the input.
            dout: Tensor of shape (N, out_channels, H', W'), the gradient of the output.

        Returns:
            tuple (patches (n, C * kernel), gradients (n, out_channels), positions in a sample, a float).
        """
        top, bottom, left, right = self._padding_of(x, dout)
        x = ops.pad(x, (left, right, top, bottom))
        patches = unfold(x, self.kernel_size, self.dilation, 0, self.stride)
        patches = patches.transpose(0, 2, 1)[:, : dout.shape[2] * dout.shape[3]]
        a = patches.reshape(-1, patches.shape[-1])
        return a, dout.transpose(0, 2, 3, 1).reshape(-1, dout.shape[1]), float(dout.shape[2] * dout.shape[3])

    def _padding_of(self, x, dout):
        """(top, bottom, left, right)."""
        if self.pad_mode != "same":
            return self.pads
        found = []
        for size, out, k, s, d in zip(x.shape[2:], dout.shape[2:], self.kernel_size, self.stride, self.dilation):
            total = max((out - 1) * s + d * (k - 1) + 1 - size, 0)
            found += [total // 2, total - total // 2]
        return tuple(found)


def convert_to_thor_net(net) -> None:
    """Exchanges the trainable Dense and Conv2d layers of a network for ones that note what ``nn.thor`` needs.

    Args:
        net: Cell, changed in place; its Parameters and their names stay.

    >>> from minispore import nn
    >>> net = nn.SequentialCell(nn.Dense(2, 3))
    >>> convert_to_thor_net(net)
    >>> type(net[0]).__name__
    'DenseThor'
    """
    for _, cell in list(net.cells_and_names()):
        for name, child in cell._cells.items():
            made = None
            if type(child) is Dense and child.weight.requires_grad:
                made = DenseThor.of(child)
            elif type(child) is Conv2d and child.weight.requires_grad and child.group == 1:
                made = Conv2dThor.of(child)
            if made is not None:
                cell._cells[name] = made
                cell._invalidate()


def thor_layers(net) -> list:
    """The layers that ``convert_to_thor_net`` made.

    Args:
        net: Cell.

    Returns:
        list of Cells, in the network's order.

    >>> from minispore import nn
    >>> thor_layers(nn.SequentialCell(nn.Dense(2, 3)))
    []
    """
    return [cell for _, cell in net.cells_and_names() if isinstance(cell, _RecordingLayer)]
