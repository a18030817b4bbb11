"""What every peer does: reads requests and writes replies, one JSON object a line."""
import gc
import json
import os
import pathlib
import sys
import time
from typing import Protocol

from process_memory import peak_bytes, resident_bytes, reset_peak

# Checkpoints of one example before memory is measured.
WARM_UP = 100

REPLIES = os.fdopen(os.dup(1), "w")
# What a library prints must not stand among the replies.
os.dup2(2, 1)


class Method(Protocol):
    def checkpoint(self, network: object) -> None: ...

    def scores(self) -> object: ...


class Served(Protocol):
    """A network, its probe, and the way in which its scores are computed."""

    network: object

    def load(self, checkpoint: int) -> None: ...

    def method(self, examples: int) -> Method: ...


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def case_of(folder: pathlib.Path) -> dict[str, object]:
    return json.loads((folder / "case.json").read_text())


def reply(message: dict[str, object]) -> None:
    REPLIES.write(json.dumps(message) + "\n")
    REPLIES.flush()


def run(peer: Served, checkpoints: int, examples: int) -> dict[str, object]:
    """Seconds of all checkpoint passes and of the scores at the end; setting weights is training, and not counted."""
    method = peer.method(examples)
    seconds = processor = 0.0

    def timed(work):
        nonlocal seconds, processor
        begin, busy = time.perf_counter(), time.process_time()
        result = work()
        seconds += time.perf_counter() - begin
        processor += time.process_time() - busy
        return result

    for checkpoint in range(checkpoints):
        peer.load(checkpoint)
        timed(lambda: method.checkpoint(peer.network))
    scores = timed(method.scores)
    return {"seconds": seconds, "processorSeconds": processor, "scores": scores.tolist()}


def memory(peer: Served, at: list[int], examples: int) -> dict[str, object]:
    """Peak of resident memory after so many checkpoints and their scores, above what there was before the first."""
    peer.load(0)
    # Compiled code, caches, threads: what a runtime takes once, whatever it computes.
    warm_up = peer.method(1)
    for _ in range(WARM_UP):
        warm_up.checkpoint(peer.network)
    warm_up.scores()
    del warm_up
    method = peer.method(examples)
    gc.collect()
    reset_peak()
    baseline = resident_bytes()
    peaks, done = [], 0
    for checkpoints in at:
        while done < checkpoints:
            method.checkpoint(peer.network)
            done += 1
        method.scores()
        peaks.append(peak_bytes() - baseline)
    disk = method.disk() if hasattr(method, "disk") else 0
    return {"baseline": baseline, "peaks": peaks, "disk": disk}


def serve(peer: Served, ready: str, threads: int | None) -> None:
    reply({"ready": ready, "threads": threads})
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "run":
            reply(run(peer, request["checkpoints"], request["examples"]))
        else:
            reply(memory(peer, request["at"], request["examples"]))
