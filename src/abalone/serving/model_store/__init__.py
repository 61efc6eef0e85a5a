"""Where the model comes from, and how another one takes its place while the service answers."""

from abalone.serving.model_store.folders import UnavailableError
from abalone.serving.model_store.source import ModelSource, model_source
from abalone.serving.model_store.store import ModelStore

__all__ = ["ModelSource", "ModelStore", "UnavailableError", "model_source"]
