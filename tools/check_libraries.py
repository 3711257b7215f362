"""Trains small networks of libraries that are written for MindSpore, unchanged, and compares their losses with the real MindSpore's.

``python tools/check_libraries.py [--install FOLDER] [name ...]``: mindocr (a text recogniser, a text detector), mindyolo, mindquantum,
troubleshooter, mindflow, mindearth, mindaudio, mindchemistry.  What is not installed is skipped; ``--install`` puts the libraries and what they import into a folder, which
``MINDSPORE_LIBRARIES`` then names for further runs.  Each program runs in PYNATIVE mode and, with ``--graph``, in GRAPH mode.

``--record`` writes tests/records/libraries.json; it runs on the real MindSpore.
"""

import argparse
import importlib
import importlib.util
import json
import os
import subprocess
import sys
import types
import zlib
from pathlib import Path

import numpy as np

RECORDS = Path(__file__).resolve().parent.parent / "tests" / "records" / "libraries.json"
PACKAGES = (
    "mindcv==0.3.0", "mindocr==0.5.0", "mindyolo==0.5.0", "mindquantum==0.12.0", "troubleshooter==1.0.18",
    "mindflow-gpu==0.2.0", "mindearth-ascend==0.3.0", "mindaudio==0.3.0", "mindchemistry-ascend==0.2.0", "wget", "mir_eval", "Levenshtein", "decorator", "h5py",
    # what they import: without their own requirements, which ask for versions of other times
    "tqdm", "pyyaml", "opencv-python-headless", "addict", "shapely", "pyclipper", "lmdb", "rapidfuzz", "pandas<3", "pytz", "tzdata",
    "python-dateutil", "six", "prettytable", "wcwidth", "PySnooper", "rich", "markdown-it-py", "mdurl", "pygments", "matplotlib",
    "contourpy", "cycler", "fonttools", "kiwisolver", "pyparsing", "lanms-nova", "seqeval", "scikit-learn", "joblib", "cloudpickle", "narwhals", "threadpoolctl",
    "sentencepiece", "huggingface_hub==0.30.2", "filelock", "fsspec", "tokenizers", "requests", "urllib3", "idna", "certifi",
    "charset_normalizer", "xml-python", "pycocotools", "lxml", "sympy", "mpmath", "typing_extensions", "packaging", "protobuf",
    "scipy",
)  # fmt: skip


def install(folder: str) -> None:
    """Puts the libraries into a folder, without looking at their requirements."""
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", folder, *PACKAGES], check=True
    )


def prepare(real: bool):
    """mindspore, and the folder of the libraries on the path."""
    os.environ.setdefault(
        "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python"
    )  # troubleshooter's files are of an old protobuf
    if os.environ.get("MINDSPORE_LIBRARIES"):
        sys.path.append(os.environ["MINDSPORE_LIBRARIES"])
    if real:  # mindocr imports names that MindSpore 2.10 has dropped, for one model that is not run here
        for path in ("", ".layers", ".moe", ".op_parallel_config", ".transformer"):
            sys.modules[f"mindspore.parallel._transformer{path}"] = _Anything("mindspore.parallel._transformer")
        common = importlib.import_module("mindspore").common  # troubleshooter imports two more
        common._stub_tensor, common.api._MindsporeFunctionExecutor = types.SimpleNamespace(StubTensor=object), object
    else:
        import minispore

        minispore.install_as_mindspore()
    return importlib.import_module("mindspore")


class _Anything(types.ModuleType):
    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__init__": lambda *a, **k: None, "__call__": lambda self, f: f})


def fill(ms, net) -> None:
    """Weights that are a function of their names: scales near 1, the rest small and random."""
    for name, p in net.parameters_and_names():
        if "Float" not in str(p.dtype) or "dfl" in name:
            continue
        noise = np.random.default_rng(zlib.crc32(name.encode())).standard_normal(p.shape)
        if len(p.shape) > 1:
            value = noise / np.sqrt(np.prod(p.shape[1:]))
        else:
            value = 0.1 * noise + (name.endswith(("gamma", "variance")) or ("norm" in name and name.endswith("weight")))
        p.set_data(ms.Tensor(np.abs(value).astype(np.float32) if "variance" in name else value.astype(np.float32)))


def trained(mindspore, net, loss, optimizer, inputs, steps=3) -> list[float]:
    """The losses of some steps; ``loss(net, *inputs)``."""
    step = mindspore.value_and_grad(lambda *given: loss(net, *given), None, optimizer.parameters)
    made = []
    for _ in range(steps):
        value, gradients = step(*inputs)
        optimizer(gradients)
        made.append(float(value.asnumpy()))
    return made


def mindocr_recognises(ms) -> list[float]:
    """CRNN of mindocr with its CTC loss."""
    from mindocr.losses import build_loss
    from mindocr.models import build_model

    draw = np.random.default_rng(0)
    net = build_model(
        {
            "type": "rec", "transform": None, "backbone": {"name": "rec_vgg7", "pretrained": False},
            "neck": {"name": "RNNEncoder", "hidden_size": 16},
            "head": {"name": "CTCHead", "out_channels": 12, "weight_init": "crnn_customised", "bias_init": "crnn_customised"},
        }
    )  # fmt: skip
    fill(ms, net)
    images = ms.Tensor(draw.standard_normal((2, 3, 32, 48)).astype(np.float32))
    labels = ms.Tensor(draw.integers(0, 11, (2, 4)).astype(np.int32))
    length = net.set_train(False)(images).shape[1]
    criterion = build_loss("CTCLoss", pred_seq_len=length, max_label_len=4, batch_size=2)
    net.set_train(True)
    optimizer = ms.nn.Momentum(net.trainable_params(), 0.01, 0.9)
    return trained(ms, net, lambda net, x, y: criterion(net(x), y), optimizer, (images, labels))


def mindocr_detects(ms) -> list[float]:
    """DBNet of mindocr on MobileNetV3 with its loss, its optimizer and its train step."""
    from mindocr.losses import build_loss
    from mindocr.models import build_model
    from mindocr.optim import create_optimizer
    from mindocr.utils.model_wrapper import NetWithLossWrapper
    from mindocr.utils.train_step_wrapper import TrainOneStepWrapper

    draw = np.random.default_rng(0)
    net = build_model("dbnet_mobilenetv3", pretrained=False, pretrained_backbone=False)
    fill(ms, net)
    net.set_train(True)
    whole = NetWithLossWrapper(net, build_loss("DBLoss"), input_indices=None, label_indices=None)
    optimizer = create_optimizer(net.trainable_params(), opt="momentum", lr=0.001, momentum=0.9, weight_decay=1e-4)
    scale = ms.nn.FixedLossScaleUpdateCell(64.0)
    step = TrainOneStepWrapper(
        whole, optimizer=optimizer, scale_sense=scale, drop_overflow_update=True, clip_grad=True, clip_norm=5.0
    )
    image = ms.Tensor(draw.standard_normal((2, 3, 96, 96)).astype(np.float32))
    maps = [(draw.random((2, 96, 96)) > 0.5).astype(np.float32) for _ in range(4)]
    return [float(step(image, *map(ms.Tensor, maps))[0].asnumpy()) for _ in range(3)]


def mindyolo_trains(ms) -> list[float]:
    """YOLOX of mindyolo, narrow, with its loss (those of its other models do not run on MindSpore 2.10)."""
    from mindyolo.models import create_loss, create_model
    from mindyolo.utils.config import Config

    settings = Config(
        {
            "depth_multiple": 0.33, "width_multiple": 0.125, "stride": [8, 16, 32], "nc": 4,
            "backbone": [
                [-1, 1, "Focus", [64, 3, 1]], [-1, 1, "ConvNormAct", [128, 3, 2]], [-1, 3, "C3", [128]],
                [-1, 1, "ConvNormAct", [256, 3, 2]], [-1, 3, "C3", [256]], [-1, 1, "ConvNormAct", [512, 3, 2]],
                [-1, 1, "ConvNormAct", [512, 3, 2]], [-1, 1, "SPPF", [512, 5]],
            ],
            "head": [
                [-1, 1, "Upsample", ["None", 2, "nearest"]], [[-1, 5], 1, "Concat", [1]], [-1, 1, "C3", [256, False]],
                [[4, 10, 7], 1, "YOLOXHead", ["nc", "stride"]],
            ],
        }
    )  # fmt: skip
    draw = np.random.default_rng(0)
    net = create_model(model_name="yolox", model_cfg=settings, num_classes=4, sync_bn=False)
    fill(ms, net)
    net.set_train(True)
    criterion = create_loss(name="YOLOXLoss", nc=4, input_size=(64, 64), strides=(8, 16, 32), use_l1=True)
    image = ms.Tensor(draw.random((2, 3, 64, 64)).astype(np.float32))
    boxes = np.zeros((2, 3, 6), np.float32)
    boxes[..., 0] = np.arange(2)[:, None]
    boxes[..., 1] = draw.integers(0, 4, (2, 3))
    boxes[..., 2:4], boxes[..., 4:] = draw.uniform(0.3, 0.7, (2, 3, 2)), draw.uniform(0.2, 0.5, (2, 3, 2))
    optimizer = ms.nn.SGD(net.trainable_params(), 0.01)
    return trained(ms, net, lambda net, x, y: criterion(net(x), y, x)[0], optimizer, (image, ms.Tensor(boxes)))


def mindquantum_trains(ms) -> list[float]:
    """A layer of mindquantum whose gates' angles are a Parameter."""
    from mindquantum.core.circuit import Circuit
    from mindquantum.core.operators import Hamiltonian, QubitOperator
    from mindquantum.framework import MQLayer
    from mindquantum.simulator import Simulator

    encoder = (Circuit().rx("e0", 0).ry("e1", 1)).as_encoder()
    ansatz = Circuit().rx("a0", 0).x(1, 0).ry("a1", 1).rz("a2", 0).as_ansatz()
    whole, measured = encoder + ansatz, [Hamiltonian(QubitOperator("Z0")), Hamiltonian(QubitOperator("X1"))]
    operations = Simulator("mqvector", 2).get_expectation_with_grad(measured, whole)
    net = ms.nn.SequentialCell(MQLayer(operations, ms.Tensor(np.array([0.1, 0.2, 0.3], np.float32))), ms.nn.Dense(2, 3))
    fill(ms, net[1])
    x, y = ms.Tensor(np.array([[0.3, 0.8], [1.1, -0.4]], np.float32)), ms.Tensor(np.array([0, 2], np.int32))
    entropy = ms.nn.CrossEntropyLoss()
    return trained(ms, net, lambda net, x, y: entropy(net(x), y), ms.nn.Adam(net.trainable_params(), 0.1), (x, y), 4)


def troubleshooter_watches(ms) -> list[float]:
    """A training in which troubleshooter fixes the random numbers and saves a value of each step."""
    import tempfile

    import troubleshooter

    troubleshooter.fix_random(7)
    net = ms.nn.Dense(3, 2)
    fill(ms, net)
    x, y = ms.Tensor(np.arange(6, dtype=np.float32).reshape(2, 3) / 6), ms.Tensor(np.array([0, 1], np.int32))
    entropy = ms.nn.CrossEntropyLoss()
    made = trained(ms, net, lambda net, x, y: entropy(net(x), y), ms.nn.SGD(net.trainable_params(), 0.1), (x, y))
    with tempfile.TemporaryDirectory() as folder:
        troubleshooter.save(os.path.join(folder, "x"), net(x))
        (saved,) = Path(folder).rglob("*.npy")
        made.append(float(np.load(saved).sum()))
    return made


def squares(net, *inputs):
    """A loss of any output."""
    y = net(*inputs)
    return (y * y).mean() + y.mean()


def mindflow_trains(ms) -> list[float]:
    """Networks of mindflow: fully connected with normed weights, a U-Net, a recurrent convolution of physics."""
    from mindflow.cell import FCSequential, PeRCNN, UNet2D

    draw, made = np.random.default_rng(0), []
    laplace = np.zeros((1, 1, 5, 5), np.float32)
    laplace[0, 0, 2] = [-1 / 12, 4 / 3, -5, 4 / 3, -1 / 12]
    for net, shape in (
        (FCSequential(2, 1, 4, 8, weight_norm=True), (6, 2)), (UNet2D(2, 1, 4), (1, 32, 32, 2)),
        (PeRCNN(2, 2, 4, 5, 0.1, 0.1, ms.Tensor(laplace)), (2, 2, 8, 8)),
    ):  # fmt: skip
        fill(ms, net)
        x = ms.Tensor(draw.standard_normal(shape).astype(np.float32))
        made += trained(ms, net.set_train(), squares, ms.nn.Momentum(net.trainable_params(), 0.01, 0.9), (x,))
    return made


def mindearth_trains(ms) -> list[float]:
    """GraphCast of mindearth on a graph of ten nodes."""
    from mindearth.cell import GraphCastNet

    draw = np.random.default_rng(0)
    index = lambda n, below: ms.Tensor(draw.integers(0, below, n).astype(np.int32))
    numbers = lambda *shape: ms.Tensor(draw.standard_normal(shape).astype(np.float32))
    net = GraphCastNet(
        vg_in_channels=3, vg_out_channels=2, vm_in_channels=3, em_in_channels=4, eg2m_in_channels=4, em2g_in_channels=4,
        latent_dims=8, processing_steps=1, g2m_src_idx=index(5, 6), g2m_dst_idx=index(5, 4), m2m_src_idx=index(7, 4),
        m2m_dst_idx=index(7, 4), m2g_src_idx=index(6, 4), m2g_dst_idx=index(6, 6), mesh_node_feats=numbers(4, 3),
        mesh_edge_feats=numbers(7, 4), g2m_edge_feats=numbers(5, 4), m2g_edge_feats=numbers(6, 4),
        per_variable_level_mean=numbers(2), per_variable_level_std=ms.Tensor(np.ones(2, np.float32)),
    )  # fmt: skip
    fill(ms, net)
    return trained(ms, net.set_train(), squares, ms.nn.Momentum(net.trainable_params(), 0.01, 0.9), (numbers(6, 3),))


def mindaudio_trains(ms) -> list[float]:
    """The speaker embedding ECAPA-TDNN of mindaudio, narrow."""
    from mindaudio.models.ecapatdnn import EcapaTDNN

    net = EcapaTDNN(8, 6, channels=(16, 16, 16, 16, 48), attention_channels=8)
    fill(ms, net)
    x = ms.Tensor(np.random.default_rng(0).standard_normal((2, 30, 8)).astype(np.float32))
    return trained(ms, net.set_train(), squares, ms.nn.SGD(net.trainable_params(), 0.001), (x,))


def mindchemistry_trains(ms) -> list[float]:
    """Equivariant layers of mindchemistry: spherical harmonics of bonds, a product of irreducible representations with weights."""
    from mindchemistry.e3 import o3

    draw = np.random.default_rng(0)
    harmonics = o3.SphericalHarmonics("1x0e+1x1o+1x2e", True)
    product = o3.FullyConnectedTensorProduct("2x1o+4x0e", "1x0e+1x1o+1x2e", "2x0e+2x1o")
    mixed = o3.Linear("2x0e+2x1o", "3x0e+1x1o")

    class Net(ms.nn.Cell):
        def __init__(self):
            super().__init__()
            self.harmonics, self.product, self.mixed = harmonics, product, mixed

        def construct(self, features, bonds):
            return self.mixed(self.product(features, self.harmonics(bonds)))

    net = Net()
    fill(ms, net)
    x, bonds = (ms.Tensor(draw.standard_normal(shape).astype(np.float32)) for shape in ((5, 10), (5, 3)))
    return trained(ms, net.set_train(), squares, ms.nn.Momentum(net.trainable_params(), 0.1, 0.9), (20 * x, bonds))


PROGRAMS = {
    f.__name__: f
    for f in (
        mindocr_recognises,
        mindocr_detects,
        mindyolo_trains,
        mindquantum_trains,
        troubleshooter_watches,
        mindflow_trains,
        mindearth_trains,
        mindaudio_trains,
        mindchemistry_trains,
    )
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--graph", action="store_true", help="GRAPH mode")
    parser.add_argument("--install", metavar="FOLDER")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    if given.install:
        install(given.install)
        return 0
    mindspore = prepare(given.record)
    mindspore.set_context(mode=mindspore.GRAPH_MODE if given.graph else mindspore.PYNATIVE_MODE)
    records = json.loads(RECORDS.read_text()) if RECORDS.exists() else {}
    wrong = 0
    for name in given.names or PROGRAMS:
        if importlib.util.find_spec(name.partition("_")[0]) is None:
            print(f"not installed: {name}")
            continue
        if given.graph and name == "mindquantum_trains":
            continue  # it refuses GRAPH mode
        found = PROGRAMS[name](mindspore)
        if given.record:
            records[name] = found
            RECORDS.write_text(json.dumps(records, indent=1) + "\n")
        good = name in records and np.allclose(found, records[name], rtol=2e-3, atol=1e-5)
        wrong += not good
        print(f"{'equal  ' if good else 'DIFFERS'} {name}: {found}, recorded {records.get(name)}", flush=True)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
