"""The conversions that MindSpore's scripts with ``nn.thor`` call; here the optimizer itself converts the network."""

from ..nn.optim.thor_layers import convert_to_thor_net


class ConvertNetUtils:
    """``convert_to_thor_net(net)`` replaces layers by ones that record the statistics ``nn.thor`` needs; ``nn.thor`` does so too."""

    def convert_to_thor_net(self, net) -> None:
        """Replaces the trainable Dense and Conv2d layers inside ``net``."""
        convert_to_thor_net(net)


class ConvertModelUtils:
    """``convert_to_thor_model(model, ...)`` returns the model unchanged.

    MindSpore compiles a second graph for the steps that update the second-order matrices; here one graph does both.
    """

    @staticmethod
    def convert_to_thor_model(
        model, network, loss_fn=None, optimizer=None, metrics=None, amp_level="O0", loss_scale_manager=None,
        keep_batchnorm_fp32=False,
    ):  # fmt: skip
        """``model``."""
        return model


__all__ = ["ConvertModelUtils", "ConvertNetUtils"]
