"""VoG in JAX, forward, backward and moments of a chunk in one jitted function, in a process of its own.

usage: python jax_peer.py CASE_FOLDER
"""
import functools
import pathlib
import sys

import jax
from jax import lax
from jax import numpy as jnp
from safetensors.numpy import load_file

from serving import case_of, serve

EPSILON = 1e-3


class Layers:
    """Layers of the TensorFlow.js network in the order in which it makes them, by its own weights and its own layout."""

    def __init__(self, weights: dict[str, jax.Array]):
        self.weights = weights
        self.counts: dict[str, int] = {}

    def _next(self, kind: str):
        number = self.counts[kind] = self.counts.get(kind, -1) + 1
        return lambda name: self.weights.get(f"{kind}.{number}/{name}")

    def convolution(self, x, padding: str = "SAME", stride: int = 1):
        of = self._next("convolution")
        layout = ("NHWC", "HWIO", "NHWC")
        y = lax.conv_general_dilated(x, of("kernel"), (stride, stride), padding, dimension_numbers=layout)
        return y if of("bias") is None else y + of("bias")

    def norm(self, x):
        of = self._next("norm")
        return (x - of("moving_mean")) * (of("gamma") * lax.rsqrt(of("moving_variance") + EPSILON)) + of("beta")

    def dense(self, x):
        of = self._next("dense")
        return x.reshape(x.shape[0], -1) @ of("kernel") + of("bias")


def max_pool(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def mlp(layers: Layers, x):
    return layers.dense(jax.nn.relu(layers.dense(jax.nn.relu(layers.dense(x)))))


def lenet(layers: Layers, x):
    x = max_pool(jax.nn.relu(layers.convolution(x)))
    x = max_pool(jax.nn.relu(layers.convolution(x, "VALID")))
    return mlp(layers, x)


def resnet18(layers: Layers, x):
    x = jax.nn.relu(layers.norm(layers.convolution(x)))
    for stage in range(4):
        for block in range(2):
            stride = 2 if stage > 0 and block == 0 else 1
            hidden = jax.nn.relu(layers.norm(layers.convolution(x, stride=stride)))
            shortcut = x if stride == 1 else layers.norm(layers.convolution(x, stride=stride))
            x = jax.nn.relu(layers.norm(layers.convolution(hidden)) + shortcut)
    return layers.dense(x.mean((1, 2)))


NETWORKS = {"mlp": mlp, "lenet": lenet, "resnet18": resnet18}


@functools.partial(jax.jit, static_argnames="network", donate_argnames=("mean", "m2"))
def step(network: str, weights, images, labels, mean, m2, checkpoints):
    """Moments of a chunk after one more checkpoint: of its gradients by pixel, averaged over channels."""

    def total(x):
        logits = NETWORKS[network](Layers(weights), x)
        return jnp.take_along_axis(logits, labels[:, None], 1).sum()

    snapshot = jax.grad(total)(images).mean(-1)
    delta = snapshot - mean
    mean = mean + delta / checkpoints
    return mean, m2 + delta * (snapshot - mean)


class JaxVog:
    def __init__(self, network: str, images: jax.Array, labels: jax.Array, chunk: int):
        self.network, self.checkpoints = network, 0
        starts = range(0, len(images), chunk)
        self.chunks = [(images[i : i + chunk], labels[i : i + chunk]) for i in starts]
        self.moments = [(jnp.zeros(x.shape[:3]), jnp.zeros(x.shape[:3])) for x, _ in self.chunks]
        jax.block_until_ready((self.chunks, self.moments))

    def checkpoint(self, weights: dict[str, jax.Array]) -> None:
        self.checkpoints += 1
        for i, (images, labels) in enumerate(self.chunks):
            self.moments[i] = step(self.network, weights, images, labels, *self.moments[i], float(self.checkpoints))
        jax.block_until_ready(self.moments)

    def scores(self):
        m2 = jnp.concatenate([m2 for _, m2 in self.moments])
        return jax.device_get(jnp.sqrt(m2 / self.checkpoints).mean((1, 2)))


class Peer:
    def __init__(self, folder: pathlib.Path):
        self.folder, self.case = folder, case_of(folder)
        probe = load_file(folder / "probe.safetensors")
        self.images = jnp.asarray(probe["images"], jnp.float32) / 255
        self.labels = jnp.asarray(probe["labels"], jnp.int32)
        self.network: dict[str, jax.Array] = {}

    def load(self, checkpoint: int) -> None:
        weights = load_file(self.folder / f"checkpoint-{checkpoint}.safetensors")
        self.network = jax.block_until_ready({name: jnp.asarray(value) for name, value in weights.items()})

    def method(self, examples: int) -> JaxVog:
        return JaxVog(self.case["network"], self.images[:examples], self.labels[:examples], self.case["chunkSize"])


if __name__ == "__main__":
    serve(Peer(pathlib.Path(sys.argv[1])), f"JAX {jax.__version__}", None)
