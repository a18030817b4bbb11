"""The networks of the benchmark in PyTorch, computing what the TensorFlow.js ones compute.

TensorFlow's 'same' padding of a 3 x 3 convolution with stride 2 over an even side adds a border after the image and none
before it; PyTorch's padding=1 adds one on both sides and reads other pixels. Its BatchNorm adds 1e-3 to the variance,
PyTorch's 1e-5 by default. Both are given explicitly, so that the same weights give the same scores.

Modules that hold weights are defined in the order in which the TensorFlow.js network makes its layers.
"""
import torch
from torch import nn
from torch.nn import functional

EPSILON = 1e-3


class FromImage(nn.Linear):
    """A linear layer on flattened feature maps, which knows their height, width and channels."""

    def __init__(self, image: tuple[int, int, int], units: int):
        height, width, channels = image
        super().__init__(height * width * channels, units)
        self.image = image


class ConvolutionNorm(nn.Module):
    def __init__(self, inputs: int, filters: int, stride: int, kernel: int = 3):
        super().__init__()
        asymmetric = stride == 2 and kernel == 3
        self.border = (0, 1, 0, 1) if asymmetric else None
        self.convolution = nn.Conv2d(
            inputs, filters, kernel, stride, padding=0 if asymmetric else kernel // 2, bias=False
        )
        self.norm = nn.BatchNorm2d(filters, eps=EPSILON)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.border is not None:
            x = functional.pad(x, self.border)
        return self.norm(self.convolution(x))


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions around a shortcut (He et al. 2016)."""

    def __init__(self, inputs: int, filters: int, stride: int):
        super().__init__()
        same = stride == 1 and inputs == filters
        self.first = ConvolutionNorm(inputs, filters, stride)
        self.shortcut = nn.Identity() if same else ConvolutionNorm(inputs, filters, stride, kernel=1)
        self.second = ConvolutionNorm(filters, filters, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = functional.relu(self.first(x))
        return functional.relu(self.second(hidden) + self.shortcut(x))


def resnet18(width: int = 64, classes: int = 10) -> nn.Module:
    """ResNet-18 for 32 x 32 colour images: a 3 x 3 stem and no pooling."""
    blocks = []
    inputs = width
    for stage in range(4):
        for block in range(2):
            filters = width * 2**stage
            blocks.append(ResidualBlock(inputs, filters, 2 if stage > 0 and block == 0 else 1))
            inputs = filters
    return nn.Sequential(
        ConvolutionNorm(3, width, 1),
        nn.ReLU(),
        *blocks,
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(inputs, classes),
    )


def lenet() -> nn.Module:
    """LeNet for 28 x 28 grey images and ten classes."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        FromImage((5, 5, 16), 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, 10),
    )


def mlp() -> nn.Module:
    """Two hidden layers of 128 and 64 units, the sizes of Datagnosis's SimpleMLP."""
    return nn.Sequential(
        nn.Flatten(),
        FromImage((28, 28, 1), 128),
        nn.ReLU(),
        nn.Linear(128, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )


NETWORKS = {"mlp": mlp, "lenet": lenet, "resnet18": resnet18}


def load_weights(network: nn.Module, tensors: dict[str, torch.Tensor]) -> None:
    """Copies the tensors of a TensorFlow.js network into `network`.

    Names are kind.index/weight, counted in the order in which the layers were made. A shape that does not fit, or a
    tensor that nobody takes, is an error.
    """
    left = dict(tensors)
    counts: dict[str, int] = {}

    def take(kind: str, weight: str) -> torch.Tensor:
        return left.pop(f"{kind}.{counts[kind]}/{weight}")

    def count(kind: str) -> None:
        counts[kind] = counts.get(kind, -1) + 1

    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.Conv2d):
                count("convolution")
                module.weight.copy_(take("convolution", "kernel").permute(3, 2, 0, 1))
                if module.bias is not None:
                    module.bias.copy_(take("convolution", "bias"))
            elif isinstance(module, nn.BatchNorm2d):
                count("norm")
                module.weight.copy_(take("norm", "gamma"))
                module.bias.copy_(take("norm", "beta"))
                module.running_mean.copy_(take("norm", "moving_mean"))
                module.running_var.copy_(take("norm", "moving_variance"))
            elif isinstance(module, nn.Linear):
                count("dense")
                kernel = take("dense", "kernel")
                if isinstance(module, FromImage):
                    # From height, width, channels to PyTorch's channels, height, width.
                    kernel = kernel.reshape(*module.image, -1).permute(2, 0, 1, 3).reshape(kernel.shape)
                module.weight.copy_(kernel.T)
                module.bias.copy_(take("dense", "bias"))
    if left:
        raise ValueError(f"no module takes {', '.join(left)}")
