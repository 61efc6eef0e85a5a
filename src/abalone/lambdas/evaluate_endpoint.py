"""Measures an endpoint on the held-out animals: how well it predicts them, and how quickly."""

import itertools
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from abalone.lambdas.endpoint import Endpoint, open_endpoint
from abalone.lambdas.figures import accuracy, percentiles
from abalone.lambdas.held_out import HeldOut, batches, load_held_out
from abalone.lambdas.runtime import Context, client, count_setting, get_logger, required, setting

logger = get_logger(__name__)

REPORTS = "data/08_reporting/system_test"


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Evaluate an endpoint and keep the report.

    Args:
        event: endpoint_name; where known model_package_arn and execution, which names the report.
        context: Lambda's.

    Returns:
        rows, rmse, mae, coverage, latency_ms (p50, p95, p99), and where the report is.

    Raises:
        EventError: The event names no endpoint.
        HeldOutDataError: The held-out rows are missing or wrong.
        EndpointUnavailableError: The endpoint does not answer, or cannot now.
        EndpointAnswerError: The endpoint refuses the rows, or answers no predictions.
    """
    name, bucket = required(event, "endpoint_name"), setting("ABALONE_BUCKET")
    s3 = client("s3")
    held_out, endpoint = load_held_out(s3, bucket), open_endpoint(name)
    latency = percentiles(list(_latencies(endpoint, held_out)))
    predictions = [
        prediction
        for rows in batches(held_out, count_setting("ABALONE_BATCH_ROWS", 500))
        for prediction in endpoint.predict(rows)
    ]
    figures = {"rows": len(predictions), **accuracy(held_out.rings, predictions), "latency_ms": latency}
    report = _keep(s3, bucket, event, figures)
    logger.info("evaluated", extra={"fields": {"request_id": context.aws_request_id, "endpoint": name, **figures}})
    return {**figures, "report": report}


def _latencies(endpoint: Endpoint, held_out: HeldOut) -> Iterator[float]:
    """Yield the seconds that single rows take, one after the other, once the endpoint is warm."""
    rows = itertools.cycle(held_out.rows)
    for row in itertools.islice(rows, count_setting("ABALONE_WARM_UP_REQUESTS", 20)):
        endpoint.predict([row])
    # percentiles need two at least
    for row in itertools.islice(rows, max(2, count_setting("ABALONE_LATENCY_REQUESTS", 200))):
        started = time.perf_counter()
        endpoint.predict([row])
        yield time.perf_counter() - started


def _keep(s3: Any, bucket: str, event: dict[str, Any], figures: dict[str, Any]) -> str:
    evaluated_at = datetime.now(UTC)
    name = event.get("execution") or evaluated_at.strftime("%Y-%m-%dT%H.%M.%S.%fZ")
    key = f"{REPORTS}/{event['endpoint_name']}/{name}.json"
    report = {
        "endpoint_name": event["endpoint_name"],
        "model_package_arn": event.get("model_package_arn"),
        "evaluated_at": evaluated_at.isoformat(),
        **figures,
    }
    body = json.dumps(report, indent=2).encode()
    s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
    return f"s3://{bucket}/{key}"
