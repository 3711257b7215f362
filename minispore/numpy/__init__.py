"""``mindspore.numpy``: NumPy's functions on Tensors, differentiable and compiled as the ops they are made of.

Numbers and lists become int32 or float32 Tensors (NumPy: int64 and float64); ``dtype`` asks for another type. Functions
that MindSpore has for Tensors only refuse them (tensors_only.py).
Where MindSpore takes only floats, integers are computed in float32.

>>> import minispore.numpy as mnp
>>> print(mnp.sum(mnp.arange(6).reshape(2, 3), axis=0))
[3 5 7]
"""

from types import ModuleType as _ModuleType

from ..core import dtype as _dtypes
from .arrays import *  # noqa: F403
from .creation import *  # noqa: F403
from .differences import *  # noqa: F403
from .draws import *  # noqa: F403
from .grids import *  # noqa: F403
from .joining import *  # noqa: F403
from .math import *  # noqa: F403
from .picking import *  # noqa: F403
from .products import *  # noqa: F403
from .rearranging import *  # noqa: F403
from .reductions import *  # noqa: F403
from .statistics import *  # noqa: F403
from .triangles import *  # noqa: F403
from .windows import *  # noqa: F403

from . import fft, random, tensors_only as _tensors_only  # isort: skip

_tensors_only.place(globals())

inf, PINF, NINF = float("inf"), float("inf"), float("-inf")
nan = float("nan")
pi = 3.141592653589793
e = 2.718281828459045
bool_, float_, int_, uint = _dtypes.bool_, _dtypes.float32, _dtypes.int32, _dtypes.uint32
int8, int16, int32, int64 = _dtypes.int8, _dtypes.int16, _dtypes.int32, _dtypes.int64
uint8, uint16, uint32, uint64 = _dtypes.uint8, _dtypes.uint16, _dtypes.uint32, _dtypes.uint64
float16, float32, float64 = _dtypes.float16, _dtypes.float32, _dtypes.float64

from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip
from ..core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)

__all__ = [name for name, item in globals().items() if not name.startswith("_") and not isinstance(item, _ModuleType)]
__all__ += ["fft", "random"]

for _names in (globals(), vars(fft)):
    _publish(_names, plans=True)
_publish(vars(random))
