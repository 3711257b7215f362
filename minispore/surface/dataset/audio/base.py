"""What all transforms of sounds share: the words of their options, the checks of their arguments, and how a function becomes a class."""

import functools
import inspect
from enum import Enum
from typing import Any

import numpy as np

from ....core.errors import fail
from ....dataset import checks
from ....dataset.transforms.base import Transform


def _names(name: str, **values: str):
    return Enum(name, values, type=str, module="minispore.dataset.audio")


BorderType = _names("BorderType", CONSTANT="constant", EDGE="edge", REFLECT="reflect", SYMMETRIC="symmetric")
DensityFunction = _names("DensityFunction", TPDF="TPDF", RPDF="RPDF", GPDF="GPDF")
FadeShape = _names(
    "FadeShape", QUARTER_SINE="quarter_sine", HALF_SINE="half_sine", LINEAR="linear", LOGARITHMIC="logarithmic",
    EXPONENTIAL="exponential",
)  # fmt: skip
GainType = _names("GainType", AMPLITUDE="amplitude", POWER="power", DB="db")
Interpolation = _names("Interpolation", LINEAR="linear", QUADRATIC="quadratic")
MelType = _names("MelType", HTK="htk", SLANEY="slaney")
Modulation = _names("Modulation", SINUSOIDAL="sinusoidal", TRIANGULAR="triangular")
NormMode = _names("NormMode", ORTHO="ortho", NONE="none")
NormType = _names("NormType", SLANEY="slaney", NONE="none")
ResampleMethod = _names("ResampleMethod", SINC_INTERPOLATION="sinc_interpolation", KAISER_WINDOW="kaiser_window")
ScaleType = _names("ScaleType", POWER="power", MAGNITUDE="magnitude")
WindowType = _names(
    "WindowType", BARTLETT="bartlett", BLACKMAN="blackman", HAMMING="hamming", HANN="hann", KAISER="kaiser"
)


# ---------------------------------------------------------------- arguments
_INT, _FLOAT = 2**31 - 1, 2**24
_WHOLE = frozenset(
    """sample_rate n_fft win_length hop_length pad n_mels n_stft n_freqs n_freq n_filter n_lfcc n_mfcc max_iter n_iter length
    quantization_channels mask_start mask_width mask_param freq_mask_param time_mask_param axis cmn_window min_cmn_window
    fade_in_len fade_out_len bins_per_octave n_steps lowpass_filter_width""".split()
)
_COUNT, _ROOM, _SIZE, _LEAST = f"[1, {_INT}]", f"[0, {_INT}]", f"(0, {_FLOAT}]", f"[0, {_FLOAT}]"
_RANGES = {  # of arguments, in all transforms that have them; others are any float or int of 32 bits
    **dict.fromkeys(
        """n_fft win_length hop_length n_stft n_mels n_freqs n_freq n_filter n_lfcc max_iter n_iter quantization_channels mask_width
        lowpass_filter_width""".split(), _COUNT,
    ),
    **dict.fromkeys(
        """pad length mask_param mask_start freq_mask_param time_mask_param cmn_window min_cmn_window fade_in_len fade_out_len
        n_mfcc""".split(), _ROOM,
    ),
    **dict.fromkeys(
        """amin top_db ref_value tolerance_loss tolerance_change fixed_rate rate orig_freq new_freq frame_time freq_low freq_high
        measure_freq hp_filter_freq lp_filter_freq hp_lifter_freq lp_lifter_freq""".split(), _SIZE,
    ),
    **dict.fromkeys(
        """power momentum trigger_time search_time allowed_gap pre_trigger_time boot_time noise_up_time noise_down_time
        noise_reduction_amount measure_duration measure_smooth_time""".split(), _LEAST,
    ),
    "enhancement_amount": "[0, 100]", "Q": "(0, 1]", "shift": "[-2.0, 2.0]", "color": "[0, 100]", "rolloff": "(0, 1.0]", "axis": "[1, 2]",
    "gain_in": "[0, 1]", "gain_out": "[0, 1000000000.0]", "delay_ms": "[0, 5.0]", "decay": "[0, 0.99]", "mod_speed": "[0.1, 2]",
    "delay": "[0, 30]", "depth": "[0, 10]", "regen": "[-95, 95]", "width": "[0, 100]", "speed": "[0.1, 10]", "phase": "[0, 100]",
}  # fmt: skip
_OWN_RANGES = {  # where a transform has another range for a name
    ("ComputeDeltas", "win_length"): f"[3, {_INT}]", ("Overdrive", "gain"): "[0, 100]", ("DBToAmplitude", "power"): f"[{-_FLOAT}, {_FLOAT}]",
    ("GriffinLim", "power"): _SIZE, ("MelSpectrogram", "power"): _SIZE, ("MelSpectrogram", "n_mels"): _ROOM,
    ("GriffinLim", "win_length"): _ROOM, ("GriffinLim", "hop_length"): _ROOM,
    ("create_dct", "n_mfcc"): _COUNT, ("linear_fbanks", "n_freqs"): _ROOM, ("melscale_fbanks", "n_freqs"): _ROOM,
    **{(owner, "f_max"): _SIZE for owner in ("MelScale", "InverseMelScale", "linear_fbanks", "melscale_fbanks")},
    **{(owner, "f_min"): _LEAST for owner in ("LFCC", "linear_fbanks", "melscale_fbanks")}, ("MelSpectrogram", "f_max"): _LEAST,
    **{(owner, name): _LEAST for owner in ("FrequencyMasking", "TimeMasking") for name in ("freq_mask_param", "time_mask_param", "mask_start")},
    ("LFCC", "f_max"): _LEAST, ("FrequencyMasking", "mask_value"): _LEAST, ("TimeMasking", "mask_value"): _LEAST,
    **{(owner, "sample_rate"): _COUNT for owner in ("MelScale", "InverseMelScale", "Vad", "linear_fbanks", "melscale_fbanks")},
    **{(owner, "sample_rate"): _ROOM for owner in ("SpectralCentroid", "PitchShift", "LFCC", "MFCC", "MelSpectrogram")},
}  # fmt: skip
_INT_FIRST = frozenset(  # of these MindSpore names the types in the other order
    """amin ref_value top_db power freq_high freq_low mask_value momentum f_min f_max tolerance_change tolerance_loss fixed_rate
    allowed_gap boot_time hp_filter_freq hp_lifter_freq lp_filter_freq lp_lifter_freq measure_duration measure_freq
    measure_smooth_time noise_down_time noise_reduction_amount noise_up_time pre_trigger_time search_time trigger_level
    trigger_time""".split()
)
_NOT_ZERO = ("sample_rate", "a0", "bins_per_octave")
_RATES = {"DeemphBiquad": (44100, 48000), "RiaaBiquad": (44100, 48000, 88200, 96000)}


def _check_number(owner: str, name: str, value: Any) -> None:
    whole = name in _WHOLE
    if (owner, name) in (("LFCC", "power"), ("Resample", "rolloff"), ("MelSpectrogram", "f_min")):
        checks.instance(owner, float, **{name: value})
    int_first = (name in _INT_FIRST and owner != "DBToAmplitude") or (owner, name) == ("Vol", "gain")
    checks.instance(owner, int if whole else (int, float) if int_first else (float, int), **{name: value})
    own = _OWN_RANGES.get((owner, name))
    top = _INT if whole else _FLOAT
    if own is None and name in _NOT_ZERO and owner != "Phaser":
        if not (0 < value <= top or -top - whole <= value < 0):
            raise checks.outside(owner, name, value, f"[{-top - whole}, 0) and (0, {top}]")
        return
    checks.within(owner, own or _RANGES.get(name, f"[{-top - whole}, {top}]"), **{name: value})


def _check_relations(owner: str, given: dict) -> None:
    rate, low, high = given.get("sample_rate", 0), given.get("f_min"), given.get("f_max")
    if given.get("win_length") is not None and given.get("n_fft") is not None and given["win_length"] > given["n_fft"]:
        raise fail(
            ValueError,
            f"For '{owner}', 'win_length' must be at most 'n_fft', but got {given['win_length']} and {given['n_fft']}.",
        )
    equal = owner in ("LFCC", "MelSpectrogram")
    if (
        low is not None
        and owner != "MFCC"
        and (low >= rate // 2 if high is None else low > high or (low == high and not equal))
    ):
        raise fail(
            ValueError,
            f"For '{owner}', 'f_min' must be below 'f_max', or half of 'sample_rate' where that is None, but got {low}, {high} and "
            f"{rate}.",
        )
    if owner in _RATES and rate not in _RATES[owner]:
        raise fail(ValueError, f"For '{owner}', 'sample_rate' must be one of {_RATES[owner]}, but got {rate}.")
    if given.get("dct_type", 2) != 2:
        raise fail(ValueError, f"For '{owner}', 'dct_type' must be 2, but got {given['dct_type']}.")


def _check_coefficients(owner: str, given: dict) -> None:
    for name in ("a_coeffs", "b_coeffs"):
        for at, value in enumerate(checks.instance(owner, (list, tuple), **{name: given[name]})):
            _check_number(owner, f"{name}[{at}]", value)
    if len(given["a_coeffs"]) != len(given["b_coeffs"]):
        raise fail(ValueError, f"For '{owner}', 'a_coeffs' and 'b_coeffs' must have the same length.")


_NAMED = {  # what a dict of arguments must hold
    "sgdargs": "sgd_lr sgd_momentum", "speckwargs": "window pad_mode n_fft win_length pad power",
    "melkwargs": "n_fft win_length hop_length f_min f_max pad power normalized center onesided window pad_mode norm mel_scale n_mels",
}  # fmt: skip


def _check_named(owner: str, name: str, value: Any) -> None:
    missing = [key for key in _NAMED[name].split() if key not in checks.instance(owner, dict, **{name: value})]
    if missing:
        raise fail(
            KeyError, f"For '{owner}', '{name}' must have the keys {_NAMED[name].split()}, but {missing} are missing."
        )


def checked(owner: str, defaults: dict, given: dict) -> dict:
    """Arguments, checked by their names and defaults.

    Args:
        owner: str, the transform's name.
        defaults: dict {argument: default}; an Enum or a bool asks for its type, None lets None pass.
        given: dict {argument: value}.

    Returns:
        dict, ``given``.

    Raises:
        TypeError: a value of another type.
        ValueError: a number out of its range.

    >>> checked("Contrast", {"enhancement_amount": 75.0}, {"enhancement_amount": 20})
    {'enhancement_amount': 20}
    """
    for name, value in given.items():
        default = defaults.get(name, inspect.Parameter.empty)
        if isinstance(default, (Enum, bool)):
            checks.instance(owner, type(default), **{name: value})
        elif name in ("a_coeffs", "b_coeffs", "dct_type", "beta") or (value is None and default is None):
            continue
        elif name == "phase_advance":
            checks.instance(owner, np.ndarray, **{name: value})
        elif name in ("sgdargs", "speckwargs", "melkwargs"):
            _check_named(owner, name, value)
        else:
            _check_number(owner, name, value)
    if "a_coeffs" in given:
        _check_coefficients(owner, given)
    _check_relations(owner, given)
    return given


# ---------------------------------------------------------------- classes of functions
NAMES: set[str] = set()


def table(function):
    """A function with its arguments checked, and with what it found as float32."""
    taken = inspect.signature(function)
    defaults = {name: parameter.default for name, parameter in taken.parameters.items()}

    @functools.wraps(function)
    def checking(*args, **kwargs):
        bound = taken.bind(*args, **kwargs)
        bound.apply_defaults()
        return function(**checked(function.__name__, defaults, dict(bound.arguments))).astype(np.float32)

    return checking


def transform(function=None, *, axes=1, last=None, floats=False, same_type=False, prepare=None):
    """A class whose objects call ``function`` with their value and the arguments they were made with.

    Args:
        function: function of a value and of arguments.
        axes: int, the fewest axes that a value may have.  Default: 1.
        last: int, the length that the last axis must have.  Default: None, for any.
        floats: bool, whether whole numbers are refused, and float16 is kept.  Default: False.
        same_type: bool, whether the result has the type of the value.  Default: False, for floats.
        prepare: function of the checked arguments, which may check and change them further.  Default: None.

    Returns:
        type.
    """
    if function is None:
        return lambda function: transform(
            function, axes=axes, last=last, floats=floats, same_type=same_type, prepare=prepare
        )
    owner, signature = function.__name__, inspect.signature(function)
    taken = signature.replace(parameters=list(signature.parameters.values())[1:])
    defaults = {name: parameter.default for name, parameter in taken.parameters.items()}

    def __init__(self, *args, **kwargs):
        try:
            bound = taken.bind(*args, **kwargs)
        except TypeError as error:
            raise fail(TypeError, f"For '{owner}', the arguments do not fit: {error}.") from None
        bound.apply_defaults()
        self.given = checked(owner, defaults, dict(bound.arguments))
        if prepare is not None:
            prepare(self.given)

    def __call__(self, value):
        if not isinstance(value, np.ndarray):
            raise fail(TypeError, f"For '{owner}', the input must be a NumPy array, but got {type(value).__name__}.")
        if value.dtype.kind not in ("f" if floats else "biuf"):
            raise fail(
                RuntimeError,
                f"For '{owner}', the input must be an array of {'floats' if floats else 'numbers'}, but got {value.dtype}.",
            )
        if value.ndim < axes or (last is not None and value.shape[-1] != last):
            raise fail(
                RuntimeError,
                f"For '{owner}', the input must have {axes} axes or more{f', the last of {last} numbers' if last else ''}, but got the "
                f"shape {value.shape}.",
            )
        kept = value.dtype if value.dtype == np.float64 or floats or same_type else np.dtype(np.float32)
        given = value.astype(np.float64)
        try:
            found = function(given, **self.given)
        except (ValueError, IndexError) as error:
            raise fail(RuntimeError, f"For '{owner}', the shape {value.shape} does not fit: {error}") from None
        if found is given:
            return value
        as_given = lambda x: x.astype(kept) if x.dtype == np.float64 else x
        return tuple(map(as_given, found)) if isinstance(found, tuple) else as_given(found)

    members = {
        "__init__": __init__,
        "__call__": __call__,
        "__doc__": function.__doc__,
        "__module__": "minispore.dataset.audio",
    }
    members["random"] = bool(
        {"iid_masks", "mask_param", "rand_init", "density_function", "max_iter"} & set(taken.parameters)
    )
    NAMES.add(owner)
    return type(owner, (Transform,), members)
