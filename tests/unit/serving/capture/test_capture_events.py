"""The lines, as SageMaker writes and reads them."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abalone.serving.capture import FeedbackEvent, PredictionEvent
from support.captures import NOON, feedback, prediction


def test_prediction_is_a_line_of_sagemakers_data_capture() -> None:
    line = prediction().to_line()

    assert line.endswith(b"\n")
    assert json.loads(line) == {
        "captureData": {
            "endpointInput": {
                "observedContentType": "text/csv",
                "mode": "INPUT",
                "data": "M,0.4\n",
                "encoding": "CSV",
            },
            "endpointOutput": {
                "observedContentType": "application/json",
                "mode": "OUTPUT",
                "data": '{"rings": 9}',
                "encoding": "JSON",
            },
        },
        "eventMetadata": {
            "eventId": "1c",
            "inferenceId": "8f",
            "customAttributes": ["model_version=2026-01-01"],
            "inferenceTime": "2026-09-21T14:13:20Z",
        },
        "eventVersion": "0",
    }


def test_label_is_a_line_of_sagemakers_ground_truth() -> None:
    assert json.loads(feedback(row=2, rings=11).to_line()) == {
        "groundTruthData": {"data": "11", "encoding": "CSV"},
        "eventMetadata": {"eventId": "8f", "row": 2},
        "eventVersion": "0",
    }


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("text/csv", "CSV"),
        ("Text/CSV; charset=utf-8; header=present", "CSV"),
        ("application/json", "JSON"),
        ("application/jsonlines", "JSON"),
        ("application/octet-stream", "BASE64"),
        ("", "BASE64"),
    ],
)
def test_encoding_is_that_of_the_content_type(content_type: str, encoding: str) -> None:
    event = PredictionEvent("8f", NOON, content_type, b"1", "text/csv", b"2", "")

    sent = json.loads(event.to_line())["captureData"]["endpointInput"]

    assert (sent["observedContentType"], sent["encoding"]) == (content_type, encoding)


@given(
    st.text(),
    st.binary(),
    st.sampled_from(["text/csv", "application/json", "application/jsonlines", "image/png"]),
    st.floats(0, 4e9),
)
def test_whatever_was_sent_is_found_in_one_line(inference_id: str, body: bytes, content_type: str, time: float) -> None:
    line = PredictionEvent(inference_id, time, content_type, body, content_type, body, "").to_line()

    assert line.count(b"\n") == 1
    record = json.loads(line)
    for payload in record["captureData"].values():
        is_text = payload["encoding"] in {"CSV", "JSON"}
        assert (payload["data"].encode() if is_text else base64.b64decode(payload["data"])) == body
    assert record["eventMetadata"]["inferenceId"] == inference_id


@given(st.text(), st.integers(1), st.integers())
def test_label_of_any_row_is_one_line(inference_id: str, row: int, rings: int) -> None:
    line = FeedbackEvent(inference_id, row % 2**53, rings, NOON).to_line()

    assert line.count(b"\n") == 1
    assert json.loads(line)["groundTruthData"]["data"] == str(rings)
