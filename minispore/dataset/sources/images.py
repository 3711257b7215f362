"""Sources of images: the MNIST and CIFAR files, and folders of image files."""

import gzip
import io
import math
import os
import pickle
import pickletools
import struct
import zlib
from typing import Any

import numpy as np

from ...core.docstrings import documented
from ...core.errors import fail
from ..rows import Rows
from . import passages
from .base import Arrays, Read, Source, check_decrypt, folder, image_content, usage_of

_IMAGES, _LABELS = 2051, 2049  # magic numbers of the IDX files of MNIST


_SHARED = {  # by the docstrings of the MNIST and CIFAR sources
    "args": f"""{passages.FOLDER}
usage: "train", "test" or "all".  Default: None, as "all".
{passages.ORDERED}""",
    "raises": passages.raises("the folder does not exist, or ``usage`` is another word"),
    "files": """>>> import os, tempfile
>>> import minispore.dataset as ds
>>> folder = tempfile.mkdtemp()
>>> for name, magic, shape in (("images-idx3", 2051, (1, 28, 28)), ("labels-idx1", 2049, (1,))):
...     with open(os.path.join(folder, f"train-{name}-ubyte"), "wb") as file:
...         _ = file.write(b"".join(n.to_bytes(4, "big") for n in (magic, *shape)) + bytes(784 if shape[1:] else 1))""",
}


def read_idx(path: str, magic: int) -> np.ndarray:
    """The bytes of an IDX file (plain or gzip'd) as an array of the shape in its header.

    Args:
        path: str.
        magic: int, the number that the file must begin with.

    Returns:
        array of uint8.

    Raises:
        RuntimeError: not such a file, or damaged: a wrong magic number, fewer or more bytes than the header says.
    """
    try:
        with gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb") as file:
            content = file.read()
    except (OSError, EOFError, zlib.error) as error:
        raise fail(RuntimeError, f"The file {path} cannot be read: {error}") from None
    rank = magic % 256
    header = 4 + 4 * rank
    if len(content) < header:
        raise fail(
            RuntimeError, f"The IDX file {path} must begin with {header} bytes of header, but has {len(content)} bytes."
        )
    found, *shape = struct.unpack(f">{1 + rank}I", content[:header])
    if found != magic:
        raise fail(RuntimeError, f"The IDX file {path} must have the magic number {magic}, but got {found}.")
    wanted = header + math.prod(shape)
    if len(content) != wanted:
        raise fail(
            RuntimeError, f"The IDX file {path} must have {wanted} bytes for the shape {shape}, but has {len(content)}."
        )
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def _existing(directory: str, stem: str) -> str | None:
    for name in (stem, stem + ".gz", stem.replace("-idx", ".idx"), stem.replace("-idx", ".idx") + ".gz"):
        path = os.path.join(directory, name)
        if os.path.isfile(path):
            return path
    return None


class _ImageLabel(Source):
    """Images and labels that fit in memory."""

    _usages: tuple[str, ...] = ("train", "test", "all")
    _columns_of: tuple[str, ...] = ("image", "label")

    def __init__(self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
                 num_shards=None, shard_id=None, cache=None):  # fmt: skip
        owner = type(self).__name__
        self.dataset_dir = folder(owner, dataset_dir)
        self.usage = usage_of(owner, usage, self._usages)
        super().__init__(
            list(self._columns_of), num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache
        )
        self._arrays: list[np.ndarray] = []

    def _read(self) -> list[np.ndarray]:
        raise NotImplementedError

    def _load(self) -> Rows:
        self._arrays = self._read()
        return Arrays(self._arrays)

    def _labels(self):
        self._all()
        return self._arrays[1]


@documented(**_SHARED)
class MnistDataset(_ImageLabel):
    """MNIST (LeCun et al. 1998): columns image, uint8 (28, 28, 1), and label, uint32.

    The files are ``train-images-idx3-ubyte``, ``train-labels-idx1-ubyte``, ``t10k-...``, plain or gzip'd (``.gz``).

    Args:
        {args}

    Raises:
        {raises}

    {files}
    >>> row = next(ds.MnistDataset(folder, "train").create_dict_iterator(output_numpy=True))
    >>> row["image"].shape, int(row["label"])
    ((28, 28, 1), 0)
    """

    def _read(self):
        images, labels = [], []
        for part in ["t10k"] * (self.usage != "train") + ["train"] * (self.usage != "test"):
            image_file = _existing(self.dataset_dir, f"{part}-images-idx3-ubyte")
            label_file = _existing(self.dataset_dir, f"{part}-labels-idx1-ubyte")
            if image_file is None or label_file is None:
                if self.usage == "all" and image_file is label_file:
                    continue
                what = "images-idx3-ubyte" if image_file is None else "labels-idx1-ubyte"
                raise fail(
                    RuntimeError, f"For '{type(self).__name__}', there is no file {part}-{what} in {self.dataset_dir}."
                )
            images.append(read_idx(image_file, _IMAGES))
            labels.append(read_idx(label_file, _LABELS))
            if len(images[-1]) != len(labels[-1]):
                raise fail(
                    RuntimeError,
                    f"{image_file} and {label_file} must have as many images as labels, but got {len(images[-1])} and "
                    f"{len(labels[-1])}.",
                )
        if not images:
            raise fail(RuntimeError, f"For '{type(self).__name__}', there are no IDX files in {self.dataset_dir}.")
        return [np.concatenate(images)[..., None], np.concatenate(labels).astype(np.uint32)]


@documented(**_SHARED)
class FashionMnistDataset(MnistDataset):
    """Fashion-MNIST (Xiao et al. 2017, arXiv 1708.07747): the files are named and made as MNIST's.

    Args:
        {args}

    Raises:
        {raises}

    {files}
    >>> row = next(ds.FashionMnistDataset(folder, "train").create_dict_iterator(output_numpy=True))
    >>> row["image"].shape, int(row["label"])
    ((28, 28, 1), 0)
    """


@documented(**_SHARED)
class KMnistDataset(MnistDataset):
    """Kuzushiji-MNIST (Clanuwat et al. 2018, arXiv 1812.01718): the files are named and made as MNIST's.

    Args:
        {args}

    Raises:
        {raises}

    {files}
    >>> row = next(ds.KMnistDataset(folder, "train").create_dict_iterator(output_numpy=True))
    >>> row["image"].shape, int(row["label"])
    ((28, 28, 1), 0)
    """


# The few names that a pickle of byte arrays needs.  All other names are refused, so no code of the file can run.
_PICKLED = {
    ("numpy.core.multiarray", "_reconstruct"): lambda *args: np.ndarray.__new__(np.ndarray, (0,), np.uint8),
    ("numpy._core.multiarray", "_reconstruct"): lambda *args: np.ndarray.__new__(np.ndarray, (0,), np.uint8),
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("_codecs", "encode"): lambda text, encoding="latin1": text.encode("latin1"),
}


class _DataUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        try:
            return _PICKLED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it names {module}.{name}, which is no data") from None


def read_pickle(path: str) -> dict[str, Any]:
    """The dict of a batch file of the Python version of CIFAR, as text keys and arrays of bytes; nothing in it is
    executed.

    Args:
        path: str.

    Returns:
        dict.

    Raises:
        RuntimeError: it is not such a file.
    """
    try:
        with open(path, "rb") as file:
            written = file.read()
        for opcode, argument, _ in pickletools.genops(written):  # pickle makes a table as long as the largest number
            if opcode.name in ("PUT", "LONG_BINPUT") and int(argument or 0) > len(written):
                raise pickle.UnpicklingError(f"it numbers an object {argument}")
        content = _DataUnpickler(io.BytesIO(written), encoding="bytes").load()
        made = {key.decode() if isinstance(key, bytes) else key: value for key, value in content.items()}
        data = made["data"]
        if data.dtype != np.uint8 or data.shape[1:] != (3072,):
            raise ValueError(f"the images are {data.dtype} {data.shape}")
        return made
    except Exception as error:
        raise fail(RuntimeError, f"The file {path} is not a batch of CIFAR (Python version): {error}") from None


class _Cifar(_ImageLabel):
    _files: dict[str, list[str]]
    _label_keys: tuple[str, ...]

    def _read(self):
        owner, labels = type(self).__name__, len(self._label_keys)
        stems = [stem for part in ("train", "test") if self.usage in (part, "all") for stem in self._files[part]]
        images, classes = [], []
        for stem in stems:
            binary, pickled = (os.path.join(self.dataset_dir, stem + end) for end in (".bin", ""))
            if os.path.isfile(binary):
                content = np.fromfile(binary, np.uint8)
                if not len(content) or len(content) % (labels + 3072):
                    raise fail(
                        RuntimeError,
                        f"For '{owner}', the file {binary} must have records of {labels + 3072} bytes, but has {len(content)} bytes.",
                    )
                records = content.reshape(-1, labels + 3072)
                images.append(records[:, labels:])
                classes.append(records[:, :labels].astype(np.uint32))
            elif os.path.isfile(pickled):
                batch = read_pickle(pickled)
                images.append(batch["data"])
                try:
                    classes.append(np.stack([np.asarray(batch[key], np.uint32) for key in self._label_keys], 1))
                except (KeyError, ValueError, TypeError) as error:
                    raise fail(
                        RuntimeError, f"For '{owner}', the labels in {pickled} are missing or damaged: {error}"
                    ) from None
                if len(images[-1]) != len(classes[-1]):
                    raise fail(RuntimeError, f"For '{owner}', {pickled} must have as many labels as images.")
        if not images:
            raise fail(
                RuntimeError, f"For '{owner}', there are no files {stems} (.bin, or pickled) in {self.dataset_dir}."
            )
        pixels = np.concatenate(images).reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        return [np.ascontiguousarray(pixels), *np.concatenate(classes).T.copy()]


@documented(**_SHARED)
class Cifar10Dataset(_Cifar):
    """CIFAR-10 (Krizhevsky 2009): columns image, uint8 (32, 32, 3), and label, uint32.

    The files are ``data_batch_1.bin`` ... ``test_batch.bin`` (binary version), or the pickled ``data_batch_1`` ...
    (Python version; nothing in them is executed).

    Args:
        {args}

    Raises:
        {raises}

    >>> import os, tempfile
    >>> import minispore.dataset as ds
    >>> folder = tempfile.mkdtemp()
    >>> with open(os.path.join(folder, "test_batch.bin"), "wb") as file:
    ...     _ = file.write(bytes([7]) + bytes(3072))
    >>> row = next(ds.Cifar10Dataset(folder, "test").create_dict_iterator(output_numpy=True))
    >>> row["image"].shape, int(row["label"])
    ((32, 32, 3), 7)
    """

    _files = {"train": [f"data_batch_{number}" for number in range(1, 6)], "test": ["test_batch"]}
    _label_keys = ("labels",)


@documented(**_SHARED)
class Cifar100Dataset(_Cifar):
    """CIFAR-100 (Krizhevsky 2009): columns image, uint8 (32, 32, 3), coarse_label and fine_label, uint32.

    The files are ``train`` and ``test``, with ``.bin`` or pickled.

    Args:
        {args}

    Raises:
        {raises}

    >>> import os, tempfile
    >>> import minispore.dataset as ds
    >>> folder = tempfile.mkdtemp()
    >>> with open(os.path.join(folder, "test.bin"), "wb") as file:
    ...     _ = file.write(bytes([7, 42]) + bytes(3072))
    >>> row = next(ds.Cifar100Dataset(folder, "test").create_dict_iterator(output_numpy=True))
    >>> int(row["coarse_label"]), int(row["fine_label"])
    (7, 42)
    """

    _files = {"train": ["train"], "test": ["test"]}
    _label_keys = ("coarse_labels", "fine_labels")
    _columns_of = ("image", "coarse_label", "fine_label")

    def _labels(self):
        self._all()
        return self._arrays[2]


class ImageFolderDataset(Source):
    """Image files in folders: each folder is a class. Columns image (uint8) and label (int32).

    Args:
        dataset_dir: path of the folder of the folders; in alphabetical order they get the labels 0, 1 ...
        num_samples: int, at most so many rows.  Default: None, for all.
        num_parallel_workers: int, threads.  Default: None.
        shuffle: bool, whether in random order.  Default: None, as True unless there is a ``sampler``.
        sampler: Sampler, or row numbers, in place of the others.  Default: None.
        extensions: list of the ends of file names to take, as [".jpg", ".png"].  Default: None, for the usual ones of
            images.  Unlike MindSpore, other files are left out by default.
        class_indexing: dict {folder: label}; other folders are left out.  Default: None.
        decode: bool, images as (H, W, 3) in place of the bytes of the file.  Default: False.
        num_shards: int, of how many shards this is one.  Default: None.
        shard_id: int, which one.  Default: None.
        cache: accepted.
        decrypt: function of the path of a file that returns the bytes of the image, for encrypted ones.  Default: None.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: the folder does not exist.
        RuntimeError: when it is read: no images, or a damaged one.

    >>> import os, tempfile
    >>> import numpy as np
    >>> import minispore.dataset as ds
    >>> folder = tempfile.mkdtemp()
    >>> os.mkdir(os.path.join(folder, "cat"))
    >>> ds.vision.ToPIL()(np.zeros((4, 5, 3), np.uint8)).save(os.path.join(folder, "cat", "1.png"))
    >>> row = next(ds.ImageFolderDataset(folder, decode=True).create_dict_iterator(output_numpy=True))
    >>> row["image"].shape, int(row["label"])
    ((4, 5, 3), 0)
    """

    def __init__(self, dataset_dir, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
                 extensions=None, class_indexing=None, decode=False, num_shards=None, shard_id=None, cache=None,
                 decrypt=None):  # fmt: skip
        owner = type(self).__name__
        self.dataset_dir = folder(owner, dataset_dir)
        if extensions is not None and not isinstance(extensions, (list, tuple)):
            raise fail(TypeError, f"For '{owner}', 'extensions' must be a list, but got {type(extensions).__name__}.")
        if class_indexing is not None and not isinstance(class_indexing, dict):
            raise fail(
                TypeError, f"For '{owner}', 'class_indexing' must be a dict, but got {type(class_indexing).__name__}."
            )
        check_decrypt(owner, decrypt)
        super().__init__(
            ["image", "label"], num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache
        )
        self.decrypt = decrypt
        self.extensions = tuple(e.lower() for e in extensions or (".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".gif", ".webp", ".tif", ".tiff"))  # fmt: skip
        self.class_indexing, self.decode = class_indexing, decode
        self._files: list[tuple[str, int]] = []

    def get_class_indexing(self):
        if self.class_indexing is None:
            found = sorted(entry.name for entry in os.scandir(self.dataset_dir) if entry.is_dir())
            self.class_indexing = {name: number for number, name in enumerate(found)}
        return dict(self.class_indexing)

    def _load(self):
        for name, label in sorted(self.get_class_indexing().items(), key=lambda item: item[0]):
            for directory, subfolders, files in os.walk(os.path.join(self.dataset_dir, name)):
                subfolders.sort()
                self._files += [
                    (os.path.join(directory, file), label)
                    for file in sorted(files)
                    if file.lower().endswith(self.extensions)
                ]
        if not self._files:
            raise fail(
                RuntimeError,
                f"For 'ImageFolderDataset', there are no files {self.extensions} in the folders of {self.dataset_dir}.",
            )
        return Read(len(self._files), self._image)

    def _labels(self):
        self._all()
        return [label for _, label in self._files]

    def _image(self, number: int) -> tuple:
        from ..vision import Decode

        path, label = self._files[number]
        try:
            image = image_content(path, self.decrypt)
            if self.decode:
                image = Decode()(image)
        except Exception as error:
            raise fail(RuntimeError, f"The image {path} cannot be read: {error}") from None
        return image, np.array(label, np.int32)
