# Written by tools/stubs from minispore.dataset: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from . import batching as batching, config as config, dataset as dataset, draws as draws, iterator as iterator, mapping as mapping, mindrecord as mindrecord, pipeline as pipeline, rows as rows, samplers as samplers, sources as sources, text as text, transforms as transforms, vision as vision
from minispore.dataset.batching import BatchDataset as BatchDataset, BatchInfo as BatchInfo, BucketBatchByLengthDataset as BucketBatchByLengthDataset
from minispore.dataset.config import get_num_parallel_workers as get_num_parallel_workers, get_seed as get_seed, set_seed as set_seed
from minispore.dataset.dataset import Dataset as Dataset
from minispore.dataset.iterator import DictIterator as DictIterator, TupleIterator as TupleIterator
from minispore.dataset.mapping import MapDataset as MapDataset
from minispore.dataset.pipeline import ConcatDataset as ConcatDataset, FilterDataset as FilterDataset, ProjectDataset as ProjectDataset, RenameDataset as RenameDataset, RepeatDataset as RepeatDataset, ShuffleDataset as ShuffleDataset, WindowDataset as SkipDataset, WindowDataset as TakeDataset, ZipDataset as ZipDataset
from minispore.dataset.samplers import DistributedSampler as DistributedSampler, IterSampler as IterSampler, PKSampler as PKSampler, RandomSampler as RandomSampler, Sampler as BuiltinSampler, Sampler as Sampler, SequentialSampler as SequentialSampler, Shuffle as Shuffle, SubsetRandomSampler as SubsetRandomSampler, SubsetSampler as SubsetSampler, WeightedRandomSampler as WeightedRandomSampler
from minispore.dataset.sources.base import Source as MappableDataset
from minispore.dataset.sources.images import Cifar100Dataset as Cifar100Dataset, Cifar10Dataset as Cifar10Dataset, FashionMnistDataset as FashionMnistDataset, ImageFolderDataset as ImageFolder, ImageFolderDataset as ImageFolderDataset, ImageFolderDataset as ImageFolderDatasetV2, KMnistDataset as KMnistDataset, MnistDataset as MnistDataset
from minispore.dataset.sources.mindrecord import MindDataset as MindDataset
from minispore.dataset.sources.python import GeneratorDataset as GeneratorDataset, NumpySlicesDataset as NumpySlicesDataset, PaddedDataset as PaddedDataset, ParquetDataset as ParquetDataset
from minispore.dataset.sources.text import CSVDataset as CSVDataset, TextFileDataset as TextFileDataset

__all__ = ['BatchDataset', 'BatchInfo', 'BucketBatchByLengthDataset', 'BuiltinSampler', 'CSVDataset', 'Cifar100Dataset', 'Cifar10Dataset', 'ConcatDataset', 'Dataset', 'DictIterator', 'DistributedSampler', 'FashionMnistDataset', 'FilterDataset', 'GeneratorDataset', 'ImageFolder', 'ImageFolderDataset', 'ImageFolderDatasetV2', 'IterSampler', 'KMnistDataset', 'MapDataset', 'MappableDataset', 'MindDataset', 'MnistDataset', 'NumpySlicesDataset', 'PKSampler', 'PaddedDataset', 'ParquetDataset', 'ProjectDataset', 'RandomSampler', 'RenameDataset', 'RepeatDataset', 'Sampler', 'SequentialSampler', 'Shuffle', 'ShuffleDataset', 'SkipDataset', 'SubsetRandomSampler', 'SubsetSampler', 'TakeDataset', 'TextFileDataset', 'TupleIterator', 'WeightedRandomSampler', 'ZipDataset', 'batching', 'config', 'dataset', 'draws', 'get_num_parallel_workers', 'get_seed', 'iterator', 'mapping', 'mindrecord', 'pipeline', 'rows', 'samplers', 'set_seed', 'sources', 'text', 'transforms', 'vision', 'zip']

def zip(datasets: tuple[Dataset, ...]) -> Dataset: ...
