"""Mistakes in arguments of layers, losses, optimizers, Model, callbacks, datasets and transforms, read as mistakes.py is."""

# pyright: strict

import numpy as np

import minispore as ms
import minispore.dataset as ds
from minispore import Tensor, mint, nn, ops
from minispore.dataset import text, transforms, vision
from minispore.experimental import optim
from minispore.train import CheckpointConfig, EarlyStopping, LossMonitor, Model, ModelCheckpoint, ReduceLROnPlateau

net = nn.SequentialCell(nn.Dense(3, 4), nn.ReLU(), nn.Dense(4, 2))
x = Tensor(np.zeros((2, 3), np.float32))
weights = net.trainable_params()
loss = nn.MSELoss()
adam = nn.Adam(weights, 0.01)

# ---------------------------------------------------------------- layers
nn.Conv2d(1, 6, kernel_size="3")  # mistake: a str for a size
nn.Conv2d(1, 6, 3, stride="2")  # mistake: a str for a number of steps
nn.Conv2d(1, 6, 3, pad_mode=1)  # mistake: a number for a mode
nn.Conv2d(1, 6, (3.0, 3.0))  # mistake: floats for sizes
nn.Conv2d(1, 6)  # mistake: the kernel_size is missing
nn.Conv2d(1, 6, 3, groups=2)  # mistake: the keyword is group
nn.Conv1d(1, 6, [3])  # mistake: a list for an int
nn.Conv2dTranspose(1, 6, 3, dilation="1")  # mistake: a str for a distance
nn.Dense(3, 4, activation=3)  # mistake: a number for an activation
nn.Dense(3, 4, weight_init=np.zeros)  # mistake: a function for an initializer
nn.MaxPool2d("2")  # mistake: a str for a size
nn.AvgPool2d(2, 2, 1)  # mistake: a number for pad_mode
nn.AdaptiveAvgPool2d("7")  # mistake: a str for a size
nn.BatchNorm2d(6, momentum="0.9")  # mistake: a str for a number
nn.BatchNorm2d(num_channels=6)  # mistake: the keyword is num_features
nn.LayerNorm("64")  # mistake: a str for a shape
nn.GroupNorm(2.0, 6)  # mistake: a float for a number of groups
nn.Dropout(p="half")  # mistake: a str for a rate
nn.Embedding(100, 8, padding_idx="0")  # mistake: a str for a position
nn.LSTM(4, 8, bidirectional="yes")  # mistake: a str for a bool
nn.LSTM(4, 8, layers=2)  # mistake: the keyword is num_layers
nn.MultiheadAttention("64", 4)  # mistake: a str for a width
nn.TransformerEncoder(nn.Dense(3, 4), 2)  # mistake: a Dense for a TransformerEncoderLayer
nn.Flatten(start_dim="1")  # mistake: a str for an axis
nn.CellList(nn.ReLU)  # mistake: a class for Cells
nn.PReLU(channel="1")  # mistake: a str for a number of channels
nn.Upsample(scale_factor="2")  # mistake: a str for a factor

# ---------------------------------------------------------------- losses
nn.MSELoss(reduction=True)  # mistake: a bool for a reduction
nn.SoftmaxCrossEntropyWithLogits("sparse")  # mistake: a str for a bool
nn.CrossEntropyLoss(label_smoothing="0.1")  # mistake: a str for a number
nn.CrossEntropyLoss(ignore_index=1.5)  # mistake: a float for a class
nn.HuberLoss(delta="1")  # mistake: a str for a number
loss(x)  # mistake: the labels are missing
loss(x, "y")  # mistake: a str for labels

# ---------------------------------------------------------------- optimizers and schedules
nn.Adam(weights, beta1="0.9")  # mistake: a str for a number
nn.Adam(weights, 0.01, use_nesterov="no")  # mistake: a str for a bool
nn.Adam(0.01, weights)  # mistake: swapped
nn.Momentum(weights, 0.1)  # mistake: the momentum is missing
nn.AdamWeightDecay(weights, eps="small")  # mistake: a str for a number
nn.SGD(weights, 0.1, nesterov=1.5)  # mistake: a float for a bool
nn.Lookahead(0.1)  # mistake: a number for an optimizer
optim.AdamW(weights, betas=0.9)  # mistake: a number for a pair
optim.lr_scheduler.StepLR(0.1, step_size=2)  # mistake: a number for an optimizer
optim.lr_scheduler.StepLR(optim.SGD(weights, 0.1), "2")  # mistake: a str for steps
nn.CosineDecayLR(0.0, "0.1", 10)  # mistake: a str for a rate
nn.ExponentialDecayLR(0.1, 0.9, "4")  # mistake: a str for steps
nn.WarmUp("0.1", 10)  # mistake: a str for a rate
nn.cosine_decay_lr(0.0, 0.1, 10, 5, "2")  # mistake: a str for epochs
nn.TrainOneStepCell(net)  # mistake: the optimizer is missing
nn.TrainOneStepWithLossScaleCell(net, adam, 1024.0)  # mistake: a number for a Tensor or an update cell

# ---------------------------------------------------------------- Model and callbacks
Model(net, loss, adam, metrics=3)  # mistake: a number for metrics
Model(net, loss, adam, metrics=["acc"])  # mistake: a list for a set
Model(net, adam, loss)  # mistake: swapped
Model(3)  # mistake: a number for a network
Model(net, loss, adam, amp_level=2)  # mistake: a number for "O2"
Model(net, loss, adam).train(2.5, [])  # mistake: a float for the epochs
Model(net, loss, adam).train(1, 3)  # mistake: a number for a dataset
Model(net, loss, adam).train(1, [], callbacks=3)  # mistake: a number for callbacks
Model(net, loss, adam).train(1, [], callbacks=[LossMonitor])  # mistake: a class for a callback
Model(net, loss, adam).train(epochs=1, train_dataset=[])  # mistake: the keyword is epoch
Model(net, loss, adam).eval(3)  # mistake: a number for a dataset
Model(net, loss, adam).fit(1, [], 3)  # mistake: a number for a dataset
LossMonitor("1")  # mistake: a str for a number of steps
CheckpointConfig(save_checkpoint_steps="10")  # mistake: a str for a number of steps
ModelCheckpoint("net", config={"keep": 3})  # mistake: a dict for a CheckpointConfig
EarlyStopping(patience="3")  # mistake: a str for a number of epochs
ReduceLROnPlateau(factor="0.1")  # mistake: a str for a factor
ms.load_checkpoint(3)  # mistake: a number for a path
ms.load_param_into_net(ms.load_checkpoint("x"), net)  # mistake: swapped
ms.save_checkpoint(net, "a.ckpt", enc_key="secret")  # mistake: a str for bytes

# ---------------------------------------------------------------- datasets
data = ds.NumpySlicesDataset({"x": [1.0]}, shuffle=False)
data.batch("32")  # mistake: a str for a size
data.batch(32, drop_reminder=True)  # mistake: the keyword is drop_remainder
data.shuffle("10")  # mistake: a str for a buffer size
data.map("x")  # mistake: a str for a function
data.map(lambda a: a, input_columns=3)  # mistake: a number for names
data.repeat(2.5)  # mistake: a float for a number
data.take("3")  # mistake: a str for a number
data.rename("x", 3)  # mistake: a number for names
data.split(3)  # mistake: a number for a list of sizes
data.zip(3)  # mistake: a number for datasets
ds.GeneratorDataset([1], 3)  # mistake: a number for names
ds.ImageFolderDataset(3)  # mistake: a number for a path
ds.MnistDataset("mnist", usage=1)  # mistake: a number for a usage
vision.Resize("32")  # mistake: a str for a size
vision.Resize(32, "linear")  # mistake: a str for an Inter
vision.Normalize(0.5, 0.5)  # mistake: numbers for lists
vision.RandomCrop("32")  # mistake: a str for a size
vision.RandomHorizontalFlip("0.5")  # mistake: a str for a probability
vision.ToTensor(32)  # mistake: a number for a type
transforms.Compose(vision.HWC2CHW())  # mistake: one transform for a list
transforms.OneHot("10")  # mistake: a str for a number of classes
text.Lookup({"a": 1})  # mistake: a dict for a Vocab

# ---------------------------------------------------------------- ops, mint, Tensor, transforms
ops.reshape(x)  # mistake: the shape is missing
ops.concat(x, axis="0")  # mistake: a str for an axis
ops.ones(2, 3, 4)  # mistake: three numbers for a shape
ops.one_hot(x, "3")  # mistake: a str for a depth
ops.clip_by_value(x, "0")  # mistake: a str for a bound
ops.softmax(x, axis="1")  # mistake: a str for an axis
ops.transpose(x, 1)  # mistake: a number for a permutation
ops.cross_entropy(x, x, reductoin="mean")  # mistake: a misspelt keyword
mint.nn.Conv2d(1, 6, "3")  # mistake: a str for a size
mint.nn.Linear(3, 4, bias="no")  # mistake: a str for a bool
mint.sum(x, dim="0")  # mistake: a str for an axis
x.reshape("2")  # mistake: a str for a shape
x.sum(axis="0")  # mistake: a str for an axis
x.asnumpy(1)  # mistake: an argument too many
x.expand_dims("0")  # mistake: a str for an axis
ms.grad(net, grad_position="0")  # mistake: a str for positions
ms.value_and_grad(3)  # mistake: a number for a function
ms.set_context(mode="graph")  # mistake: a str for a mode
ms.set_seed(1.5)  # mistake: a float for a seed
Tensor("a")  # mistake: a str for values
Tensor([1], dtype=3)  # mistake: a number for a type
