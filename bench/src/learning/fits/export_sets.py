"""Leaves the tables that come with scikit-learn in FOLDER as CSV files: `python export_sets.py FOLDER`. The last column is the target."""
import csv
import pathlib
import sys

from sklearn import datasets

folder = pathlib.Path(sys.argv[1])
SETS = {
    "breast-cancer": datasets.load_breast_cancer(),
    "wine": datasets.load_wine(),
    "diabetes": datasets.load_diabetes(scaled=False),
}
for name, found in SETS.items():
    with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*found.feature_names, "target"])
        for cells, target in zip(found.data.tolist(), found.target.tolist()):
            writer.writerow([*cells, target])
