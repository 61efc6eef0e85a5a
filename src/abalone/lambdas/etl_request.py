"""What asks for an ETL execution, and the name that makes asking twice one execution."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from abalone.lambdas.errors import EventError
from abalone.lambdas.landing import is_batch


class EtlRequest(NamedTuple):
    """One execution of the ETL state machine, which reads the whole landing zone.

    Attributes:
        source: What asks: landing, pipeline or manual.
        name: Of the execution; the same whenever the same event comes again.
        key: The batch that asked, for the record; None if none did.
        job_id: The CodePipeline job that waits for it; None if none does.
    """

    source: str
    name: str
    key: str | None = None
    job_id: str | None = None

    def execution_input(self, bucket: str) -> str:
        """Return the input of the execution, as JSON.

        Args:
            bucket: Of the environment.
        """
        return json.dumps({"source": self.source, "bucket": bucket, "key": self.key, "job_id": self.job_id})


def requested_by_landing(event: Mapping[str, Any], bucket: str) -> EtlRequest | None:
    """Read EventBridge's event of an object that was created.

    Args:
        event: The event.
        bucket: Of the environment.

    Returns:
        The request; None if the object is no batch in the landing zone.

    Raises:
        EventError: The event is no such event.
    """
    try:
        landed, obj = event["detail"]["bucket"]["name"], event["detail"]["object"]
        key = obj["key"]
        version = obj.get("version-id") or obj["sequencer"]
    except (KeyError, TypeError) as error:
        raise EventError(f"The event is no 'Object Created' of S3, {error!r} is missing or wrong.") from error
    if landed != bucket or not is_batch(key):
        return None
    digest = hashlib.sha256(f"{key}\n{version}".encode()).hexdigest()
    return EtlRequest("landing", f"landing-{digest[:48]}", key=key)


def requested_by_pipeline(job: Mapping[str, Any]) -> EtlRequest:
    """Read a job of CodePipeline.

    Args:
        job: What the event has as `CodePipeline.job`.
    """
    return EtlRequest("pipeline", f"pipeline-{job['id']}", job_id=job["id"])


def requested_by_hand(event: Mapping[str, Any], request_id: str) -> EtlRequest:
    """Read what a person sends: source, and, for the record, the key of a batch if one is why.

    Args:
        event: The event.
        request_id: Of the invocation.

    Raises:
        EventError: It is none of the three events.
    """
    key = event.get("key")
    if event.get("source") != "manual" or not (key is None or isinstance(key, str)):
        raise EventError(
            'The event is no "Object Created" of S3, no CodePipeline job, and not {"source": "manual"}: '
            + json.dumps(event, default=str)[:500]
        )
    return EtlRequest("manual", f"manual-{request_id}", key=key)
