"""VoG in PyTorch, as one would write it by hand for speed: gradients by chunk, running moments, nothing stored."""
import functools

import torch
from torch import nn


class StreamingVog:
    """Variance of Gradients by Welford's recurrence: twice the memory of one gradient map, whatever the checkpoints."""

    def __init__(self, images: torch.Tensor, labels: torch.Tensor, chunk: int, compiled: bool = False):
        self.gradients = compiled_gradient_maps if compiled else gradient_maps
        self.push = compiled_push if compiled else push
        self.images, self.labels, self.chunk = images, labels, chunk
        size, _, height, width = images.shape
        self.mean = torch.zeros(size, height, width)
        self.m2 = torch.zeros(size, height, width)
        self.checkpoints = 0

    def checkpoint(self, network: nn.Module) -> None:
        self.checkpoints += 1
        for start in range(0, len(self.images), self.chunk):
            part = slice(start, start + self.chunk)
            snapshot = self.gradients(network, self.images[part], self.labels[part])
            self.push(self.mean[part], self.m2[part], snapshot, torch.tensor(float(self.checkpoints)))

    def scores(self) -> torch.Tensor:
        return (self.m2 / self.checkpoints).sqrt().mean((1, 2))


def gradient_maps(network: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Gradient of each example's label's logit with respect to its pixels, averaged over channels: [N, H, W].

    One backward pass serves all examples; the weights are frozen by the caller, so that it makes no gradients of them.
    """
    x = images.detach().requires_grad_()
    logits = network(x)
    (gradient,) = torch.autograd.grad(logits.gather(1, labels[:, None]).sum(), x)
    return gradient.mean(1)


def push(mean: torch.Tensor, m2: torch.Tensor, snapshot: torch.Tensor, checkpoints: torch.Tensor) -> None:
    """A step of Welford's recurrence, in place. The count is a tensor: a number would be compiled in, anew each time."""
    delta = snapshot - mean
    mean += delta / checkpoints
    m2 += delta * (snapshot - mean)


def label_logits(network: nn.Module, x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return network(x).gather(1, labels[:, None]).sum()


@functools.cache
def compiled(function):
    return torch.compile(function)


def compiled_gradient_maps(network: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The same, with forward and backward compiled by torch.compile."""
    x = images.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(compiled(label_logits)(network, x, labels), x)
    return gradient.mean(1)


def compiled_push(mean: torch.Tensor, m2: torch.Tensor, snapshot: torch.Tensor, checkpoints: torch.Tensor) -> None:
    compiled(push)(mean, m2, snapshot, checkpoints)
