"""What a model is, free of Kedro: features, estimators, intervals, and the artifact on disk."""

import os

# Set before onnxruntime is imported, which sends what it measures of its use otherwise.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
