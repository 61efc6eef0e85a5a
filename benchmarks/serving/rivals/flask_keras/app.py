"""Flask and a Keras network; NETWORK is the file that network.py has written."""

import os

import keras
from flask import Flask, jsonify, request
from flask.wrappers import Response
from network import as_inputs

app = Flask(__name__)
network = keras.saving.load_model(os.environ["NETWORK"])


@app.post("/")
def predict() -> Response:
    """Predict the rings of records, in the quickest of Keras's ways."""
    return jsonify(predictions=network.predict_on_batch(as_inputs(request.get_json()))[:, 0].tolist())
