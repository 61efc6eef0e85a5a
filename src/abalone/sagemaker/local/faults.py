"""How a step can fail, by the names that a retry policy uses."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore import exceptions as botocore_exceptions
from s3transfer.exceptions import RetriesExceededError

INTERNAL_ERROR = "SageMaker.JOB_INTERNAL_ERROR"
SERVICE_FAULT = "Step.SERVICE_FAULT"
THROTTLING = "Step.THROTTLING"

# As botocore's own retries have them.
_THROTTLING_CODES = {
    "BandwidthLimitExceeded",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
_CONNECTION_FAULTS = (
    botocore_exceptions.ConnectionError,
    botocore_exceptions.HTTPClientError,
    botocore_exceptions.IncompleteReadError,
    RetriesExceededError,
)
_SERVER_ERROR = 500


class StepError(Exception):
    """A step failed.

    Args:
        reason: As the service would say it.
        kind: The name that retry policies know it by; None when trying again would not help.
    """

    def __init__(self, reason: str, kind: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind


class StoppedError(Exception):
    """The execution was stopped while a step was running."""


@contextmanager
def aws_faults(what: str) -> Iterator[None]:
    """Tell the faults of AWS calls by their kinds.

    Args:
        what: What the calls are for, for the reason.

    Raises:
        StepError: A call failed.
    """
    try:
        yield
    except botocore_exceptions.ClientError as error:
        raise StepError(f"{what}: {error}", _kind(error.response)) from error
    except _CONNECTION_FAULTS as error:
        raise StepError(f"{what}: {error}", SERVICE_FAULT) from error
    except botocore_exceptions.BotoCoreError as error:
        raise StepError(f"{what}: {one_line(str(error))}") from error


def one_line(report: str) -> str:
    """Put botocore's report of wrong parameters, which has a line for each, into one line."""
    return "; ".join(line.strip() for line in report.splitlines())


def _kind(response: dict[str, dict[str, object]]) -> str | None:
    if response.get("Error", {}).get("Code") in _THROTTLING_CODES:
        return THROTTLING
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return SERVICE_FAULT if isinstance(status, int) and status >= _SERVER_ERROR else None
