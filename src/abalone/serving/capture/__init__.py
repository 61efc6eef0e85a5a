"""What was asked and answered, and the true rings told later, kept the way SageMaker keeps them.

Predictions: files of JSON Lines, `<root>/<endpoint>/<variant>/yyyy/mm/dd/hh/mm-ss-mmm-<uuid>.jsonl`, by the UTC hour of
the requests, a line for each request, as SageMaker's data capture writes them:

    {"captureData": {"endpointInput": {"observedContentType": "text/csv", "mode": "INPUT", "data": "M,0.4,…",
        "encoding": "CSV"}, "endpointOutput": {…, "mode": "OUTPUT", …}}, "eventMetadata": {"eventId": "1c…",
        "inferenceId": "8f…", "customAttributes": ["model_version=2026-…"], "inferenceTime": "2026-10-01T12:00:00Z"},
        "eventVersion": "0"}

`inferenceId` is the id of the answer, which the caller may have chosen; `eventId` is the event's own. `encoding` is
CSV, JSON (of JSON Lines, too), or BASE64 of what is neither.

Labels: `<root>/<endpoint>-ground-truth/yyyy/mm/dd/hh/mm-ss-mmm-<uuid>.jsonl`, by the UTC hour in which they were told,
a line for each row. `<root>/<endpoint>-ground-truth` is what SageMaker Model Monitor takes as `GroundTruthS3Input`:

    {"groundTruthData": {"data": "9", "encoding": "CSV"}, "eventMetadata": {"eventId": "8f…", "row": 1},
        "eventVersion": "0"}

A label belongs to the prediction that has its `eventId` as `inferenceId`, there to row `row` of the answer, counted
from 1. Model Monitor knows of one row a request, and does not look at `row`. Of two labels of a row the later one
counts.

Whoever reads them skips a last line without its end: a killed process may leave one behind.
Layouts: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-model-quality-merge.html
"""

from abalone.serving.capture.capture import Capture, open_capture
from abalone.serving.capture.events import FeedbackEvent, PredictionEvent
from abalone.serving.capture.writer import CaptureWriter

__all__ = ["Capture", "CaptureWriter", "FeedbackEvent", "PredictionEvent", "open_capture"]
