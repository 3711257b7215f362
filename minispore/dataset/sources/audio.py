"""Published collections of speech and music, each in the folder layout in which it is distributed: WAV files of 16 bits."""

import glob
import os
import re
import wave
from typing import Any

import numpy as np

from ...core.docstrings import documented
from ...core.errors import fail
from .. import checks
from ..rows import Rows
from . import passages
from .base import Read, Source, folder, usage_of
from .text import read_text

_shared = documented(
    args=passages.ORDERED,
    raises=passages.raises("the folder does not exist, or an argument is another word"),
    files=""">>> import os, tempfile, wave
>>> import minispore.dataset as ds
>>> folder = tempfile.mkdtemp()
>>> def record(name):
...     os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
...     with wave.open(os.path.join(folder, name), "wb") as file:
...         file.setparams((1, 2, 8000, 0, "NONE", ""))
...         file.writeframes(bytes([255, 127, 0, 0]))
>>> def write(name, text):
...     os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
...     with open(os.path.join(folder, name), "w") as file:
...         _ = file.write(text)
>>> def first(data):
...     row = next(data.create_dict_iterator(num_epochs=1, output_numpy=True))
...     return [value.tolist() for value in row.values()]""",
)
_USAGES = ("train", "valid", "test", "all")


def read_wav(owner: str, path: str, rate_type: type) -> tuple[np.ndarray, np.ndarray]:
    """The samples of a WAV file of 16 bits, float32 (1, n) in [-1, 1], channels one after the other; and its rate."""
    try:
        with wave.open(path, "rb") as file:
            if file.getsampwidth() != 2:
                raise fail(RuntimeError, f"For '{owner}', {path} must have samples of 16 bits, but has {8 * file.getsampwidth()}.")  # fmt: skip
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            rate = file.getframerate()
    except (OSError, EOFError, wave.Error, ValueError) as error:
        raise fail(RuntimeError, f"For '{owner}', the file {path} cannot be read: {error}") from None
    return (samples / np.float32(32767)).astype(np.float32)[None], np.array(rate, rate_type)


class _Recordings(Source):
    """A source whose ``_listed() -> [(path, the values after waveform and sample_rate)]`` names the files."""

    _named: tuple[str, ...]
    _rate: type = np.int32

    def __init__(self, dataset_dir, *usual):
        self.dataset_dir = folder(type(self).__name__, dataset_dir)
        super().__init__(["waveform", "sample_rate", *self._named], *usual)

    def _listed(self) -> list[tuple[str, tuple[Any, ...]]]:
        raise NotImplementedError

    def _found(self, *pattern: str) -> list[str]:
        return sorted(glob.glob(os.path.join(glob.escape(self.dataset_dir), *pattern)))

    def _load(self) -> Rows:
        owner = type(self).__name__
        try:
            listed = self._listed()
        except (ValueError, KeyError, IndexError) as error:
            raise fail(RuntimeError, f"For '{owner}', the files of {self.dataset_dir} are damaged: {error!r}") from None
        return Read(len(listed), lambda k: (*read_wav(owner, listed[k][0], self._rate), *map(np.asarray, listed[k][1])))


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


@_shared
class YesNoDataset(_Recordings):
    """A person who says yes and no eight times: columns waveform, sample_rate and label, int32, 1 for yes.

    Args:
        dataset_dir: path of the folder with files as ``1_0_0_1_1_0_1_0.wav``.
        {args}

    Raises:
        {raises}

    {files}
    >>> record("1_0_0_1_1_0_1_0.wav")
    >>> first(ds.YesNoDataset(folder))
    [[[1.0, 0.0]], 8000, [1, 0, 0, 1, 1, 0, 1, 0]]
    """

    _named = ("label",)

    def __init__(self, dataset_dir, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
                 num_shards=None, shard_id=None, cache=None):  # fmt: skip
        super().__init__(dataset_dir, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache)

    def _listed(self):
        return [(path, (np.array(_stem(path).split("_"), np.int32),)) for path in self._found("*.wav")]


@_shared
class SpeechCommandsDataset(_Recordings):
    """Single words (Warden 2018): columns waveform, sample_rate, label, speaker_id and utterance_number.

    Args:
        dataset_dir: path of the folder with files as ``cat/b433eff_nohash_0.wav``, ``testing_list.txt`` and
            ``validation_list.txt``.
        usage: "train", "valid", "test" or "all".  Default: None, as "all".
        {args}

    Raises:
        {raises}

    {files}
    >>> record("cat/b433eff_nohash_0.wav")
    >>> first(ds.SpeechCommandsDataset(folder))
    [[[1.0, 0.0]], 8000, 'cat', 'b433eff', 0]
    """

    _named = ("label", "speaker_id", "utterance_number")

    def __init__(self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
                 num_shards=None, shard_id=None, cache=None):  # fmt: skip
        self.usage = usage_of("SpeechCommandsDataset", usage, _USAGES)
        super().__init__(dataset_dir, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache)

    def _part(self, name: str) -> set[str]:
        return set(read_text("SpeechCommandsDataset", os.path.join(self.dataset_dir, name)).split())

    def _listed(self):
        test = self._part("testing_list.txt") if self.usage in ("test", "train") else set()
        valid = self._part("validation_list.txt") if self.usage in ("valid", "train") else set()
        listed = []
        for path in self._found("*", "*_nohash_*.wav"):
            label = os.path.basename(os.path.dirname(path))
            name = f"{label}/{os.path.basename(path)}"
            chosen = {"test": name in test, "valid": name in valid, "train": name not in test | valid, "all": True}
            if chosen[self.usage]:
                speaker, _, number = _stem(path).split("_")
                listed.append((path, (label, speaker, np.array(number, np.int32))))
        return listed


@_shared
class GTZANDataset(_Recordings):
    """Pieces of music of ten kinds (Tzanetakis & Cook 2002): columns waveform, sample_rate and label.

    Unlike MindSpore, only all of them: which pieces are for training is a list that does not come with the files.

    Args:
        dataset_dir: path of the folder with files as ``blues/blues.00000.wav``.
        usage: "all".  Default: None, as "all".
        {args}

    Raises:
        {raises}

    {files}
    >>> record("blues/blues.00000.wav")
    >>> first(ds.GTZANDataset(folder))
    [[[1.0, 0.0]], 8000, 'blues']
    """

    _named = ("label",)
    _rate = np.uint32

    def __init__(self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
                 num_shards=None, shard_id=None, cache=None):  # fmt: skip
        self.usage = usage_of("GTZANDataset", usage, ("all",))
        super().__init__(dataset_dir, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache)

    def _listed(self):
        return [(path, (_stem(path).split(".")[0],)) for path in self._found("*", "*.wav")]


@_shared
class LJSpeechDataset(_Recordings):
    """Read passages (Ito & Johnson 2017): columns waveform, sample_rate, transcription and normalized_transcription.

    Args:
        dataset_dir: path of the folder with ``metadata.csv`` and files as ``wavs/LJ001-0001.wav``.
        {args}

    Raises:
        {raises}

    {files}
    >>> record("wavs/LJ001-0001.wav")
    >>> write("metadata.csv", "LJ001-0001|1 word|one word")
    >>> first(ds.LJSpeechDataset(folder))
    [[[1.0, 0.0]], 8000, '1 word', 'one word']
    """

    _named = ("transcription", "normalized_transcription")

    def __init__(self, dataset_dir, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
                 num_shards=None, shard_id=None, cache=None):  # fmt: skip
        super().__init__(dataset_dir, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache)

    def _listed(self):
        lines = read_text("LJSpeechDataset", os.path.join(self.dataset_dir, "metadata.csv")).splitlines()
        records = [line.split("|") for line in lines if line]
        return [(os.path.join(self.dataset_dir, "wavs", f"{name}.wav"), (said, plain)) for name, said, plain in records]


@_shared
class CMUArcticDataset(_Recordings):
    """Read sentences (Kominek & Black 2004): columns waveform, sample_rate, transcript and utterance_id.

    Args:
        dataset_dir: path of the folder with folders as ``cmu_us_aew_arctic``.
        name: str, the speaker, "aew" and so on.  Default: None, for "aew".
        {args}

    Raises:
        {raises}

    {files}
    >>> record("cmu_us_aew_arctic/wav/arctic_a0001.wav")
    >>> write("cmu_us_aew_arctic/etc/txt.done.data", '( arctic_a0001 "Author of it." )')
    >>> first(ds.CMUArcticDataset(folder))
    [[[1.0, 0.0]], 8000, 'Author of it.', 'a0001']
    """

    _named = ("transcript", "utterance_id")
    _rate = np.uint32
    _SPEAKERS = ("aew", "ahw", "aup", "awb", "axb", "bdl", "clb", "eey", "fem", "gka", "jmk", "ksp", "ljm", "lnh", "rms",
                 "rxr", "slp", "slt")  # fmt: skip

    def __init__(self, dataset_dir, name=None, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
                 num_shards=None, shard_id=None, cache=None):  # fmt: skip
        if name is not None:
            checks.string("CMUArcticDataset", name=name)
            if name not in self._SPEAKERS:
                raise fail(
                    ValueError, f"For 'CMUArcticDataset', 'name' must be one of {self._SPEAKERS}, but got '{name}'."
                )
        self.name = name or "aew"
        super().__init__(dataset_dir, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache)

    def _listed(self):
        own = os.path.join(self.dataset_dir, f"cmu_us_{self.name}_arctic")
        text = read_text("CMUArcticDataset", os.path.join(own, "etc", "txt.done.data"))
        found = re.findall(r'^\(\s*arctic_(\S+)\s+"(.*)"\s*\)', text, re.MULTILINE)
        return [(os.path.join(own, "wav", f"arctic_{name}.wav"), (said, name)) for name, said in found]


@_shared
class LibriTTSDataset(_Recordings):
    """Read books (Zen et al. 2019): columns waveform, sample_rate, original_text, normalized_text, speaker_id, chapter_id
    and utterance_id.

    Args:
        dataset_dir: path of the folder with folders as ``dev-clean/116/288045``.
        usage: "dev-clean", "dev-other", "test-clean", "test-other", "train-clean-100", "train-clean-360",
            "train-other-500" or "all".  Default: None, as "all".
        {args}

    Raises:
        {raises}

    {files}
    >>> record("dev-clean/116/288045/116_288045_000003_000000.wav")
    >>> write("dev-clean/116/288045/116_288045.trans.tsv", "116_288045_000003_000000\\t1 word\\tone word")
    >>> first(ds.LibriTTSDataset(folder))
    [[[1.0, 0.0]], 8000, '1 word', 'one word', 116, 288045, '116_288045_000003_000000']
    """

    _named = ("original_text", "normalized_text", "speaker_id", "chapter_id", "utterance_id")
    _rate = np.uint32
    _PARTS = (
        "dev-clean",
        "dev-other",
        "test-clean",
        "test-other",
        "train-clean-100",
        "train-clean-360",
        "train-other-500",
    )

    def __init__(self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
                 num_shards=None, shard_id=None, cache=None):  # fmt: skip
        self.usage = usage_of("LibriTTSDataset", usage, (*self._PARTS, "all"))
        super().__init__(dataset_dir, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache)

    def _listed(self):
        listed = []
        for part in self._PARTS if self.usage == "all" else (self.usage,):
            for path in self._found(part, "*", "*", "*.trans.tsv"):
                for line in filter(None, read_text("LibriTTSDataset", path).splitlines()):
                    name, said, plain = line.split("\t")
                    speaker, chapter = (np.array(number, np.uint32) for number in name.split("_")[:2])
                    listed.append(
                        (os.path.join(os.path.dirname(path), f"{name}.wav"), (said, plain, speaker, chapter, name))
                    )
        return listed


__all__ = [
    "CMUArcticDataset",
    "GTZANDataset",
    "LJSpeechDataset",
    "LibriTTSDataset",
    "SpeechCommandsDataset",
    "YesNoDataset",
]


def _read_sphere(owner: str, path: str) -> tuple[np.ndarray, int]:
    """The samples of a NIST SPHERE file of 16 bits, as floats in -1..1, and their rate; the header is text of 1024 bytes."""
    try:
        with open(path, "rb") as file:
            content = file.read()
        header = dict(re.findall(r"^(\w+) -\S+ (\S+)", content[:1024].decode("latin-1"), re.MULTILINE))
        order = "<" if header.get("sample_byte_format") == "01" else ">"
        size, rate = int(header["sample_n_bytes"]), int(header["sample_rate"])
        samples = np.frombuffer(content[1024 : len(content) // size * size], f"{order}i{size}")
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise fail(RuntimeError, f"For '{owner}', the file {path} is no SPHERE file: {error!r}") from None
    return samples.astype(np.float32) / np.float32(2 ** (8 * size - 1)), rate


class TedliumDataset(Source):
    """TED talks and what is said (Rousseau et al. 2012): columns waveform, float32 (1, samples), sample_rate, int32,
    transcript, talk_id, speaker_id and identifier; a row for each line of the STM files.

    Args:
        dataset_dir: path of the folder with the folders of the parts (of release3: with data), each with sph and stm.
        release: "release1", "release2" or "release3".
        usage: "train", "test", "dev" or "all"; of release3 "all".  Default: None, as "all".
        extensions: ".sph".  Default: None, as ".sph".
        num_samples: int, at most so many rows.  Default: None, for all.
        num_parallel_workers: int, threads.  Default: None.
        shuffle: bool, whether in random order.  Default: None, as True unless there is a ``sampler``.
        sampler: Sampler, or row numbers, in place of the others.  Default: None.
        num_shards: int, of how many shards this is one.  Default: None.
        shard_id: int, which one.  Default: None.
        cache: accepted.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: the folder does not exist, or an argument is another word.
        RuntimeError: when it is read: files are missing or damaged.

    >>> import tempfile
    >>> import minispore.dataset as ds
    >>> ds.TedliumDataset(tempfile.mkdtemp(), "release1").get_col_names()[:2]
    ['waveform', 'sample_rate']
    """

    def __init__(self, dataset_dir, release, usage=None, extensions=None, num_samples=None, num_parallel_workers=None,
                 shuffle=None, sampler=None, num_shards=None, shard_id=None, cache=None):  # fmt: skip
        owner = "TedliumDataset"
        checks.one_of(owner, ("release1", "release2", "release3"), release=release)
        self.dataset_dir, parts = folder(owner, dataset_dir), ("train", "test", "dev") if release != "release3" else ()
        usage = usage_of(owner, usage, (*parts, "all"))
        if extensions not in (None, ".sph"):
            raise fail(ValueError, f"For '{owner}', 'extensions' must be '.sph', but got {extensions!r}.")
        self.parts = ("data",) if release == "release3" else ("train", "test", "dev") if usage == "all" else (usage,)
        named = ["waveform", "sample_rate", "transcript", "talk_id", "speaker_id", "identifier"]
        super().__init__(named, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache)

    def _load(self) -> Rows:
        lines = []
        for part in self.parts:
            for path in sorted(glob.glob(os.path.join(glob.escape(self.dataset_dir), part, "stm", "*.stm"))):
                with open(path, encoding="utf-8") as file:
                    sound = os.path.join(self.dataset_dir, part, "sph", _stem(path) + ".sph")
                    lines += [(sound, line.split(None, 6)) for line in file if line.strip()]
        return Read(len(lines), lambda k: self._row(*lines[k]))

    def _row(self, path: str, fields: list[str]) -> tuple:
        if len(fields) < 7:
            raise fail(
                RuntimeError, f"For 'TedliumDataset', a line of the STM file of {path} must have 7 fields: {fields}."
            )
        talk, _, speaker, begin, end, identifier, transcript = fields
        samples, rate = _read_sphere("TedliumDataset", path)
        wave_ = samples[int(float(begin) * rate) : int(float(end) * rate)][None]
        return (wave_, np.array(rate, np.int32), *map(np.array, (transcript.strip(), talk, speaker, identifier)))
