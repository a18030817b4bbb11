"""One peer on PyTorch in a process of its own.

usage: python peer.py CASE_FOLDER PEER    PEER: streaming, compiled, one-at-a-time, datagnosis, datagnosis-unshuffled
"""
import pathlib
import sys

import torch
from safetensors.torch import load_file

from networks import NETWORKS, load_weights
from serving import case_of, cores, serve


class Peer:
    def __init__(self, folder: pathlib.Path, name: str):
        self.folder, self.name = folder, name
        self.case = case_of(folder)
        probe = load_file(folder / "probe.safetensors")
        images = probe["images"].permute(0, 3, 1, 2).contiguous().float() / 255
        self.images, self.labels = images, probe["labels"].long()
        self.network = NETWORKS[self.case["network"]]().eval()
        # Datagnosis differentiates through the network that it trains.
        if not name.startswith("datagnosis"):
            self.network.requires_grad_(False)
        # The layout that is faster for convolutions on a processor: measured, see docs/benchmarks.md.
        if name in ("streaming", "compiled") and self.case["channelsLast"]:
            self.network = self.network.to(memory_format=torch.channels_last)
            self.images = self.images.to(memory_format=torch.channels_last)

    def load(self, checkpoint: int) -> None:
        load_weights(self.network, load_file(self.folder / f"checkpoint-{checkpoint}.safetensors"))

    def method(self, examples: int):
        images, labels, chunk = self.images[:examples], self.labels[:examples], self.case["chunkSize"]
        if self.name in ("streaming", "compiled"):
            from streaming import StreamingVog

            return StreamingVog(images, labels, chunk, compiled=self.name == "compiled")
        if self.name == "one-at-a-time":
            from one_at_a_time import OneAtATimeVog

            return OneAtATimeVog(images, labels, self.folder / "snapshots")
        from datagnosis_plugin import DatagnosisVog

        return DatagnosisVog(self.network, images, labels, chunk, shuffled=self.name == "datagnosis")


def main(folder: str, name: str) -> None:
    peer = Peer(pathlib.Path(folder), name)
    torch.set_num_threads(cores())
    serve(peer, f"PyTorch {torch.__version__}", torch.get_num_threads())


if __name__ == "__main__":
    main(*sys.argv[1:])
