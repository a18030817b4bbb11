"""The VoG plugin of Datagnosis, its own code, given our checkpoints.

Its fit() trains the network itself. What it calls after each epoch, and at the end, is called here instead, with the
weights that all peers are given.
"""
import sys
import types

import torch
from torch import nn


def _stand_in(name: str, **attributes: object) -> None:
    """A module that Datagnosis imports for its plots and for another plugin, and that VoG never calls."""
    module = types.ModuleType(name)
    module.__dict__.update(attributes)
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)


for name in ("matplotlib", "matplotlib.pyplot", "seaborn", "torchvision", "torchvision.transforms", "augly", "augly.image"):
    _stand_in(name)

from datagnosis.logger import remove as remove_log_sinks  # noqa: E402
from datagnosis.plugins.core.datahandler import DataHandler  # noqa: E402
from datagnosis.plugins.generic.plugin_vog import VOGPlugin  # noqa: E402

remove_log_sinks()


class DatagnosisVog:
    """`shuffled` is what Datagnosis does: its update walks the loader that training shuffles."""

    def __init__(self, network: nn.Module, images: torch.Tensor, labels: torch.Tensor, chunk: int, shuffled: bool):
        data = DataHandler(images, labels, batch_size=chunk)
        self.plugin = VOGPlugin(
            model=network,
            criterion=nn.CrossEntropyLoss(),
            optimizer=torch.optim.SGD(network.parameters(), lr=0.1),
            lr=0.1,
            epochs=1,
            num_classes=10,
            device=torch.device("cpu"),
        )
        self.plugin.dataloader = data.dataloader if shuffled else data.dataloader_unshuffled

    def checkpoint(self, network: nn.Module) -> None:
        self.plugin._updates(net=network)

    def scores(self) -> torch.Tensor:
        self.plugin.has_been_fit = True
        return torch.from_numpy(self.plugin.compute_scores(recompute=True))
