"""What cleanlab's Datalab and cleanvision find in a case.

usage: python peer.py FOLDER

Reads probabilities.npy, features.npy and labels.npy for Datalab, and images (the folder `images`, PNG files named by their
number) for cleanvision; what is missing is left out. Writes peer.json.
"""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
answer = {"versions": {name: version(name) for name in ("cleanlab", "cleanvision", "numpy")}}


def load(name):
    path = folder / f"{name}.npy"
    return np.load(path) if path.exists() else None


def column(frame, name):
    return [float(value) for value in frame[name]]


labels, probabilities, features = load("labels"), load("probabilities"), load("features")
if labels is not None and (folder / "datalab").exists():
    from cleanlab import Datalab

    began = time.time()
    lab = Datalab(data={"labels": labels.tolist()}, label_name="labels", task="classification", verbosity=0)
    kinds = {"near_duplicate": {}, "outlier": {}}
    if probabilities is not None:
        kinds["label"] = {}
    lab.find_issues(pred_probs=probabilities, features=features, issue_types=kinds)
    answer["datalab"] = {"seconds": time.time() - began}
    for kind in kinds:
        frame = lab.get_issues(kind)
        entry = {"scores": column(frame, f"{kind}_score"), "flags": [int(flag) for flag in frame[f"is_{kind}_issue"]]}
        if kind == "near_duplicate":
            entry["sets"] = [[int(i) for i in each] for each in frame["near_duplicate_sets"]]
        answer["datalab"][kind] = entry

if (folder / "images").exists():
    from cleanvision import Imagelab

    began = time.time()
    files = sorted((folder / "images").glob("*.png"), key=lambda path: int(path.stem))
    lab = Imagelab(filepaths=[str(path) for path in files])
    lab.find_issues(n_jobs=1, verbose=False)
    frame = lab.issues.reindex([str(path) for path in files])
    answer["cleanvision"] = {"seconds": time.time() - began}
    for name in ("dark", "light", "blurry", "low_information", "odd_aspect_ratio", "odd_size", "grayscale"):
        flags = [int(flag) for flag in frame[f"is_{name}_issue"]]
        answer["cleanvision"][name] = {"scores": column(frame, f"{name}_score"), "flags": flags}
    number = {str(path): i for i, path in enumerate(files)}
    answer["cleanvision"]["sets"] = [
        [number[path] for path in group]
        for kind in ("exact_duplicates", "near_duplicates")
        for group in lab.info.get(kind, {}).get("sets", [])
    ]

(folder / "peer.json").write_text(json.dumps(answer))
