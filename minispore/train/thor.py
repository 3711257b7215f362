"""The conversions that MindSpore's scripts with ``nn.thor`` call; here the optimizer itself converts the network."""

from ..nn.optim.thor_layers import convert_to_thor_net


class ConvertNetUtils:
    """``convert_to_thor_net(net)`` replaces layers by ones that record the statistics ``nn.thor`` needs; ``nn.thor`` does so too.

    >>> from minispore import nn
    >>> net = nn.SequentialCell(nn.Dense(2, 3))
    >>> ConvertNetUtils().convert_to_thor_net(net)
    >>> type(net[0]).__name__
    'DenseThor'
    """

    def convert_to_thor_net(self, net) -> None:
        """Replaces the trainable Dense and Conv2d layers inside ``net``.

        Args:
            net: Cell, changed in place.
        """
        convert_to_thor_net(net)


class ConvertModelUtils:
    """``convert_to_thor_model(model, ...)`` returns the model unchanged.

    MindSpore compiles a second graph for the steps that renew the matrices; here one step decides by itself.

    >>> from minispore import Model, nn
    >>> from minispore.train import ConvertModelUtils
    >>> model = Model(nn.Dense(2, 3))
    >>> ConvertModelUtils.convert_to_thor_model(model, None) is model
    True
    """

    @staticmethod
    def convert_to_thor_model(
        model, network, loss_fn=None, optimizer=None, metrics=None, amp_level="O0", loss_scale_manager=None,
        keep_batchnorm_fp32=False,
    ):  # fmt: skip
        """Gives the model to train with: the same one.

        Args:
            model: Model.
            network: ignored.
            loss_fn: ignored.
            optimizer: ignored.
            metrics: ignored.
            amp_level: ignored.
            loss_scale_manager: ignored.
            keep_batchnorm_fp32: ignored.

        Returns:
            ``model``.
        """
        return model


__all__ = ["ConvertModelUtils", "ConvertNetUtils"]

from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())
