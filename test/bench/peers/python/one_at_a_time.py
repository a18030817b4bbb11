"""VoG as the paper's authors describe it: model snapshots on disk, gradients of one example at a time, kept on disk.

Their formula (Agarwal, D'souza & Hooker, CVPR 2022, eq. 1 to 3): population standard deviation over checkpoints of each
pixel's gradient, averaged over pixels.
"""
import pathlib
import shutil

import numpy
import torch
from torch import nn

from streaming import gradient_maps


class OneAtATimeVog:
    def __init__(self, images: torch.Tensor, labels: torch.Tensor, folder: pathlib.Path):
        self.images, self.labels, self.folder = images, labels, folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.checkpoints = 0

    def checkpoint(self, network: nn.Module) -> None:
        snapshot = self.folder / f"model-{self.checkpoints}.pt"
        torch.save(network.state_dict(), snapshot)
        network.load_state_dict(torch.load(snapshot))
        maps = [
            gradient_maps(network, self.images[i : i + 1], self.labels[i : i + 1])[0].numpy()
            for i in range(len(self.images))
        ]
        numpy.save(self.folder / f"gradients-{self.checkpoints}.npy", numpy.stack(maps))
        self.checkpoints += 1

    def scores(self) -> torch.Tensor:
        files = [
            numpy.load(self.folder / f"gradients-{k}.npy", mmap_mode="r") for k in range(self.checkpoints)
        ]
        scores = [numpy.stack([file[i] for file in files]).std(axis=0).mean() for i in range(len(self.images))]
        return torch.tensor(numpy.array(scores))

    def disk(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.folder.iterdir())
