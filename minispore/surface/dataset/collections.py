"""Sources of public data that MindSpore's scripts seldom use: a function for each lists its rows.

Each is a class with MindSpore's arguments: the function's own, then num_samples, num_parallel_workers, shuffle, sampler,
num_shards, shard_id and cache.
"""

import importlib
import json
import math
import os
from typing import Any

import numpy as np

from ...core.errors import fail, not_installed
from ...dataset import checks
from ...dataset.draws import fresh_seed
from ...dataset.rows import Rows
from ...dataset.sources.base import Read, Source, matching_files
from ...dataset.sources.images import read_idx
from ...dataset.sources.schema import Schema
from .listed import Picture, Text, files, folders, label, lines, source

_EXTENSIONS = (".jpg", ".jpeg", ".png", ".bmp")


def _in_folders(top: str, kinds: list[str], dtype=np.uint32):
    for number, kind in enumerate(kinds):
        for path in files(os.path.join(top, kind), *_EXTENSIONS):
            yield Picture(path), np.array(number, dtype)


def _matlab(path: str) -> dict[str, Any]:
    try:
        loadmat = importlib.import_module("scipy.io").loadmat
    except ImportError:
        raise not_installed(f"Reading {path}, a file of MATLAB's,", "scipy", "scipy") from None
    return loadmat(path)


def _check_files(owner: str, *paths: str) -> None:
    for path in paths:
        if not os.path.exists(path):
            raise fail(ValueError, f"For '{owner}', {path} does not exist.")


# ---------------------------------------------------------------- images by class
@source("image label", label=1, counted=True)
def Caltech256Dataset(at, dataset_dir, *, decode=False):
    """Caltech 256 (Griffin et al. 2007): folders of images."""
    return _in_folders(dataset_dir, folders(dataset_dir), np.int32)


_CONTOURS = {
    "Faces": "Faces_2",
    "Faces_easy": "Faces_3",
    "Motorbikes": "Motorbikes_16",
    "airplanes": "Airplanes_Side_2",
}


def _caltech_columns(at):
    kinds = {"category": ["category"], "annotation": ["annotation"], "all": ["category", "annotation"]}
    return ["image", *kinds[at.target_type]]


@source(_caltech_columns, cached=False, target_type=("category", "annotation", "all"))
def Caltech101Dataset(at, dataset_dir, target_type=None, *, decode=False):
    """Caltech 101 (Fei-Fei et al. 2004): folders of images, and contours of what they show."""
    top = at.path("101_ObjectCategories")
    for number, kind in enumerate(kind for kind in folders(top) if kind != "BACKGROUND_Google"):
        for path in files(os.path.join(top, kind)):
            name = os.path.basename(path).replace("image", "annotation").replace(".jpg", ".mat")
            contour = at.path("Annotations", _CONTOURS.get(kind, kind), name)
            row = {"category": np.array(number), "annotation": lambda contour=contour: _matlab(contour)["obj_contour"]}
            yield (Picture(path), *(row[column] for column in _caltech_columns(at)[1:]))


@source("image label", usage=("all", "train", "test"))
def Food101Dataset(at, dataset_dir, usage=None, *, decode=False):
    """Food 101 (Bossard et al. 2014): images and the names of dishes."""
    for part in ("train", "test") if usage == "all" else (usage,):
        for name in lines(at.path("meta", f"{part}.txt")):
            yield Picture(at.path("images", f"{name}.jpg")), Text(name.split("/")[0])


def _check_classes(at):
    for name in at.classes or []:
        checks.string("LSUNDataset", classes=name)
        if name not in _ROOMS:
            raise fail(ValueError, f"For 'LSUNDataset', 'classes' must be among {_ROOMS}, but got '{name}'.")


_ROOMS = ["bedroom", "bridge", "church_outdoor", "classroom", "conference_room", "dining_room", "kitchen", "living_room",
          "restaurant", "tower"]  # fmt: skip


@source("image label", label=1, usage=("all", "train", "test", "valid"), prepare=_check_classes, counted=True)
def LSUNDataset(at, dataset_dir, usage=None, classes=None, *, decode=False):
    """LSUN (Yu et al. 2015): folders of images of rooms and buildings."""
    if usage == "test":
        return [(Picture(path), label(0)) for path in files(at.path("test"), *_EXTENSIONS)]
    parts = {"train": ["train"], "valid": ["val"], "all": ["train", "val"]}[usage]
    there = [f"{kind}_{part}" for kind in classes or _ROOMS for part in parts]
    there = there if classes else [name for name in there if os.path.isdir(at.path(name))]
    return list(_in_folders(dataset_dir, there))


def _check_background(at):
    if at.background is not None:
        checks.boolean("OmniglotDataset", background=at.background)


@source("image label", label=1, counted=True, prepare=_check_background)
def OmniglotDataset(at, dataset_dir, background=None, *, decode=False):
    """Omniglot (Lake et al. 2015): characters of alphabets."""
    top = at.path("images_evaluation" if background is False else "images_background")
    kinds = [os.path.join(alphabet, kind) for alphabet in folders(top) for kind in folders(os.path.join(top, alphabet))]
    return _in_folders(top, kinds, np.int32)


@source("image label", label=1, counted=True, usage=("all", "train", "val", "test"))
def RenderedSST2Dataset(at, dataset_dir, usage=None, *, decode=False):
    """Sentences of the Stanford Sentiment Treebank as images (Radford et al. 2021)."""
    for part in ("test", "train", "valid") if usage == "all" else (usage.replace("val", "valid"),):
        yield from _in_folders(at.path(part), ["negative", "positive"])


@source("image label", label=1)
def SUN397Dataset(at, dataset_dir, *, decode=False):
    """SUN 397 (Xiao et al. 2010): images of scenes."""
    return _in_folders(dataset_dir, [name.strip("/") for name in lines(at.path("ClassName.txt"))])


def _check_places(at):
    checks.boolean("Places365Dataset", small=at.small, decode=at.decode)


@source("image label", label=1, prepare=_check_places, counted=True, usage=("train-standard", "train-challenge", "val"))
def Places365Dataset(at, dataset_dir, usage=None, small=True, decode=False):
    """Places 365 (Zhou et al. 2018): images of scenes."""
    kinds = dict(line.split() for line in lines(at.path("categories_places365.txt")))
    if usage == "val":
        top = at.path("val_256" if small else "val_large")
        for line in lines(at.path("places365_val.txt")):
            name, number = line.split()
            yield Picture(os.path.join(top, name)), label(number)
        return
    top = at.path(f"data_{'256' if small else 'large'}_{usage.split('-')[1]}")
    for line in lines(at.path(f"places365_{usage.replace('-', '_')}.txt")):
        name = line.split()[0]
        yield Picture(os.path.join(top, name.strip("/"))), label(kinds[os.path.dirname(name)])


# ---------------------------------------------------------------- images in one file
_SPLITS = ("byclass", "bymerge", "balanced", "letters", "digits", "mnist")


@source("image label", label=1, name=(None, *_SPLITS), usage=("all", "train", "test"))
def EMnistDataset(at, dataset_dir, name, usage=None):
    """Handwritten letters and digits (Cohen et al. 2017), in files as MNIST's."""
    for part in ("test", "train") if usage == "all" else (usage,):
        images, kinds = (
            read_idx(at.path(f"emnist-{name}-{part}-{what}-ubyte"), magic)
            for what, magic in (("images-idx3", 2051), ("labels-idx1", 2049))
        )
        yield from ((image[..., None], label(kind)) for image, kind in zip(images, kinds))


_QMNIST = {
    "train": "qmnist-train",
    "test": "qmnist-test",
    "test10k": "qmnist-test",
    "test50k": "qmnist-test",
    "nist": "xnist",
}


def _check_compat(at):
    checks.boolean("QMnistDataset", compat=at.compat)


@source("image label", prepare=_check_compat, usage=("all", *_QMNIST))
def QMnistDataset(at, dataset_dir, usage=None, compat=True):
    """MNIST with all its test images (Yadav and Bottou 2019): labels are classes, or all eight numbers where not ``compat``."""
    for part in ("train", "test", "nist") if usage == "all" else (usage,):
        images = read_idx(at.path(f"{_QMNIST[part]}-images-idx3-ubyte"), 2051)
        with open(at.path(f"{_QMNIST[part]}-labels-idx2-int"), "rb") as file:
            marks = np.frombuffer(file.read(), ">u4", offset=12).reshape(-1, 8).astype(np.uint32)
        kept = {"test10k": slice(10000), "test50k": slice(10000, None)}.get(part, slice(None))
        yield from ((image[..., None], mark[0] if compat else mark) for image, mark in zip(images[kept], marks[kept]))


@source("image label")
def SemeionDataset(at, dataset_dir):
    """Handwritten digits of 16 x 16 dots (Buscema 1998)."""
    for line in lines(at.path("semeion.data")):
        numbers = [float(word) for word in line.split()]
        yield np.array(numbers[:256]).reshape(16, 16).astype(np.uint8), label(numbers[256:266].index(1))


def _check_stl(at):
    parts = {"all": ["test", "train", "unlabeled"], "train+unlabeled": ["train", "unlabeled"]}.get(at.usage, [at.usage])
    ends = [f"{part}_{letter}.bin" for part in parts for letter in "Xy" if (part, letter) != ("unlabeled", "y")]
    if at.usage != "all":
        _check_files("STL10Dataset", *map(at.path, ends))
    at.parts = parts


@source("image label", prepare=_check_stl, usage=("all", "train", "test", "unlabeled", "train+unlabeled"))
def STL10Dataset(at, dataset_dir, usage=None):
    """STL 10 (Coates et al. 2011): images of 96 x 96 pixels."""
    for part in at.parts:
        images = np.fromfile(at.path(f"{part}_X.bin"), np.uint8).reshape(-1, 3, 96, 96).transpose(0, 3, 2, 1)
        kinds = (
            np.full(len(images), -1) if part == "unlabeled" else np.fromfile(at.path(f"{part}_y.bin"), np.uint8) - 1.0
        )
        yield from ((np.ascontiguousarray(image), np.array(kind, np.int32)) for image, kind in zip(images, kinds))


def _check_svhn(at):
    at.parts = ["train", "test", "extra"] if at.usage == "all" else [at.usage]
    _check_files("SVHNDataset", *(at.path(f"{part}_32x32.mat") for part in at.parts))


@source("image label", cached=False, prepare=_check_svhn, usage=("all", "train", "test", "extra"))
def SVHNDataset(at, dataset_dir, usage=None):
    """Numbers of houses (Netzer et al. 2011)."""
    for part in at.parts:
        content = _matlab(at.path(f"{part}_32x32.mat"))
        yield from zip(content["X"].transpose(3, 0, 1, 2), content["y"].astype(np.uint32).reshape(-1) % 10)


@source("image label", sampled=False, usage=("all", "train", "test"))
def USPSDataset(at, dataset_dir, usage=None):
    """Digits of postal codes (Hull 1994), in the format of LIBSVM."""
    for name in ("usps", "usps.t") if usage == "all" else ("usps" if usage == "train" else "usps.t",):
        for line in lines(at.path(name)):
            kind, *dots = line.split()
            values = np.array([float(dot.split(":")[1]) for dot in dots])
            yield ((values + 1) / 2 * 255).astype(np.uint8).reshape(16, 16, 1), label(int(kind) - 1)


_TOURS = ("notredame", "yosemite", "liberty", "notredame_harris", "yosemite_harris", "liberty_harris")


@source(
    lambda at: ["image"] if at.usage == "train" else ["image1", "image2", "matches"],
    name=(None, *_TOURS), usage=("train", "test"),
)  # fmt: skip
def PhotoTourDataset(at, dataset_dir, name, usage=None):
    """Patches of photographs (Winder and Brown 2007), 16 x 16 of them in an image, and pairs that show one point or not."""
    sheets = {}

    def patch(number):
        sheet, place = divmod(number, 256)
        if sheet not in sheets:
            from PIL import Image

            sheets[sheet] = np.asarray(Image.open(at.path(name, f"patches{sheet:04d}.bmp")).convert("L"))
        row, column = divmod(place, 16)
        return sheets[sheet][row * 64 : row * 64 + 64, column * 64 : column * 64 + 64, None]

    if usage == "train":
        count = len(lines(at.path(name, "info.txt")))
        return [(lambda number=number: patch(number),) for number in range(count)]
    pairs = [list(map(int, line.split()[:5])) for line in lines(at.path(name, "m50_100000_100000_0.txt"))]
    return [(lambda a=a: patch(a), lambda b=b: patch(b), label(point == other)) for a, point, _, b, other in pairs]


# ---------------------------------------------------------------- images with more than a class
def _check_super(at):
    if isinstance(at.scale, bool) or at.scale not in (2, 3, 4, 8):
        raise fail(ValueError, f"For 'DIV2KDataset', 'scale' must be 2, 3, 4 or 8, but got {at.scale}.")
    if (at.scale == 8 and at.downgrade != "bicubic") or (
        at.scale != 4 and at.downgrade in ("mild", "difficult", "wild")
    ):
        raise fail(
            ValueError, f"For 'DIV2KDataset', there is no 'scale' {at.scale} for the downgrade '{at.downgrade}'."
        )


_DOWN = ("bicubic", "unknown", "mild", "difficult", "wild")


@source("hr_image lr_image", prepare=_check_super, usage=(None, "train", "valid", "all"), downgrade=(None, *_DOWN))
def DIV2KDataset(at, dataset_dir, usage="train", downgrade="bicubic", scale=2, *, decode=None):
    """Images and smaller ones of the same (Agustsson and Timofte 2017)."""
    for part in ("train", "valid") if usage == "all" else (usage,):
        end, small = f"x{scale}", at.path(f"DIV2K_{part}_LR_{downgrade}")
        if scale == 8:
            small = at.path(f"DIV2K_{part}_LR_x8")
        elif downgrade in ("bicubic", "unknown"):
            small = os.path.join(small, f"X{scale}")
        else:
            end += downgrade[0]
        for path in files(at.path(f"DIV2K_{part}_HR"), ".png"):
            stem = os.path.basename(path)[:-4]
            ends = [end]
            yield from ((Picture(path), Picture(os.path.join(small, f"{stem}{e}.png"))) for e in ends)


def _check_flickr(at):
    checks.instance("FlickrDataset", (str, os.PathLike), annotation_file=at.annotation_file)
    if not os.path.isfile(at.annotation_file):
        raise fail(ValueError, f"For 'FlickrDataset', the file {at.annotation_file} does not exist.")


@source("image annotation", prepare=_check_flickr)
def FlickrDataset(at, dataset_dir, annotation_file, *, decode=None):
    """Flickr 8k and 30k (Hodosh et al. 2013): images and five sentences about each."""
    sentences: dict[str, list[str]] = {}
    for line in lines(annotation_file):
        name, sentence = line.split("\t")
        sentences.setdefault(name.rsplit("#", 1)[0], []).append(sentence)
    return [(Picture(at.path(name)), np.array(found)) for name, found in sentences.items()]


def _check_flowers(at):
    _check_files("Flowers102Dataset", *map(at.path, ("jpg", "imagelabels.mat", "setid.mat")))
    if at.task == "Segmentation":
        _check_files("Flowers102Dataset", at.path("segmim"))


@source(
    lambda at: ["image", "label"] if at.task == "Classification" else ["image", "segmentation", "label"],
    cached=False, prepare=_check_flowers, task=("Classification", "Segmentation"), usage=("all", "train", "valid", "test"),
)  # fmt: skip
def Flowers102Dataset(at, dataset_dir, task="Classification", usage="all", *, decode=False):
    """Flowers (Nilsback and Zisserman 2008)."""
    kinds, parts = _matlab(at.path("imagelabels.mat"))["labels"][0], _matlab(at.path("setid.mat"))
    keys = {"train": ["trnid"], "test": ["tstid"], "valid": ["valid"], "all": ["trnid", "tstid", "valid"]}[usage]
    for number in (int(n) for key in keys for n in parts[key][0]):
        shown = [Picture(at.path("jpg", f"image_{number:05d}.jpg"))]
        if task == "Segmentation":
            shown.append(Picture(at.path("segmim", f"segmim_{number:05d}.jpg")))
        yield (*shown, label(kinds[number - 1] - 1))


_KITTI = ["label", "truncated", "occluded", "alpha", "bbox", "dimensions", "location", "rotation_y"]


@source(lambda at: ["image"] if at.usage == "test" else ["image", *_KITTI], usage=("train", "test"))
def KITTIDataset(at, dataset_dir, usage=None, *, decode=False):
    """Road scenes and what is on them (Geiger et al. 2012)."""
    part = {"train": "training", "test": "testing"}[usage]
    paths = files(at.path("data_object_image_2", part, "image_2"), *_EXTENSIONS)
    if usage == "test":
        return [(Picture(path),) for path in paths]
    names = [os.path.splitext(os.path.basename(path))[0] + ".txt" for path in paths]
    found = [[line.split() for line in lines(at.path("data_object_label_2", part, "label_2", name))] for name in names]
    kinds = sorted({words[0] for listed in found for words in listed})
    return [(Picture(path), *_road_marks(listed, kinds)) for path, listed in zip(paths, found)]


def _road_marks(listed: list[list[str]], kinds: list[str]) -> list[np.ndarray]:
    numbers = np.array([[kinds.index(words[0]), *map(float, words[1:15])] for words in listed], np.float32)
    ends = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 8), (8, 11), (11, 14), (14, 15)]
    return [numbers[:, begin:end].astype(np.uint32 if begin in (0, 2) else np.float32) for begin, end in ends]


@source(
    lambda at: ["image", "label"] if at.task == "people" else ["image1", "image2", "label"],
    task=("people", "pairs"), usage=("all", "10fold", "train", "test"), image_set=("funneled", "original", "deepfunneled"),
)  # fmt: skip
def LFWDataset(at, dataset_dir, task=None, usage=None, image_set=None, *, decode=False):
    """Faces (Huang et al. 2007): who is shown, or pairs that show one person or two."""
    top = at.path({"funneled": "lfw_funneled", "original": "lfw", "deepfunneled": "lfw-deepfunneled"}[image_set])
    ends = {"10fold": [""], "train": ["DevTrain"], "test": ["DevTest"], "all": ["DevTrain", "DevTest"]}[usage]
    face = lambda name, number: Picture(os.path.join(top, name, f"{name}_{int(number):04d}.jpg"))
    names = {line.split()[0]: k for k, line in enumerate(lines(at.path("lfw-names.txt")))} if task == "people" else {}
    for end in ends:
        for words in (line.split("\t") for line in lines(at.path(f"{task}{end}.txt"))):
            if task == "people" and len(words) == 2 and words[0] in names:
                yield from ((face(words[0], k + 1), label(names[words[0]])) for k in range(int(words[1])))
            elif task == "pairs" and len(words) == 3:
                yield face(words[0], words[1]), face(words[0], words[2]), label(1)
            elif task == "pairs" and len(words) == 4:
                yield face(*words[:2]), face(*words[2:]), label(0)


def _check_sb(at):
    at.parts = ["train", "val"] if at.usage == "all" else [at.usage]
    for part in at.parts:
        if not os.path.isfile(at.path(f"{part}.txt")):
            raise fail(FileNotFoundError, f"For 'SBDataset', {at.path(part)}.txt does not exist.")


@source(
    "image task", cached=False, prepare=_check_sb,
    task=("Boundaries", "Segmentation"), usage=("all", "train", "val", "train_noval"),
)  # fmt: skip
def SBDataset(at, dataset_dir, task="Boundaries", usage="all", *, decode=None):
    """Semantic boundaries (Hariharan et al. 2011): the edges of twenty classes, or the class of each pixel."""

    def marks(path):
        found = _matlab(path)["GTcls"][0][task][0]
        return np.stack([found[k][0].toarray() for k in range(20)]) if task == "Boundaries" else np.asarray(found)

    for name in (name.strip() for part in at.parts for name in lines(at.path(f"{part}.txt"))):
        yield Picture(at.path("img", f"{name}.jpg")), lambda name=name: marks(at.path("cls", f"{name}.mat"))


def _check_sbu(at):
    names = ("SBU_captioned_photo_dataset_urls.txt", "SBU_captioned_photo_dataset_captions.txt", "sbu_images")
    _check_files("SBUDataset", *map(at.path, names))


@source("image caption", prepare=_check_sbu)
def SBUDataset(at, dataset_dir, *, decode=False):
    """Photographs and their captions (Ordonez et al. 2011), those that are there."""
    texts = [lines(at.path(f"SBU_captioned_photo_dataset_{what}.txt")) for what in ("urls", "captions")]
    for url, caption in zip(*texts):
        path = at.path("sbu_images", "_".join(["m", *url.strip().split("/")[3:]]))
        if os.path.isfile(path):
            yield Picture(path), Text(caption.rstrip())


_FACES = ["bbox", "blur", "expression", "illumination", "occlusion", "pose", "invalid"]


@source(lambda at: ["image"] if at.usage == "test" else ["image", *_FACES], usage=("all", "train", "test", "valid"))
def WIDERFaceDataset(at, dataset_dir, usage=None, *, decode=False):
    """Faces and where they are (Yang et al. 2016)."""
    if usage == "test":
        for name in lines(at.path("wider_face_split", "wider_face_test_filelist.txt")):
            yield (Picture(at.path("WIDER_test", "images", name.strip())),)
        return
    for part in ("train", "val") if usage == "all" else (usage.replace("valid", "val"),):
        listed = iter(lines(at.path("wider_face_split", f"wider_face_{part}_bbx_gt.txt")))
        for name in listed:
            rows = [list(map(int, next(listed).split())) for _ in range(max(int(next(listed)), 1))]
            marks = np.array(rows, np.int32)
            shown = Picture(at.path(f"WIDER_{part}", "images", name.strip()))
            yield (shown, marks[:, :4], *(marks[:, k] for k in range(4, 10)))


# ---------------------------------------------------------------- texts
_CLUE = {  # the fields of each task; those of its test files, where they differ
    "AFQMC": ("label sentence1 sentence2", "id sentence1 sentence2"),
    "CMNLI": ("label sentence1 sentence2", "id sentence1 sentence2"),
    "CSL": ("abst id keyword label", "abst id keyword"),
    "IFLYTEK": ("label label_des sentence", "id sentence"),
    "TNEWS": ("keywords label label_desc sentence", "id keywords sentence"),
    "WSC": (
        "idx label span1_index span1_text span2_index span2_text text",
        "idx span1_index span1_text span2_index span2_text text",
    ),
}


def _check_clue(at):
    if at.task not in _CLUE or at.usage not in ("train", "test", "eval"):
        raise fail(
            ValueError,
            f"For 'CLUEDataset', 'task' must be one of {list(_CLUE)}, and 'usage' 'train', 'test' or 'eval', but got {at.task!r} and "
            f"{at.usage!r}.",
        )
    at.dataset_files = sorted(matching_files("CLUEDataset", at.dataset_files))


def _clue_columns(at):
    return _CLUE[at.task][at.usage == "test"].split()


@source(_clue_columns, sampled=False, prepare=_check_clue)
def CLUEDataset(at, dataset_files, task="AFQMC", usage="train"):
    """The Chinese benchmarks of CLUE (Xu et al. 2020): a JSON object a line, whose fields are the columns."""
    for path in dataset_files:
        for line in lines(path):
            content = json.loads(line)
            content = {**content, **content.get("target", {})}
            yield tuple(
                np.array(value, np.uint32 if isinstance(value, int) else None)
                for value in (content[name] for name in _clue_columns(at))
            )


@source("text", sampled=False)
def EnWik9Dataset(at, dataset_dir):
    """The first billion bytes of an English Wikipedia (Mahoney 2006), line by line."""
    with open(at.path("enwik9"), encoding="utf-8") as file:
        return [(Text(line.rstrip("\n")),) for line in file]


@source(
    lambda at: ["sentence"] if at.usage == "test" else ["sentence", "label"],
    sampled=False,
    usage=("train", "test", "dev"),
)
def SST2Dataset(at, dataset_dir, usage=None):
    """The Stanford Sentiment Treebank (Socher et al. 2013) as in GLUE."""
    for line in lines(at.path(f"{usage}.tsv"))[1:]:
        words = line.split("\t")
        yield (Text(words[1]),) if usage == "test" else (Text(words[0]), Text(words[1]))


# ---------------------------------------------------------------- made up
def _check_fake(at):
    owner = "FakeImageDataset"
    checks.instance(owner, (list, tuple), image_size=at.image_size)
    if len(at.image_size) != 3:
        raise fail(ValueError, f"For '{owner}', 'image_size' must have three numbers, but got {len(at.image_size)}.")
    numbers = {"num_images": at.num_images, "num_classes": at.num_classes, "base_seed": at.base_seed}
    for name, value in [*numbers.items(), *((f"image_size[{k}]", n) for k, n in enumerate(at.image_size))]:
        checks.integer(owner, **{name: value})
        checks.within(owner, "[1, 2147483647]" if name != "base_seed" else "[-2147483648, 4294967295]", **{name: value})


@source("image label", label=1, prepare=_check_fake)
def FakeImageDataset(at, num_images=1000, image_size=(224, 224, 3), num_classes=10, base_seed=0):
    """Images of random dots."""
    kinds = np.random.default_rng(base_seed % 2**32).permutation(num_images) % num_classes
    for number in range(num_images):
        drawn = lambda number=number: np.random.default_rng((base_seed % 2**32, number))
        yield lambda drawn=drawn: drawn().integers(0, 256, image_size, np.uint8), label(kinds[number])


_NUMBERS = [f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)] + [
    "bool",
    "float16",
    "float32",
    "float64",
]


class RandomDataset(Source):
    """Rows of random values.

    Args:
        total_rows: int, how many.  Default: None, for a random number of them.
        schema: Schema, or the path of its file.  Default: None, for random columns.
        columns_list: list of str, the columns.  Default: None, for "c0", "c1", ...
        num_samples: int, at most so many rows.  Default: None.
        num_parallel_workers: int, threads.  Default: None.
        cache: accepted.
        shuffle: bool, accepted.  Default: None.
        num_shards: int, of how many shards this is one.  Default: None.
        shard_id: int, which one.  Default: None.
    """

    def __init__(self, total_rows=None, schema=None, columns_list=None, num_samples=None, num_parallel_workers=None,
                 cache=None, shuffle=None, num_shards=None, shard_id=None):  # fmt: skip
        owner = "RandomDataset"
        if total_rows is not None and checks.integer(owner, total_rows=total_rows) < 0:
            raise fail(RuntimeError, f"For '{owner}', 'total_rows' must not be negative, but got {total_rows}.")
        if columns_list is not None:
            checks.instance(owner, list, columns_list=columns_list)
        drawn = np.random.default_rng(fresh_seed())
        if schema is not None:
            schema = schema if isinstance(schema, Schema) else Schema(checks.string(owner, schema=schema))
            described = [(c["name"], c["type"], c.get("shape", [])) for c in schema.columns]
            described = [column for column in described if not columns_list or column[0] in columns_list]
            rows = total_rows or schema.num_rows or num_samples
        else:
            count = len(columns_list or [0])
            described = [(f"c{k}", str(drawn.choice(_NUMBERS)), drawn.integers(1, 8, 2).tolist()) for k in range(count)]
            rows = num_samples or total_rows
        self.total_rows, self._described = rows or int(drawn.integers(1, 1000)), described
        rest: list[Any] = [None, num_parallel_workers, shuffle or False, None, None, None, cache]
        super().__init__([name for name, _, _ in described], *rest)
        self._key = int(drawn.integers(2**62))

    def _load(self) -> Rows:

        def row(number: int) -> tuple:
            drawn = np.random.default_rng((self._key, number))
            values = []
            for _, kind, shape in self._described:
                sizes = [max(n, 1) for n in shape]
                if kind == "string":
                    values.append(np.full(sizes, str(drawn.integers(10**9))))
                else:
                    raw = drawn.bytes(math.prod(sizes) * np.dtype(kind).itemsize)
                    array = np.frombuffer(raw, np.uint8) % 2 if kind == "bool" else np.frombuffer(raw, kind)
                    values.append(np.nan_to_num(array.astype(kind)).reshape(sizes))
            return tuple(values)

        return Read(self.total_rows, row)
