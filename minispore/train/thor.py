"""The conversions that MindSpore's scripts with ``nn.thor`` call; here the optimizer needs the first only, and makes it."""

from ..nn.optim.thor_layers import convert_to_thor_net


class ConvertNetUtils:
    """``convert_to_thor_net(net)`` exchanges layers for ones that note what ``nn.thor`` needs; ``nn.thor`` does it too."""

    def convert_to_thor_net(self, net) -> None:
        """Exchanges the trainable Dense and Conv2d layers inside ``net``."""
        convert_to_thor_net(net)


class ConvertModelUtils:
    """``convert_to_thor_model(model, ...)`` gives the model to train with: the same one.

    MindSpore compiles a second graph for the steps that renew the matrices; here one step decides by itself.
    """

    @staticmethod
    def convert_to_thor_model(
        model, network, loss_fn=None, optimizer=None, metrics=None, amp_level="O0", loss_scale_manager=None,
        keep_batchnorm_fp32=False,
    ):  # fmt: skip
        """``model``."""
        return model


__all__ = ["ConvertModelUtils", "ConvertNetUtils"]
