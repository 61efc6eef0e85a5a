"""What FastAPI answers: everything but /invocations."""

import time
from collections.abc import Callable
from email.utils import format_datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated, Any

import fastapi_offline
import msgspec
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, BeforeValidator, Field
from starlette.exceptions import HTTPException

import abalone
from abalone.schema import RINGS
from abalone.serving import metrics
from abalone.serving.asgi import REQUEST_ID
from abalone.serving.capture import Capture, FeedbackEvent
from abalone.serving.faults import RequestError
from abalone.serving.messages import FaultAnswer, Problem
from abalone.serving.model_card import ModelCard
from abalone.serving.monitoring_report import LatestReport, NoReportError
from abalone.serving.openapi import refusals, with_invocations
from abalone.serving.prediction import ServedModel

_PAGE = Path(__file__).parent / "page"
_SWAGGER = Path(fastapi_offline.__file__).parent / "static"
_CODES = {400: "malformed_body", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}
_FAULT = {"$ref": "#/components/schemas/FaultAnswer"}


class Health(BaseModel):
    """The service answers."""

    status: str
    model_version: str


def _no_flag_or_text(value: object) -> object:
    if isinstance(value, bool | str):
        raise ValueError("a whole number is asked for")
    return value


# JSON's 9.0 is a whole number, and its true and "9" are none.
_IS_NUMBER = BeforeValidator(_no_flag_or_text)


class Feedback(BaseModel):
    """The rings that were counted in an animal that had been predicted."""

    inference_id: Annotated[str, Field(pattern=f"^{REQUEST_ID}$", description="X-Request-Id of the prediction")]
    row: Annotated[int, Field(ge=1, le=10_000_000, description="Which row of that request, from 1"), _IS_NUMBER] = 1
    rings: Annotated[int, Field(gt=RINGS.above, le=RINGS.maximum, description="Rings in the cut shell"), _IS_NUMBER]


def routes(current_model: Callable[[], ServedModel], capture: Capture | None, latest_report: LatestReport) -> APIRouter:
    """Make the routes.

    Args:
        current_model: Returns the model in service.
        capture: Keeps the feedback; None: feedback is refused.
        latest_report: Of monitoring.
    """
    router = APIRouter()
    no_report = Template((_PAGE / "no_report.html").read_text(encoding="utf-8"))

    @router.get("/ping", responses=refusals(_FAULT, 503))  # type: ignore[arg-type]
    async def ping() -> Health:
        """Tell whether the service can predict: it predicts a row whose answer it knows."""
        model = current_model()
        if not model.is_healthy():
            raise RequestError(503, "unhealthy", f"model {model.version} no longer predicts what it did: restart")
        return Health(status="ok", model_version=model.version)

    @router.get("/model", responses=refusals(_FAULT, 401, 429))  # type: ignore[arg-type]
    async def model() -> ModelCard:
        """Describe the model in service."""
        return current_model().card

    @router.get("/metrics", response_class=Response, responses=refusals(_FAULT, 401, 429))  # type: ignore[arg-type]
    def prometheus() -> Response:
        """Count what was done, in Prometheus's text format."""
        model = current_model()
        return Response(
            metrics.exposition(model.version, model.artifact.digest),
            media_type="text/plain; version=0.0.4; charset=utf-8",
        )

    @router.post(
        "/feedback",
        status_code=202,
        responses=refusals(_FAULT, 400, 401, 413, 422, 429, 503),  # type: ignore[arg-type]
    )
    async def feedback(label: Feedback) -> Feedback:
        """Keep the true number of rings of an animal that was predicted."""
        if capture is None:
            raise RequestError(503, "no_capture", "nothing is captured here: set ABALONE_SERVING_CAPTURE")
        if not capture.feedback.offer(FeedbackEvent(label.inference_id, label.row, label.rings, time.time())):
            raise RequestError(503, "too_busy", "too much is waiting to be written: try again")
        return label

    @router.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(_PAGE / "index.html")

    @router.get("/docs", include_in_schema=False)
    async def docs() -> FileResponse:
        return FileResponse(_PAGE / "docs.html")

    @router.get("/monitor", include_in_schema=False)
    async def monitor() -> HTMLResponse:
        try:
            report = await latest_report.get()
        except NoReportError as error:
            return HTMLResponse(no_report.substitute(reason=escape(str(error))), error.status)
        return HTMLResponse(report.content, headers={"last-modified": format_datetime(report.modified, usegmt=True)})

    return router


def framework_app(router: APIRouter, **options: Any) -> FastAPI:
    """Make the FastAPI application.

    Args:
        router: Its routes.
        options: Further options of FastAPI.
    """
    app = FastAPI(
        title="abalone",
        description="Estimates the age of an abalone from measurements.",
        version=abalone.__version__,
        docs_url=None,
        redirect_slashes=False,
        redoc_url=None,
        **options,
    )
    app.include_router(router)
    app.mount("/static/swagger", StaticFiles(directory=_SWAGGER))
    app.mount("/static", StaticFiles(directory=_PAGE))
    app.add_exception_handler(RequestError, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_invalid)
    app.add_exception_handler(HTTPException, _refuse_http)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]  # FastAPI's own way to change it
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        app.openapi_schema = with_invocations(document)
    return app.openapi_schema


def _refusal(request: Request, error: RequestError) -> Response:
    body = msgspec.json.encode(FaultAnswer(error.fault, request.scope["request_id"]))
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in error.headers}
    return Response(body, error.status, headers, media_type="application/json")


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)  # noqa: S101 - registered for no other
    return _refusal(request, error)


async def _refuse_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for no other
    problems = [
        Problem(str(each["type"]), str(each["msg"]), ".".join(map(str, each["loc"][1:])) or None)
        for each in error.errors()
    ]
    first = f"{problems[0].column}: {problems[0].message}" if problems[0].column else problems[0].message
    return _refusal(request, RequestError(422, "invalid_request", first, problems))


async def _refuse_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for no other
    headers = tuple((name.lower().encode(), value.encode()) for name, value in (error.headers or {}).items())
    code = _CODES.get(error.status_code, "refused")
    return _refusal(request, RequestError(error.status_code, code, str(error.detail), headers=headers))
