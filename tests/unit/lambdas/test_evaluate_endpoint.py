import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from abalone.lambdas.errors import EndpointAnswerError, EndpointUnavailableError, HeldOutDataError, SettingError
from abalone.lambdas.evaluate_endpoint import handler
from abalone.lambdas.held_out import KEY
from abalone.lambdas.runtime import get_logger
from abalone.model.artifact import Artifact
from abalone.model.metrics import coverage
from abalone.schema import COLUMN_NAMES, MEASUREMENT_NAMES
from support import training
from support.answering import answering
from support.service import RunningService, running_service
from support.waiting import free_port

ENDPOINT = "abalone-test-staging"
PREDICTION = {"rings": 9.0, "lower_rings": 7.0, "upper_rings": 12.0}


@pytest.fixture(scope="module")
def service(artifact_directory: Path) -> Iterator[RunningService]:
    with running_service(model=artifact_directory, endpoint_name=ENDPOINT) as running:
        yield running


@pytest.fixture
def served(service: RunningService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", service.url)


@pytest.fixture
def held_out(aws, bucket) -> pd.DataFrame:
    """Held-out animals, in place."""
    survey = training.survey_table()[list(COLUMN_NAMES)]
    table = survey[survey["shucked_weight"] < survey["whole_weight"]].iloc[1::20].reset_index(drop=True)
    put(aws, bucket, table.to_csv(index=False).encode())
    return table


def put(aws, bucket, body):
    aws("s3").put_object(Bucket=bucket, Key=KEY, Body=body)


def evaluation(**more):
    return {"endpoint_name": ENDPOINT, "model_package_arn": "arn:aws:sagemaker:…/1", "execution": "one", **more}


@pytest.mark.usefixtures("served")
def test_figures_are_those_of_the_model_that_the_endpoint_serves(
    held_out: pd.DataFrame, trained: tuple[object, Artifact], context, monkeypatch
):
    monkeypatch.setenv("ABALONE_BATCH_ROWS", "50")

    answer = handler(evaluation(), context)

    predicted = trained[1].predict({name: held_out[name].tolist() for name in MEASUREMENT_NAMES})
    errors = predicted.rings - held_out["rings"]
    assert answer["rows"] == len(held_out)
    assert answer["rmse"] == pytest.approx(np.sqrt(np.mean(errors**2)))
    assert answer["mae"] == pytest.approx(np.mean(np.abs(errors)))
    assert answer["coverage"] == pytest.approx(coverage(held_out["rings"], predicted.lower, predicted.upper))
    latency = answer["latency_ms"]
    assert 0 < latency["p50"] <= latency["p95"] <= latency["p99"]


@pytest.mark.usefixtures("served", "held_out")
def test_report_is_kept_under_the_name_of_the_execution(aws, bucket, context):
    answer = handler(evaluation(), context)

    key = f"data/08_reporting/system_test/{ENDPOINT}/one.json"
    assert answer["report"] == f"s3://{bucket}/{key}"
    report = json.loads(aws("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
    assert (report["endpoint_name"], report["model_package_arn"]) == (ENDPOINT, "arn:aws:sagemaker:…/1")
    figures = {name: value for name, value in answer.items() if name != "report"}
    assert figures.items() <= report.items()


@pytest.mark.usefixtures("served", "held_out")
def test_columns_in_another_order_are_the_same_animals(aws, bucket, held_out, context):
    before = handler(evaluation(), context)
    put(aws, bucket, held_out[list(reversed(COLUMN_NAMES))].assign(note="x").to_csv(index=False).encode())

    after = handler(evaluation(), context)

    assert after["rmse"] == before["rmse"]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "has no column sex, length"),
        (
            b"sex,length,diameter,height,whole_weight,shucked_weight,viscera_weight,shell_weight\n",
            "has no column rings",
        ),
        (f"{','.join(COLUMN_NAMES)}\n".encode(), "has no rows"),
        (f"{','.join(COLUMN_NAMES)}\nM,1,1,1,1,1,1,1\n".encode(), "lacks a value in line 2"),
        (f"{','.join(COLUMN_NAMES)}\nM,1,1,1,1,1,1,1,many\n".encode(), "has 'many' for rings in line 2"),
        (f"{','.join(COLUMN_NAMES)}\nM,1,1,1,1,1,1,1,nan\n".encode(), "has 'nan' for rings in line 2"),
        (f"{','.join(COLUMN_NAMES)}\nM,1,1,1,1,1,1,1,-inf\n".encode(), "has '-inf' for rings in line 2"),
        (b"\xff\xfe", "is not UTF-8"),
    ],
)
def test_held_out_rows_that_are_none_are_named_with_the_remedy(aws, bucket, context, body, fault):
    put(aws, bucket, body)

    with pytest.raises(HeldOutDataError, match=f"held_out.csv {fault}.*: run the feature engineering pipeline"):
        handler(evaluation(), context)


def test_missing_held_out_rows_are_named(bucket, context):
    with pytest.raises(HeldOutDataError, match=f"s3://{bucket}/{KEY} does not exist"):
        handler(evaluation(), context)


@pytest.mark.usefixtures("held_out")
def test_endpoint_that_nobody_serves_is_unavailable(context, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", f"http://127.0.0.1:{free_port()}")

    with pytest.raises(EndpointUnavailableError, match=f"The endpoint {ENDPOINT} does not answer: "):
        handler(evaluation(), context)


@pytest.mark.usefixtures("served", "held_out")
def test_endpoint_of_another_name_is_no_answer(context):
    with pytest.raises(EndpointAnswerError, match="The endpoint other answers 404"):
        handler(evaluation(endpoint_name="other"), context)


@pytest.mark.usefixtures("served")
def test_rows_that_the_service_refuses_are_named_in_its_words(aws, bucket, context):
    put(aws, bucket, f"{','.join(COLUMN_NAMES)}\nM,0.5,0.4,0.5,1,0.4,0.2,0.3,9\n".encode())

    with pytest.raises(EndpointAnswerError, match=r"answers 422: .*height 0.5 is not below diameter 0.4"):
        handler(evaluation(), context)


@pytest.mark.usefixtures("held_out")
@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (503, {"message": "starting"}, EndpointUnavailableError),
        (500, {"message": "a fault"}, EndpointUnavailableError),
        (429, {"message": "later"}, EndpointUnavailableError),
        (400, {"__type": "ThrottlingException", "message": "later"}, EndpointUnavailableError),
        (400, {"__type": "ValidationError", "message": "Endpoint abalone not found"}, EndpointAnswerError),
        (424, {"__type": "ModelError", "OriginalStatusCode": 503, "message": "down"}, EndpointUnavailableError),
        (424, {"__type": "ModelError", "OriginalStatusCode": 422, "message": "rows"}, EndpointAnswerError),
        (200, {"predictions": []}, EndpointAnswerError),
        (200, {"predictions": [PREDICTION | {"rings": None}]}, EndpointAnswerError),
        (200, {"predictions": [PREDICTION | {"rings": float("nan")}]}, EndpointAnswerError),
        (200, {"predictions": [{"rings": 9.0}]}, EndpointAnswerError),
        (200, [1], EndpointAnswerError),
    ],
)
def test_answer_without_predictions_is_told_apart_by_whether_another_try_may_help(
    context, monkeypatch, status, body, error
):
    with answering(status, json.dumps(body).encode()) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", url)

        with pytest.raises(error, match=f"The endpoint {ENDPOINT} answers "):
            handler(evaluation(), context)


@pytest.mark.usefixtures("served", "held_out")
@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_size_that_is_no_count_is_named(context, monkeypatch, value):
    monkeypatch.setenv("ABALONE_LATENCY_REQUESTS", value)

    with pytest.raises(SettingError, match=f"ABALONE_LATENCY_REQUESTS of the function is '{value}'"):
        handler(evaluation(), context)


@pytest.mark.usefixtures("served", "held_out")
def test_log_is_json_lines_that_name_the_request(context, monkeypatch):
    # whoever configures logging in this process takes the handler away
    handlers = get_logger("abalone.lambdas.evaluate_endpoint").handlers
    (handling,) = [each for each in handlers if type(each) is logging.StreamHandler]
    monkeypatch.setattr(handling, "stream", written := io.StringIO())

    handler(evaluation(), context)

    (line,) = [json.loads(line) for line in written.getvalue().splitlines()]
    assert (line["message"], line["level"], line["request_id"]) == ("evaluated", "INFO", context.aws_request_id)
    assert line["latency_ms"]["p95"] > 0
