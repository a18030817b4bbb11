"""One peer in a process of its own: reads requests and writes replies, one JSON object a line.

usage: python peer.py CASE_FOLDER PEER    PEER: streaming, one-at-a-time, datagnosis, datagnosis-unshuffled
"""
import gc
import json
import os
import pathlib
import sys
import time

import torch
from safetensors.torch import load_file

from networks import NETWORKS, load_weights
from process_memory import peak_bytes, resident_bytes, reset_peak

# Checkpoints of one example before memory is measured.
WARM_UP = 100

REPLIES = os.fdopen(os.dup(1), "w")
# What a library prints must not stand among the replies.
os.dup2(2, 1)


def reply(message: dict[str, object]) -> None:
    REPLIES.write(json.dumps(message) + "\n")
    REPLIES.flush()


class Peer:
    def __init__(self, folder: pathlib.Path, name: str):
        self.folder, self.name = folder, name
        self.case = json.loads((folder / "case.json").read_text())
        probe = load_file(folder / "probe.safetensors")
        images = probe["images"].permute(0, 3, 1, 2).contiguous().float() / 255
        self.images, self.labels = images, probe["labels"].long()
        self.network = NETWORKS[self.case["network"]]().eval()
        # Datagnosis differentiates through the network that it trains.
        if not name.startswith("datagnosis"):
            self.network.requires_grad_(False)
        # The layout that is faster for convolutions on a processor: measured, see docs/benchmarks.md.
        if name == "streaming" and self.case["channelsLast"]:
            self.network = self.network.to(memory_format=torch.channels_last)
            self.images = self.images.to(memory_format=torch.channels_last)

    def load(self, checkpoint: int) -> None:
        load_weights(self.network, load_file(self.folder / f"checkpoint-{checkpoint}.safetensors"))

    def method(self, examples: int):
        images, labels, chunk = self.images[:examples], self.labels[:examples], self.case["chunkSize"]
        if self.name == "streaming":
            from streaming import StreamingVog

            return StreamingVog(images, labels, chunk)
        if self.name == "one-at-a-time":
            from one_at_a_time import OneAtATimeVog

            return OneAtATimeVog(images, labels, self.folder / "snapshots")
        from datagnosis_plugin import DatagnosisVog

        return DatagnosisVog(self.network, images, labels, chunk, shuffled=self.name == "datagnosis")

    def run(self, checkpoints: int, examples: int) -> dict[str, object]:
        """Seconds of all checkpoint passes and of the scores at the end; setting weights is training, and not counted."""
        method = self.method(examples)
        seconds = 0.0
        for checkpoint in range(checkpoints):
            self.load(checkpoint)
            begin = time.perf_counter()
            method.checkpoint(self.network)
            seconds += time.perf_counter() - begin
        begin = time.perf_counter()
        scores = method.scores()
        seconds += time.perf_counter() - begin
        return {"seconds": seconds, "scores": scores.tolist()}

    def memory(self, at: list[int], examples: int) -> dict[str, object]:
        """Peak of resident memory after so many checkpoints and their scores, above what there was before the first."""
        self.load(0)
        # Compiled code, caches, threads: what a runtime takes once, whatever it computes.
        warm_up = self.method(1)
        for _ in range(WARM_UP):
            warm_up.checkpoint(self.network)
        warm_up.scores()
        del warm_up
        method = self.method(examples)
        gc.collect()
        reset_peak()
        baseline = resident_bytes()
        peaks, done = [], 0
        for checkpoints in at:
            while done < checkpoints:
                method.checkpoint(self.network)
                done += 1
            method.scores()
            peaks.append(peak_bytes() - baseline)
        disk = method.disk() if hasattr(method, "disk") else 0
        return {"baseline": baseline, "peaks": peaks, "disk": disk}


def main(folder: str, name: str) -> None:
    peer = Peer(pathlib.Path(folder), name)
    torch.set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    reply({"ready": f"PyTorch {torch.__version__}", "threads": torch.get_num_threads()})
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "run":
            reply(peer.run(request["checkpoints"], request["examples"]))
        else:
            reply(peer.memory(request["at"], request["examples"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
