"""Flask, and a scikit-learn model on a DataFrame; MODEL is a skops file."""

import os

import pandas as pd
import skops.io
from flask import Flask, jsonify, request
from flask.wrappers import Response

MODEL = os.environ["MODEL"]

app = Flask(__name__)
model = skops.io.load(MODEL, trusted=skops.io.get_untrusted_types(file=MODEL))


@app.post("/")
def predict() -> Response:
    """Predict the rings of records."""
    return jsonify(predictions=model.predict(pd.DataFrame(request.get_json())).tolist())
