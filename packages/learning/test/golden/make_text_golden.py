"""Writes text.json: what scikit-learn makes of 24 short texts. Rerun with

    pip install scikit-learn==1.9.1 && python make_text_golden.py

The vectoriser gives n-grams of words, weighted, and of characters inside words to one TfidfVectorizer. The texts use only
characters on whose case and width Python and the kernel agree. The regression has no intercept but a constant column instead,
because the kernel penalises the bias like a weight.
"""
import json
import pathlib

import numpy as np
import scipy.sparse as sp
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

TEXTS = [
    ("Where is my card?", "card"), ("My card has not arrived yet", "card"), ("when will the new CARD arrive", "card"),
    ("I'm still waiting on my card!", "card"), ("track the delivery of my card", "card"), ("card delivery - how long?", "card"),
    ("I lost my phone", "phone"), ("my phone was stolen, what now", "phone"), ("New phone: how do I move the app?", "phone"),
    ("phone number has changed", "phone"), ("the app on my old phone", "phone"), ("Change my phone number", "phone"),
    ("What is the exchange rate?", "rate"), ("the rate is wrong", "rate"), ("why was I charged another rate", "rate"),
    ("is the exchange rate for euros fair", "rate"), ("exchange euros to pounds", "rate"), ("rate of exchange on weekends", "rate"),
    ("\u00dcberweisung  nach \u00d6sterreich", "other"), ("\u00fcberweisung fehlt", "other"), ("Wo ist die \u00dcberweisung?", "other"),
    ("top up by card_x 12,50", "other"), ("top up failed", "other"), ("a top up of 12.50", "other"),
]
LABELS = ["card", "phone", "rate", "other"]
WORD = r"[^\x00-/:-@\[-^`{-\u00bf\u2000-\u2bff]+"
WORD_WEIGHT = 1.5
C = 10.0


def main():
    texts = [text for text, _ in TEXTS]
    target = np.array([LABELS.index(label) for _, label in TEXTS])
    words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=WORD).build_analyzer()
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).build_analyzer()
    vectorizer = TfidfVectorizer(
        analyzer=lambda text: ["w:" + gram for gram in words(text)] + ["c:" + gram for gram in characters(text)],
        binary=True, min_df=2, norm=None,
    )
    raw = vectorizer.fit_transform(texts)
    names = vectorizer.get_feature_names_out()
    weight = np.array([WORD_WEIGHT if name.startswith("w:") else 1.0 for name in names])
    matrix = normalize(raw @ sp.diags(weight))
    design = sp.hstack([matrix, np.ones((len(texts), 1))]).tocsr()
    fit = LogisticRegression(C=C, fit_intercept=False, tol=1e-10, max_iter=10_000).fit(design, target)
    golden = {
        "scikit_learn": sklearn.__version__,
        "texts": texts,
        "target": target.tolist(),
        "classes": LABELS,
        "word_weight": WORD_WEIGHT,
        "C": C,
        "idf": {name: float(value) for name, value in zip(names, vectorizer.idf_ * weight)},
        "rows": [
            {names[j]: round(float(row[0, j]), 12) for j in row.nonzero()[1]} for row in (matrix[i] for i in range(0, 24, 5))
        ],
        "probabilities": fit.predict_proba(design).round(12).tolist(),
    }
    path = pathlib.Path(__file__).with_name("text.json")
    path.write_text(json.dumps(golden, separators=(",", ":"), ensure_ascii=True) + "\n")


main()
