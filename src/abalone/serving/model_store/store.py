"""The model that answers, and its replacement by another one while it does."""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Generic, Literal, TypeVar

from abalone.errors import AbaloneError
from abalone.model.artifact import Artifact, ArtifactError
from abalone.serving.model_store.folders import UnavailableError
from abalone.serving.model_store.source import ModelSource

logger = logging.getLogger(__name__)

T = TypeVar("T")
Outcome = Literal["loaded", "refused"]

_JOIN_SECONDS = 1.0


class ModelStore(Generic[T]):
    """Holds what was built of the model, and replaces it when another model is put in its place.

    A model that cannot be loaded or built leaves the one before it in service, and is not tried again until its files
    change. A place that cannot be reached is looked at again the next time.

    Args:
        source: Where the model is.
        build: Makes of the artifact what answers; it should predict once, and raise if that fails.
        on_reload: Told what became of each other model that was found.

    Attributes:
        current: What was built of the model in service; replaced as a whole, so that a reader keeps what it has read.

    Raises:
        AbaloneError: There is no model, it cannot be reached, or it is refused.
    """

    def __init__(
        self,
        source: ModelSource,
        build: Callable[[Artifact], T],
        on_reload: Callable[[Outcome], None] = lambda _: None,
    ) -> None:
        self._source = source
        self._build = build
        self._on_reload = on_reload
        self._lock = threading.Lock()
        # of all queues and events, only this one may be used in a signal handler
        self._wakes: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._watcher: threading.Thread | None = None
        self._reachable = True
        # before the load: what is changed during the load is seen at the next look
        self._seen = source.fingerprint()
        self._artifact = source.load()
        self.current: T = self._built(self._artifact)
        logger.info("model %s is in service", _name(self._artifact))

    def reload(self) -> bool:
        """Look at the place of the model, and put another model that is found there in service.

        Never raises: what goes wrong is logged, and the model in service stays.

        Returns:
            Whether the model was replaced.
        """
        with self._lock:
            fingerprint = None
            try:
                fingerprint = self._source.fingerprint()
                replaced = fingerprint != self._seen and self._replace(fingerprint)
            except (UnavailableError, MemoryError) as error:
                self._note_fault(error)
                return False
            except Exception as error:  # whatever a file can make its readers raise
                self._refuse(fingerprint or f"unreadable: {error}", error)
                replaced = False
            self._note_recovery()
            return replaced

    def watch(self, seconds: float) -> None:
        """Look for another model again and again, in a thread of its own, until `close`.

        Args:
            seconds: Between two looks; 0: only when `request_reload` is called.
        """
        self._watcher = threading.Thread(target=self._watch, args=(seconds,), name="model-watcher", daemon=True)
        self._watcher.start()

    def request_reload(self) -> None:
        """Have the watching thread look at once. May be called in a signal handler."""
        self._wakes.put(True)

    def close(self) -> None:
        """End the watching thread; a load that hangs is left to end by itself."""
        self._wakes.put(False)
        if self._watcher is not None:
            self._watcher.join(_JOIN_SECONDS)

    def _watch(self, seconds: float) -> None:
        while True:
            try:
                goes_on = self._wakes.get(timeout=seconds or None)
            except queue.Empty:
                goes_on = True
            if not goes_on:
                return
            self.reload()

    def _replace(self, fingerprint: str) -> bool:
        artifact = self._source.load()
        is_other = (artifact.digest, artifact.version) != (self._artifact.digest, self._artifact.version)
        if is_other:
            self.current = self._built(artifact)
            logger.info("model %s replaces %s", _name(artifact), _name(self._artifact))
            self._artifact = artifact
            self._on_reload("loaded")
        self._seen = fingerprint
        return is_other

    def _refuse(self, fingerprint: str, error: Exception) -> None:
        if fingerprint == self._seen:
            return
        self._seen = fingerprint
        logger.error("the new model is refused, %s stays in service: %s", _name(self._artifact), error)
        self._on_reload("refused")

    def _note_fault(self, error: Exception) -> None:
        if self._reachable:
            logger.warning("no other model can be looked for, the one in service stays: %s", error)
        self._reachable = False

    def _note_recovery(self) -> None:
        if not self._reachable:
            logger.info("the place of the model can be reached again: %s", self._source)
        self._reachable = True

    def _built(self, artifact: Artifact) -> T:
        try:
            return self._build(artifact)
        except (AbaloneError, MemoryError):
            raise
        except Exception as error:
            raise ArtifactError(
                f"the model in {self._source} cannot predict ({error}): train again, or restore the one before it"
            ) from error


def _name(artifact: Artifact) -> str:
    return f"{artifact.version or 'without a version'} (digest {artifact.digest})"
