"""POST /invocations: a lean route, because it answers ten thousand times a second on one core."""

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import parse_qsl

from abalone.serving import metrics
from abalone.serving.asgi import SECURITY_HEADERS, Receive, Scope, Send, send_answer
from abalone.serving.batching import BATCH_ROWS, MicroBatcher
from abalone.serving.body import BodyReader
from abalone.serving.capture import Capture, PredictionEvent
from abalone.serving.faults import RequestError, invalid_rows
from abalone.serving.formats import (
    Batch,
    Format,
    WrittenFormat,
    format_of_answer,
    format_of_request,
    read,
    read_sound,
    write,
)
from abalone.serving.messages import Outcome, Prediction
from abalone.serving.prediction import Evaluated, ServedModel, evaluate, outcomes_of

INLINE_BYTES = 8192
"""Larger bodies are answered in a thread, beside the event loop, and so are those in which something cannot be read;
for others, the way there takes longer than the answer."""

_CUSTOM_ATTRIBUTES = b"x-amzn-sagemaker-custom-attributes"
_INVALID_ROWS = "invalid_rows"
_REPORTS = {"refuse": False, "report": True}


@dataclass(frozen=True, slots=True)
class Invocation:
    """A request for predictions, read so far that only its body is left to look at."""

    inference_id: str
    form: Format
    answer_form: WrittenFormat
    reports_invalid_rows: bool
    body: bytes


class Invocations:
    """Answers requests for predictions.

    Args:
        current_model: Returns the model in service.
        bodies: Reads the bodies.
        capture: Keeps what was asked and answered; None: nothing is kept.
        default_invalid_rows: `refuse` or `report`: what happens to a request with an impossible row, unless it says.
    """

    def __init__(
        self,
        current_model: Callable[[], ServedModel],
        bodies: BodyReader,
        capture: Capture | None,
        default_invalid_rows: str,
    ) -> None:
        self._current_model = current_model
        self._bodies = bodies
        self._capture = capture
        self._default_invalid_rows = default_invalid_rows
        self._batcher = MicroBatcher(current_model)
        # One thread: it is the interpreter that limits, and a second one would only take turns with it.
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="invocations")

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, headers: Mapping[bytes, bytes], request_id: str
    ) -> None:
        """Answer one request.

        Args:
            scope: Of ASGI.
            receive: Of ASGI.
            send: Of ASGI.
            headers: Of the request, by name in lower case.
            request_id: What the predictions will be known by.

        Raises:
            RequestError: The request is refused.
            ClientDisconnected: Nobody waits for the answer.
        """
        form = format_of_request(headers.get(b"content-type", b"").decode("latin-1"))
        answer_form = format_of_answer(headers.get(b"accept", b"").decode("latin-1"), form)
        reports_invalid_rows = self._reports_invalid_rows(scope["query_string"], headers)
        if headers.get(b"content-encoding", b"identity") != b"identity":
            raise RequestError(415, "unsupported_encoding", "Content-Encoding is not read here: send the body as it is")
        declared = headers.get(b"content-length")
        body = await self._bodies.read(receive, int(declared) if declared is not None else None)
        try:
            invocation = Invocation(request_id, form, answer_form, reports_invalid_rows, body)
            batch = read_sound(form, body) if len(body) <= INLINE_BYTES else None
            if batch is not None and len(batch.sexes) <= BATCH_ROWS:
                model, evaluated = await self._batcher.evaluate(batch)
                answer = _answer(invocation, batch, model, evaluated)
            else:
                loop = asyncio.get_running_loop()
                model, answer = await loop.run_in_executor(
                    self._executor, _answer_in_thread, invocation, self._current_model()
                )
        finally:
            self._bodies.release(body)
        media_type = answer_form.format.value
        if self._capture is not None:
            self._capture.predictions.offer(
                PredictionEvent(
                    inference_id=request_id,
                    time=time.time(),
                    content_type=form.value,
                    request=body,
                    accept=media_type,
                    answer=answer,
                    model_version=model.version,
                )
            )
        await send_answer(
            send,
            200,
            [
                (b"content-type", media_type.encode()),
                (b"x-request-id", request_id.encode()),
                (b"x-model-version", model.version.encode()),
                *SECURITY_HEADERS,
            ],
            answer,
        )

    def close(self) -> None:
        """End the thread, after what it is at."""
        self._executor.shutdown()

    def _reports_invalid_rows(self, query: bytes, headers: Mapping[bytes, bytes]) -> bool:
        given = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)).get(_INVALID_ROWS) if query else None
        if given is None and _CUSTOM_ATTRIBUTES in headers:
            attributes = headers[_CUSTOM_ATTRIBUTES].decode("latin-1").split(",")
            pairs = dict(attribute.strip().partition("=")[::2] for attribute in attributes)
            given = pairs.get(_INVALID_ROWS)
        reports = _REPORTS.get(self._default_invalid_rows if given is None else given)
        if reports is None:
            raise RequestError(422, "invalid_parameter", f"{_INVALID_ROWS} is {given!r:.50}: give refuse or report")
        return reports


def _answer_in_thread(invocation: Invocation, model: ServedModel) -> tuple[ServedModel, bytes]:
    batch = read(invocation.form, invocation.body)
    evaluated = evaluate(model, batch.sexes, batch.numbers)
    return model, _answer(invocation, batch, model, evaluated)


def _answer(invocation: Invocation, batch: Batch, model: ServedModel, evaluated: Evaluated) -> bytes:
    outcomes, problems = outcomes_of(model, batch, evaluated)
    if problems and not invocation.reports_invalid_rows:
        metrics.count_rows(predicted=0, invalid=len({problem.row for problem in problems}))
        raise invalid_rows(problems, rows=len(outcomes))
    _count(outcomes)
    return write(
        invocation.answer_form,
        invocation.inference_id,
        model.version,
        outcomes,
        request_has_header=batch.has_header,
    )


def _count(outcomes: list[Outcome]) -> None:
    predictions = [outcome for outcome in outcomes if isinstance(outcome, Prediction)]
    metrics.count_rows(predicted=len(predictions), invalid=len(outcomes) - len(predictions))
    if predictions:
        metrics.count_rings([prediction.rings for prediction in predictions])
    for prediction in predictions:
        if prediction.warnings:
            metrics.count_warnings([warning.code for warning in prediction.warnings])
