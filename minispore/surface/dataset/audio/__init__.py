"""MindSpore's module ``dataset.audio``: transforms of waveforms and spectrograms, as functions that a table makes classes of.

A waveform has the shape (..., time), a spectrogram (..., frequency, time).
"""

from ....dataset.transforms.base import Transform
from . import base
from .base import *  # noqa: F403
from .base import NAMES
from .effects import *  # noqa: F403
from .filters import *  # noqa: F403
from .recovery import *  # noqa: F403
from .spectra import *  # noqa: F403
from .spectra import create_dct, linear_fbanks, melscale_fbanks
from .speech import *  # noqa: F403

_OPTIONS = {name for name, kind in vars(base).items() if isinstance(kind, type(base.Enum)) and name != "Enum"}
__all__ = sorted(NAMES | _OPTIONS)
