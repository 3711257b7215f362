"""Data pipelines: sources of rows, operations on rows, and iterators that yield Tensors.

>>> import minispore.dataset as ds
>>> data = ds.NumpySlicesDataset({"x": [1.0, 2.0, 3.0]}, shuffle=False).batch(2, drop_remainder=True)
>>> for row in data.create_dict_iterator(num_epochs=1):
...     print(row["x"])
[1. 2.]
"""

from . import config, samplers, text, transforms, vision
from .batching import BatchDataset, BatchInfo, BucketBatchByLengthDataset
from .callback import DSCallback
from .config import get_num_parallel_workers, get_seed, set_seed
from .dataset import Dataset
from .iterator import DictIterator, TupleIterator
from .mapping import MapDataset
from .pipeline import (
    ConcatDataset,
    FilterDataset,
    ProjectDataset,
    RenameDataset,
    RepeatDataset,
    ShuffleDataset,
    WindowDataset as SkipDataset,
    WindowDataset as TakeDataset,
    ZipDataset,
)
from .samplers import (
    BuiltinSampler,
    DistributedSampler,
    IterSampler,
    PKSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    Shuffle,
    SubsetRandomSampler,
    SubsetSampler,
    WeightedRandomSampler,
)
from .sources.annotated import CelebADataset, CityscapesDataset, CocoDataset, ManifestDataset, VOCDataset
from .sources.audio import (
    CMUArcticDataset,
    GTZANDataset,
    LibriTTSDataset,
    LJSpeechDataset,
    SpeechCommandsDataset,
    TedliumDataset,
    YesNoDataset,
)
from .sources.base import Source as MappableDataset
from .sources.corpora import (
    AGNewsDataset,
    AmazonReviewDataset,
    CoNLL2000Dataset,
    DBpediaDataset,
    IMDBDataset,
    PennTreebankDataset,
    SogouNewsDataset,
    SQuADDataset,
    UDPOSDataset,
    WikiTextDataset,
    YahooAnswersDataset,
    YelpReviewDataset,
)
from .sources.images import (
    Cifar10Dataset,
    Cifar100Dataset,
    FashionMnistDataset,
    ImageFolderDataset,
    ImageFolderDataset as ImageFolder,  # its names in MindSpore 1
    ImageFolderDataset as ImageFolderDatasetV2,
    KMnistDataset,
    MnistDataset,
)
from .sources.mindrecord import MindDataset
from .sources.python import GeneratorDataset, NumpySlicesDataset, PaddedDataset, ParquetDataset
from .sources.schema import Schema
from .sources.text import CSVDataset, TextFileDataset
from .sources.tfrecord import TFRecordDataset
from .sources.translations import IWSLT2016Dataset, IWSLT2017Dataset, Multi30kDataset


def zip(datasets: tuple[Dataset, ...]) -> Dataset:
    """The columns of several datasets side by side, as many rows as the shortest has.

    Args:
        datasets: tuple of datasets.

    Returns:
        Dataset.

    Raises:
        TypeError: ``datasets`` is not a tuple of datasets.
        ValueError: there are fewer than two.
        RuntimeError: two columns have one name.

    >>> import minispore.dataset as ds
    >>> x, y = (ds.NumpySlicesDataset({name: [1, 2]}, shuffle=False) for name in "xy")
    >>> ds.zip((x, y)).get_col_names()
    ['x', 'y']
    """
    return ZipDataset(datasets)


from ..core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)

from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())
