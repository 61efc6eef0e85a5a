"""A SageMaker endpoint that is asked for predictions, and whatever it may answer instead."""

import csv
import io
import json
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as ConnectionFailedError

from abalone.lambdas.errors import EndpointAnswerError, EndpointUnavailableError
from abalone.lambdas.figures import Prediction
from abalone.schema import MEASUREMENT_NAMES

_CONNECT_SECONDS = 5
_ANSWER_SECONDS = 20
_TIMEOUT, _TOO_MANY, _FAULT = 408, 429, 500


class Endpoint(NamedTuple):
    """An endpoint.

    Attributes:
        name: Its name.
        runtime: boto3's client of SageMaker's runtime.
    """

    name: str
    runtime: Any

    def predict(self, rows: Sequence[Sequence[str]]) -> list[Prediction]:
        """Ask for the predictions of some animals.

        Args:
            rows: Their measurements, in the order of the schema.

        Raises:
            EndpointUnavailableError: It does not answer, or cannot now.
            EndpointAnswerError: It refuses the rows, or its answer has not one sound prediction for each.
        """
        try:
            answer = self.runtime.invoke_endpoint(
                EndpointName=self.name, ContentType="text/csv", Accept="application/json", Body=_as_csv(rows)
            )
            body = answer["Body"].read()
        except ClientError as error:
            raise self._refusal(error) from error
        except (ConnectionFailedError, HTTPClientError) as error:
            raise EndpointUnavailableError(f"The endpoint {self.name} does not answer: {error}") from error
        try:
            predictions = [_prediction(row) for row in json.loads(body)["predictions"]]
        except (ValueError, KeyError, TypeError) as error:
            raise EndpointAnswerError(
                f"The endpoint {self.name} answers what is no prediction ({error!r}): {body[:200]!r}"
            ) from error
        if len(predictions) != len(rows):
            raise EndpointAnswerError(
                f"The endpoint {self.name} answers {len(predictions)} predictions for {len(rows)} rows."
            )
        return predictions

    def _refusal(self, error: ClientError) -> EndpointUnavailableError | EndpointAnswerError:
        told, metadata = error.response["Error"], error.response["ResponseMetadata"]
        # The container's own status where it was the container that answered.
        status = error.response.get("OriginalStatusCode", metadata["HTTPStatusCode"])
        message = f"The endpoint {self.name} answers {status}: {told['Message'][:500]}"
        passing = status in (_TIMEOUT, _TOO_MANY) or status >= _FAULT or told["Code"] == "ThrottlingException"
        return EndpointUnavailableError(message) if passing else EndpointAnswerError(message)


def open_endpoint(name: str) -> Endpoint:
    """Return an endpoint; nothing is asked of it yet.

    Args:
        name: Its name.
    """
    # One attempt: the client's own retries would be measured as latency, and the state machine tries again.
    config = Config(connect_timeout=_CONNECT_SECONDS, read_timeout=_ANSWER_SECONDS, retries={"total_max_attempts": 1})
    return Endpoint(name, boto3.client("sagemaker-runtime", config=config))


def _as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([MEASUREMENT_NAMES, *rows])
    return buffer.getvalue().encode()


def _prediction(row: dict[str, Any]) -> Prediction:
    prediction = Prediction(float(row["rings"]), float(row["lower_rings"]), float(row["upper_rings"]))
    if not all(map(math.isfinite, prediction)):
        raise ValueError(f"{prediction} is not finite")
    return prediction
