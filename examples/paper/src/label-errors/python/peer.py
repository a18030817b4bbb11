"""Scores of cleanlab and Datagnosis, by their own code, from the same checkpoints.

usage: python peer.py FOLDER

Reads labels.npy [N], logits.npy [checkpoints, N, classes] of the training that saw the images, and out-of-sample.npy
[N, classes], probabilities of one that did not. Writes peer.json. A library that is not installed is left out.
"""

import importlib
import inspect
import json
import sys
import types
from importlib.metadata import version
from pathlib import Path

import numpy as np


def stand_in(name):
    """A module that Datagnosis imports for its plots and its other plugins, where it is not installed."""
    try:
        importlib.import_module(name)
    except ImportError:
        module = types.ModuleType(name)
        module.__getattr__ = lambda attribute: None
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)


def cleanlab_scores(labels, probabilities):
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    methods = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")
    scores = {
        f"cleanlab, out of sample: {method}": {
            "hard": "low",
            "values": get_label_quality_scores(labels, probabilities, method=method, adjust_pred_probs=False),
        }
        for method in methods
    }
    return scores, {"cleanlab": find_label_issues(labels, probabilities)}


def datagnosis_scores(labels, logits):
    import torch

    for name in ("matplotlib", "matplotlib.pyplot", "seaborn", "torchvision", "torchvision.transforms", "augly", "augly.image"):
        stand_in(name)
    from datagnosis.logger import remove as remove_log_sinks
    from datagnosis.plugins.core.datahandler import DataHandler
    from datagnosis.plugins.generic.plugin_confident_learning import ConfidentLearningPlugin
    from datagnosis.plugins.generic.plugin_data_maps import DataMapsPlugin
    from datagnosis.plugins.generic.plugin_el2n import EL2NPlugin
    from datagnosis.plugins.generic.plugin_forgetting import ForgettingPlugin
    from datagnosis.plugins.generic.plugin_large_loss import LargeLossPlugin

    remove_log_sinks()

    class Replay(torch.nn.Module):
        """Answers with the logits that the network had at a checkpoint; an input is the number of an example."""

        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))
            self.now = torch.from_numpy(logits[0])

        def forward(self, x):
            return self.now[x[:, 0].long()]

    size, classes = len(labels), logits.shape[2]
    targets = torch.from_numpy(labels).long()
    data = DataHandler(torch.arange(size).float()[:, None], targets, batch_size=500)
    network = Replay()
    common = {
        "model": network,
        "criterion": torch.nn.CrossEntropyLoss(),
        "optimizer": torch.optim.SGD(network.parameters(), lr=0.1),
        "lr": 0.1,
        "epochs": len(logits),
        "num_classes": classes,
        "device": torch.device("cpu"),
    }
    plugins = [
        LargeLossPlugin(**common),
        EL2NPlugin(**common),
        ForgettingPlugin(**common, total_samples=size),
        DataMapsPlugin(**common),
        ConfidentLearningPlugin(**common),
    ]
    scores = {}
    for plugin in plugins:
        # What its fit() sets. It walks the shuffled loader for some plugins, so that scores are of other examples; the
        # other one is given here.
        plugin.dataloader = plugin.dataloader_unshuffled = data.dataloader_unshuffled
        plugin._updates_params = inspect.signature(plugin._updates).parameters
        for each in logits if plugin.update_point == "per-epoch" else logits[-1:]:
            network.now = torch.from_numpy(each)
            plugin._safe_update(
                net=network,
                device=common["device"],
                logits=network.now,
                targets=targets,
                probs=torch.softmax(network.now, 1),
                indices=torch.arange(size),
            )
        plugin.has_been_fit = True
        values = plugin.compute_scores()
        columns = values if isinstance(values, tuple) else (values,)
        names = plugin.score_names if isinstance(values, tuple) else (None,)
        for name, column in zip(names, columns):
            title = plugin.name() if name is None else f"{plugin.name()}, {name.lower()}"
            scores[f"Datagnosis: {title}"] = {"hard": plugin.hard_direction(), "values": column}
    return scores


def main(folder):
    labels = np.load(folder / "labels.npy").astype(np.int64)
    answer = {"versions": {}, "scores": {}, "flags": {}, "absent": {}}
    try:
        scores, flags = cleanlab_scores(labels, np.load(folder / "out-of-sample.npy"))
        answer["scores"].update(scores)
        answer["flags"].update(flags)
        answer["versions"]["cleanlab"] = version("cleanlab")
    except ImportError as error:
        answer["absent"]["cleanlab"] = str(error)
    try:
        answer["scores"].update(datagnosis_scores(labels, np.load(folder / "logits.npy")))
        answer["versions"]["datagnosis"] = version("datagnosis")
    except ImportError as error:
        answer["absent"]["datagnosis"] = str(error)
    for entry in answer["scores"].values():
        entry["values"] = [float(value) for value in entry["values"]]
    answer["flags"] = {name: [int(flag) for flag in flags] for name, flags in answer["flags"].items()}
    (folder / "peer.json").write_text(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
