"""What optimizers around another one share."""

from ...core import checks
from ...core.errors import fail
from ..cell import Cell
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class Wrapping(Optimizer):
    """The base of optimizers around another one, ``opt``, whose attributes are found through them.

    Args:
        optimizer: Optimizer, the one inside.

    Raises:
        TypeError: ``optimizer`` is not one.
    """

    by_parameter = False  # whether it reads, of the one inside, what there is for each Parameter

    def __init__(self, optimizer):
        checks.instance(type(self).__name__, Optimizer, optimizer=optimizer)
        Cell.__init__(self, auto_prefix=False)
        self._updating = False
        self.register_first(optimizer)
        self.parameters = optimizer.parameters
        self.opt = optimizer

    def register_first(self, optimizer) -> None:
        """Registers Parameters that stand before the network's in ``get_parameters``: none, unless a subclass has some.

        Args:
            optimizer: Optimizer, the one inside.
        """

    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError:
            inside = self.__dict__.get("_cells", {}).get("opt")
            if inside is None or name.startswith("__"):
                raise
            return getattr(inside, name)

    def __setattr__(self, name, value):
        if "_arguments" in self.__dict__ and (name in ("learning_rate", "weight_decay") or self._is_inside(name)):
            setattr(self.opt, name, value)
        else:
            super().__setattr__(name, value)

    def _is_inside(self, name: str) -> bool:
        """Whether reading the attribute gives that of the optimizer inside."""
        if name.startswith("_") or hasattr(type(self), name) or name in self.__dict__:
            return False
        own = any(name in self.__dict__.get(store, ()) for store in ("_cells", "_params", "_params_list", "_buffers"))
        return not own and hasattr(self.opt, name)

    @property
    def innermost(self) -> Optimizer:
        """The optimizer that updates, in all that is around it."""
        return self.opt.innermost if isinstance(self.opt, Wrapping) else self.opt

    def get_lr(self):
        """The learning rate of the optimizer inside.

        Returns:
            Tensor of shape (), or with groups a tuple of them.
        """
        return self.opt.get_lr()

    def add_param_group(self, param_group) -> None:
        """Not possible here: a group is added to the optimizer inside, before it is wrapped.

        Args:
            param_group: dict.

        Raises:
            NotImplementedError: always.
        """
        raise fail(
            NotImplementedError, f"For '{self.cls_name}', add the group to the optimizer inside before it is wrapped."
        )
