"""scikit-learn on the texts of compare-texts.ts, one thread: TF-IDF of words (1-2) and of characters inside words (3-5), LinearSVC.

    python reference.py TRAIN.csv TEST.csv

says one line of JSON: `{scikit_learn, cpu_seconds, peak_mib, accuracy, macro_f1, text_ms}`; the seconds are those of vectorising and fitting, the
milliseconds the median for one text.
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import csv
import json
import resource
import sys
import time

import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

TEXTS_TIMED = 300


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row["category"] for row in rows]


(train_texts, train_labels), (test_texts, test_labels) = map(read, sys.argv[1:3])
start = time.process_time()
model = make_pipeline(
    make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True),
    ),
    LinearSVC(),
).fit(train_texts, train_labels)
seconds = time.process_time() - start
called = model.predict(test_texts)
times = []
for text in test_texts[:TEXTS_TIMED]:
    begin = time.perf_counter()
    model.predict([text])
    times.append(time.perf_counter() - begin)
print(json.dumps({
    "scikit_learn": sklearn.__version__,
    "cpu_seconds": seconds,
    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "accuracy": accuracy_score(test_labels, called),
    "macro_f1": f1_score(test_labels, called, average="macro"),
    "text_ms": 1000 * sorted(times)[len(times) // 2],
}))
