"""Images with annotations: COCO, Pascal VOC, CelebA, Cityscapes, and manifest files."""

import json
import os
import xml.etree.ElementTree as xml
from collections import defaultdict
from typing import Any

import numpy as np

from ...core.docstrings import documented
from ...core.errors import fail
from .. import checks
from ..rows import Rows
from . import passages
from .base import Read, Source, check_decrypt, folder, image_content
from .text import read_text

_DECODE = "decode: bool, images as (H, W, 3) in place of the bytes of the file.  Default: False."
_META = f"""extra_metadata: bool, whether there is a column "_meta-filename" too.  Default: False.
{passages.DECRYPT}"""
_FILES = f"""{passages.TEXT_FILES}
>>> import numpy as np
>>> def draw(name):
...     write(name, "")
...     ds.vision.ToPIL()(np.zeros((4, 5, 3), np.uint8)).save(os.path.join(folder, name))
>>> def first(data):
...     row = next(data.create_dict_iterator(num_epochs=1, output_numpy=True))
...     return {{name: value.shape if name == "image" else value.tolist() for name, value in row.items()}}"""
shared = documented(
    rows=passages.ROWS, shuffle=passages.SHUFFLE, decode=_DECODE, sampler=passages.SAMPLER, shards=passages.SHARDS, meta=_META, decrypt=passages.DECRYPT,
    raises=passages.raises("a folder or file does not exist, or an argument is another word"), files=_FILES,
)  # fmt: skip


def _image(owner: str, path: str, decode: bool, decrypt: Any = None) -> np.ndarray:
    from ..vision import Decode

    try:
        content = image_content(path, decrypt)
        return Decode()(content) if decode else content
    except Exception as error:
        raise fail(RuntimeError, f"For '{owner}', the image {path} cannot be read: {error}") from None


def _indexing(owner: str, class_indexing: Any) -> None:
    if class_indexing is not None and not isinstance(class_indexing, dict):
        raise fail(
            TypeError, f"For '{owner}', 'class_indexing' must be a dict, but got {type(class_indexing).__name__}."
        )


def _one_of(owner: str, name: str, given: Any, allowed: tuple[str, ...]) -> None:
    checks.one_of(owner, list(allowed), **{name: given})


class _Annotated(Source):
    """A source whose ``_listed() -> [(path of the image, the other values)]`` reads the annotations."""

    decode: bool = False
    extra_metadata: bool = False
    decrypt: Any = None

    def _listed(self) -> list[tuple[str, tuple]]:
        raise NotImplementedError

    def _load(self) -> Rows:
        try:
            listed = self._listed()
        except (KeyError, ValueError, TypeError, AttributeError, IndexError, xml.ParseError) as error:
            raise fail(RuntimeError, f"For '{type(self).__name__}', the annotations are damaged: {error!r}") from None
        return Read(len(listed), lambda number: self._row(*listed[number]))

    def _row(self, path: str, values: tuple) -> tuple:
        name = (np.array(os.path.splitext(os.path.basename(path))[0]),) if self.extra_metadata else ()
        return (_image(type(self).__name__, path, self.decode, self.decrypt), *values, *name)


# ---------------------------------------------------------------- COCO
def _column(dtype, *keys: str):
    return lambda found: np.array([[a[key] for key in keys] for a in found], dtype)


def _boxes(found: list[dict]) -> np.ndarray:
    return np.array([a["bbox"] for a in found], np.float32).reshape(len(found), 4)


def _polygons(found: list[dict]) -> np.ndarray:
    lists = [np.asarray(part, np.float32) for a in found for part in a["segmentation"]]
    padded = np.full((len(lists), max(map(len, lists))), -1, np.float32)
    for row, values in zip(padded, lists):
        row[: len(values)] = values
    return padded


_CROWD = {"iscrowd": _column(np.uint32, "iscrowd")}
_KINDS = {"bbox": _boxes, "category_id": _column(np.uint32, "category_id"), **_CROWD}
_TASKS: dict[str, dict[str, Any]] = {
    "Detection": _KINDS,
    "Stuff": {"segmentation": _polygons, **_CROWD},
    "Keypoint": {
        "keypoints": lambda found: np.array([a["keypoints"] for a in found], np.float32),
        "num_keypoints": _column(np.uint32, "num_keypoints"),
    },
    "Panoptic": {**_KINDS, "area": _column(np.uint32, "area")},
    "Captioning": {"captions": lambda found: np.array([[a["caption"]] for a in found])},
}


@shared
class CocoDataset(_Annotated):
    """COCO (Lin et al. 2014): columns image and, one row for each annotation of the image, those of the task.

    Args:
        dataset_dir: path of the folder of the images.
        annotation_file: path of the JSON file of annotations.
        task: "Detection" (columns bbox, category_id, iscrowd), "Stuff" (segmentation, iscrowd; shorter polygons are
            padded with -1), "Keypoint" (keypoints, num_keypoints), "Panoptic" (bbox, category_id, iscrowd, area) or
            "Captioning" (captions).  Default: "Detection".
        {rows}
        {shuffle}
        {decode}
        {sampler}
        {shards}
        {meta}

    Raises:
        {raises}

    {files}
    >>> draw("7.png")
    >>> box = {"image_id": 7, "category_id": 2, "bbox": [0, 1, 2, 3], "iscrowd": 0}
    >>> content = {"images": [{"id": 7, "file_name": "7.png"}], "annotations": [box], "categories": []}
    >>> write("boxes.json", str(content).replace("'", '"'))
    >>> first(ds.CocoDataset(folder, os.path.join(folder, "boxes.json"), decode=True))
    {'image': (4, 5, 3), 'bbox': [[0.0, 1.0, 2.0, 3.0]], 'category_id': [[2]], 'iscrowd': [[0]]}
    """

    def __init__(self, dataset_dir, annotation_file, task="Detection", num_samples=None, num_parallel_workers=None,
                 shuffle=None, decode=False, sampler=None, num_shards=None, shard_id=None, cache=None,
                 extra_metadata=False, decrypt=None):  # fmt: skip
        owner = "CocoDataset"
        self.dataset_dir = folder(owner, dataset_dir)
        if not os.path.isfile(annotation_file):
            raise fail(ValueError, f"For '{owner}', the file {annotation_file} does not exist.")
        _one_of(owner, "task", task, tuple(_TASKS))
        checks.boolean(owner, decode=decode, extra_metadata=extra_metadata)
        self.annotation_file, self.task = annotation_file, task
        self.decode, self.extra_metadata = decode, extra_metadata
        self.decrypt = check_decrypt(owner, decrypt)
        columns = ["image", *_TASKS[task], *(["_meta-filename"] if extra_metadata else [])]
        super().__init__(columns, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache)
        self._content: dict | None = None

    def _read(self) -> dict:
        if self._content is None:
            self._content = json.loads(read_text("CocoDataset", self.annotation_file))
        return self._content

    def _listed(self):
        content = self._read()
        by_image: defaultdict[int, list] = defaultdict(list)
        for annotation in content["annotations"]:
            by_image[annotation["image_id"]] += annotation.get("segments_info", [annotation])
        columns = _TASKS[self.task].values()
        return [
            (os.path.join(self.dataset_dir, image["file_name"]), tuple(make(found) for make in columns))
            for image in content["images"]
            if (found := by_image.get(image["id"]))
        ]

    def get_class_indexing(self):
        if self.task not in ("Detection", "Panoptic"):
            raise fail(NotImplementedError, "For 'CocoDataset', only 'Detection' and 'Panoptic' have class indices.")
        panoptic = self.task == "Panoptic"
        return {c["name"]: [c["id"], c["isthing"]] if panoptic else [c["id"]] for c in self._read()["categories"]}


# ---------------------------------------------------------------- Pascal VOC
@shared
class VOCDataset(_Annotated):
    """Pascal VOC (Everingham et al. 2010).

    The files are ``ImageSets/Segmentation/<usage>.txt`` or ``ImageSets/Main/<usage>.txt`` with the names of images,
    ``JPEGImages``, and ``SegmentationClass`` or ``Annotations``.

    Args:
        dataset_dir: path of the folder with the files.
        task: "Segmentation" (columns image and target), or "Detection" (columns image, bbox as x, y, width and height,
            label, difficult and truncate, one row for each object).  Default: "Segmentation".
        usage: str, the list of images.  Default: "train".
        class_indexing: dict {class: label} for "Detection"; other objects are left out.  Default: None, for the classes
            in alphabetical order.
        {rows}
        {shuffle}
        {decode}
        {sampler}
        {shards}
        {meta}

    Raises:
        {raises}

    {files}
    >>> draw("JPEGImages/a.jpg")
    >>> write("ImageSets/Main/train.txt", "a")
    >>> box = "<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>4</xmax><ymax>3</ymax></bndbox>"
    >>> write("Annotations/a.xml", f"<annotation><object><name>cat</name>{box}</object></annotation>")
    >>> first(ds.VOCDataset(folder, "Detection", decode=True))
    {'image': (4, 5, 3), 'bbox': [[1.0, 1.0, 3.0, 2.0]], 'label': [[0]], 'difficult': [[0]], 'truncate': [[0]]}
    """

    def __init__(self, dataset_dir, task="Segmentation", usage="train", class_indexing=None, num_samples=None,
                 num_parallel_workers=None, shuffle=None, decode=False, sampler=None, num_shards=None, shard_id=None,
                 cache=None, extra_metadata=False, decrypt=None):  # fmt: skip
        owner = "VOCDataset"
        self.dataset_dir = folder(owner, dataset_dir)
        _one_of(owner, "task", task, ("Segmentation", "Detection"))
        checks.string(owner, usage=usage)
        checks.boolean(owner, decode=decode, extra_metadata=extra_metadata)
        _indexing(owner, class_indexing)
        if class_indexing is not None and task == "Segmentation":
            raise fail(ValueError, f"For '{owner}', 'class_indexing' is for the task 'Detection'.")
        self._list = os.path.join(
            self.dataset_dir, "ImageSets", "Main" if task == "Detection" else task, usage + ".txt"
        )
        if not os.path.isfile(self._list):
            raise fail(ValueError, f"For '{owner}', the file {self._list} does not exist.")
        self.task, self.usage, self.class_indexing = task, usage, class_indexing
        self.decode, self.extra_metadata = decode, extra_metadata
        self.decrypt = check_decrypt(owner, decrypt)
        own = ["target"] if task == "Segmentation" else ["bbox", "label", "difficult", "truncate"]
        columns = ["image", *own, *(["_meta-filename"] if extra_metadata else [])]
        super().__init__(columns, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache)

    def _images(self) -> list[str]:
        return [line.split()[0] for line in read_text("VOCDataset", self._list).splitlines() if line.strip()]

    def _objects(self, name: str) -> list[Any]:
        text = read_text("VOCDataset", os.path.join(self.dataset_dir, "Annotations", name + ".xml"))
        return xml.fromstring(text).findall("object")

    def get_class_indexing(self):
        if self.task != "Detection":
            raise fail(NotImplementedError, "For 'VOCDataset', only the task 'Detection' has class indices.")
        if self.class_indexing is None:
            found = sorted({item.findtext("name", "") for name in self._images() for item in self._objects(name)})
            self.class_indexing = {name: number for number, name in enumerate(found)}
        return dict(self.class_indexing)

    def _listed(self):
        listed = []
        for name in self._images():
            path = os.path.join(self.dataset_dir, "JPEGImages", name + ".jpg")
            if self.task == "Segmentation":
                listed.append((path, (os.path.join(self.dataset_dir, "SegmentationClass", name + ".png"),)))
            elif (boxes := self._boxes(name)) is not None:
                listed.append((path, boxes))
        return listed

    def _boxes(self, name: str) -> tuple | None:
        classes, boxes, marks = self.get_class_indexing(), [], []
        for item in self._objects(name):
            kind, box = item.findtext("name", ""), item.find("bndbox")
            if kind in classes and box is not None:
                left, top, right, bottom = (float(box.findtext(at, "")) for at in ("xmin", "ymin", "xmax", "ymax"))
                boxes.append([left, top, right - left, bottom - top])
                marks.append([classes[kind], *(int(item.findtext(m, "0")) for m in ("difficult", "truncated"))])
        if not boxes:
            return None
        columns = np.array(marks, np.uint32)
        return np.array(boxes, np.float32), columns[:, :1], columns[:, 1:2], columns[:, 2:]

    def _row(self, path, values):
        if self.task == "Segmentation":
            values = (_image("VOCDataset", values[0], self.decode, self.decrypt),)
        return super()._row(path, values)


# ---------------------------------------------------------------- CelebA
@shared
class CelebADataset(_Annotated):
    """Faces with attributes (Liu et al. 2015): columns image, and attr, uint32, 1 for an attribute that the face has.

    The files are the images, ``list_attr_celeba.txt`` and, for a ``usage``, ``list_eval_partition.txt``.

    Args:
        dataset_dir: path of the folder with the files.
        num_parallel_workers: int, threads.  Default: None.
        {shuffle}
        usage: "all", "train", "valid" or "test".  Default: "all".
        {sampler}
        {decode}
        extensions: list of the ends of file names to take.  Default: None, for all.
        num_samples: int, at most so many rows.  Default: None, for all.
        {shards}
        {decrypt}

    Raises:
        {raises}

    {files}
    >>> draw("000001.jpg")
    >>> write("list_attr_celeba.txt", "1\\nSmiling Young\\n000001.jpg -1 1\\n")
    >>> first(ds.CelebADataset(folder, decode=True))
    {'image': (4, 5, 3), 'attr': [0, 1]}
    """

    _PARTS = {"train": "0", "valid": "1", "test": "2"}

    def __init__(self, dataset_dir, num_parallel_workers=None, shuffle=None, usage="all", sampler=None, decode=False,
                 extensions=None, num_samples=None, num_shards=None, shard_id=None, cache=None, decrypt=None):  # fmt: skip
        owner = "CelebADataset"
        self.dataset_dir = folder(owner, dataset_dir)
        _one_of(owner, "usage", usage, ("all", *self._PARTS))
        checks.boolean(owner, decode=decode)
        self.usage, self.decode, self.extensions = usage, decode, tuple(extensions or ())
        self.decrypt = check_decrypt(owner, decrypt)
        super().__init__(
            ["image", "attr"], num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache
        )

    def _lines(self, name: str) -> list[list[str]]:
        content = read_text("CelebADataset", os.path.join(self.dataset_dir, name))
        return [line.split() for line in content.splitlines() if line.strip()]

    def _listed(self):
        part = {name: number for name, number in self._lines("list_eval_partition.txt")} if self.usage != "all" else {}
        listed = []
        for name, *marks in self._lines("list_attr_celeba.txt")[2:]:
            of_part = self.usage == "all" or part.get(name) == self._PARTS[self.usage]
            if of_part and (not self.extensions or name.endswith(self.extensions)):
                attributes = np.array([int(mark) > 0 for mark in marks], np.uint32)
                listed.append((os.path.join(self.dataset_dir, name), (attributes,)))
        return listed


# ---------------------------------------------------------------- manifest files
@shared
class ManifestDataset(_Annotated):
    """Images that a file lists, one JSON object with "source", "usage" and "annotation" a line: columns image and label.

    Args:
        dataset_file: path of the file.
        usage: "train", "eval" or "inference".  Default: "train".
        {rows}
        {shuffle}
        {sampler}
        class_indexing: dict {class: label}; other images are left out.  Default: None, for the classes in alphabetical
            order.
        {decode}
        {shards}

    Raises:
        {raises}

    {files}
    >>> draw("1.png")
    >>> source = os.path.join(folder, "1.png")
    >>> line = {"source": source, "usage": "train", "annotation": [{"name": "cat"}]}
    >>> write("list.json", str(line).replace("'", '"'))
    >>> first(ds.ManifestDataset(os.path.join(folder, "list.json"), decode=True))
    {'image': (4, 5, 3), 'label': 0}
    """

    def __init__(self, dataset_file, usage="train", num_samples=None, num_parallel_workers=None, shuffle=None,
                 sampler=None, class_indexing=None, decode=False, num_shards=None, shard_id=None, cache=None):  # fmt: skip
        owner = "ManifestDataset"
        if not os.path.isfile(dataset_file):
            raise fail(ValueError, f"For '{owner}', the file {dataset_file} does not exist.")
        checks.string(owner, usage=usage)
        _indexing(owner, class_indexing)
        checks.boolean(owner, decode=decode)
        self.dataset_file, self.usage, self.class_indexing, self.decode = dataset_file, usage, class_indexing, decode
        super().__init__(
            ["image", "label"], num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache
        )

    def _entries(self) -> list[tuple[str, str]]:
        lines = map(json.loads, filter(str.strip, read_text("ManifestDataset", self.dataset_file).splitlines()))
        chosen = [line for line in lines if line.get("usage", "train") == self.usage]
        return [(line["source"], str((line.get("annotation") or [{"name": ""}])[0]["name"])) for line in chosen]

    def get_class_indexing(self):
        if self.class_indexing is None:
            found = sorted({name for _, name in self._entries()})
            self.class_indexing = {name: number for number, name in enumerate(found)}
        return dict(self.class_indexing)

    def _listed(self):
        classes = self.get_class_indexing()
        return [(path, (np.array(classes[n], np.int32),)) for path, n in self._entries() if n in classes]


# ---------------------------------------------------------------- Cityscapes
_MASKS = {"instance": "instanceIds.png", "semantic": "labelIds.png", "polygon": "polygons.json", "color": "color.png"}


@shared
class CityscapesDataset(_Annotated):
    """Scenes of streets (Cordts et al. 2016): columns image and task.

    The files are ``leftImg8bit/<usage>/<city>/*_leftImg8bit.png`` and ``gtFine`` or ``gtCoarse``.

    Args:
        dataset_dir: path of the folder with the files.
        usage: "train", "val", "all", and "test" (fine) or "train_extra" (coarse).  Default: "train".
        quality_mode: "fine" or "coarse".  Default: "fine".
        task: "instance", "semantic", "color" (images), or "polygon" (JSON as str).  Default: "instance".
        {rows}
        {shuffle}
        decode: bool, images as (H, W, 3) in place of the bytes of the file.  Default: None, as False.
        {sampler}
        {shards}

    Raises:
        {raises}

    {files}
    >>> draw("leftImg8bit/train/ulm/ulm_1_leftImg8bit.png")
    >>> write("gtFine/train/ulm/ulm_1_gtFine_polygons.json", "[]")
    >>> first(ds.CityscapesDataset(folder, task="polygon", decode=True))
    {'image': (4, 5, 3), 'task': '[]'}
    """

    def __init__(self, dataset_dir, usage="train", quality_mode="fine", task="instance", num_samples=None,
                 num_parallel_workers=None, shuffle=None, decode=None, sampler=None, num_shards=None, shard_id=None,
                 cache=None):  # fmt: skip
        owner = "CityscapesDataset"
        self.dataset_dir = folder(owner, dataset_dir)
        _one_of(owner, "quality_mode", quality_mode, ("fine", "coarse"))
        parts = ("train", "test", "val") if quality_mode == "fine" else ("train", "train_extra", "val")
        _one_of(owner, "usage", usage, (*parts, "all"))
        _one_of(owner, "task", task, tuple(_MASKS))
        self.usage, self.quality_mode, self.task, self.decode = usage, quality_mode, task, bool(decode)
        self._parts = parts if usage == "all" else (usage,)
        super().__init__(
            ["image", "task"], num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache
        )

    def _listed(self):
        mask, listed, end = f"gt{self.quality_mode.title()}", [], "_leftImg8bit.png"
        for part in self._parts:
            top = os.path.join(self.dataset_dir, "leftImg8bit", part)
            for city in sorted(os.listdir(top)) if os.path.isdir(top) else ():
                for name in sorted(os.listdir(os.path.join(top, city))):
                    if name.endswith(end):
                        other = f"{name.removesuffix(end)}_{mask}_{_MASKS[self.task]}"
                        listed.append((os.path.join(top, city, name), (os.path.join(self.dataset_dir, mask, part, city, other),)))  # fmt: skip
        return listed

    def _row(self, path, values):
        owner, (other,) = "CityscapesDataset", values
        if self.task == "polygon":
            text = json.dumps(json.loads(read_text(owner, other)), separators=(",", ":"))
            return super()._row(path, (np.array(text),))
        return super()._row(path, (_image(owner, other, self.decode),))


__all__ = ["CelebADataset", "CityscapesDataset", "CocoDataset", "ManifestDataset", "VOCDataset"]
