"""A server on this machine that answers SageMaker's and CloudWatch's clients as one scripted execution goes on."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REGION = "eu-west-1"
ACCOUNT = "123456789012"
EXECUTION = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/abalone-dev/execution/x1y2z3"
STARTED = 1_780_000_000


def job_arn(step: str, kind: str = "processing-job") -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{kind}/pipelines-x1y2z3-{step}"


def listed(name: str, status: str, seconds: float | None = None, **more: Any) -> dict[str, Any]:
    """A step as ListPipelineExecutionSteps tells it; one that runs has no end."""
    ended = {} if seconds is None else {"EndTime": STARTED + seconds}
    return {"StepName": name, "StartTime": STARTED, "StepStatus": status, "AttemptCount": 1, **ended, **more}


def ran(name: str, status: str, seconds: float | None = None, **more: Any) -> dict[str, Any]:
    """A step that has a processing job."""
    return listed(name, status, seconds, Metadata={"ProcessingJob": {"Arn": job_arn(name)}}, **more)


@dataclass
class Look:
    """What one look at the execution shows."""

    status: str
    steps: Sequence[dict[str, Any]] = ()
    reason: str = ""


@dataclass
class Script:
    """What the server answers.

    `looks` are gone through one by one, and the last stays. `faults` come before the answers: HTTP status and error
    code, by operation. `logs` are the lines of a log stream, by its name. Another user updates the pipeline right after
    each update: `updated` is the version that an update has made, `started` the one that an execution runs.
    """

    looks: list[Look]
    faults: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    logs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    domains: Sequence[str] = ()
    updated: int = 1
    started: int | None = None
    calls: list[str] = field(default_factory=list)
    endpoint: str = ""
    current: Look = field(default_factory=lambda: Look("Executing"))

    @property
    def env(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": REGION,
        }

    def answer(self, operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.calls.append(operation)
        if faults := self.faults.get(operation):
            status, code = faults.pop(0)
            return status, {"__type": code, "message": f"scripted {code}"}
        return 200, getattr(self, f"_{operation}")(request)

    def _DescribePipeline(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"PipelineName": request["PipelineName"]}

    def _UpdatePipeline(self, _: dict[str, Any]) -> dict[str, Any]:
        self.updated += 1
        return {"PipelineArn": EXECUTION.partition("/execution/")[0], "PipelineVersionId": self.updated}

    def _StartPipelineExecution(self, request: dict[str, Any]) -> dict[str, Any]:
        self.started = request.get("PipelineVersionId", self.updated + 1)
        return {"PipelineExecutionArn": EXECUTION}

    def _DescribePipelineExecution(self, _: dict[str, Any]) -> dict[str, Any]:
        self.current = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        return {"PipelineExecutionStatus": self.current.status, "FailureReason": self.current.reason}

    def _ListPipelineExecutionSteps(self, request: dict[str, Any]) -> dict[str, Any]:
        """One step a page, the last one first, as SageMaker lists them."""
        page = int(request.get("NextToken", 0))
        steps = [*reversed(self.current.steps)]
        following = {"NextToken": str(page + 1)} if page + 1 < len(steps) else {}
        return {"PipelineExecutionSteps": steps[page : page + 1], **following}

    def _StopPipelineExecution(self, _: dict[str, Any]) -> dict[str, Any]:
        steps = [{**step, "StepStatus": "Stopped", "EndTime": STARTED + 9} for step in self.current.steps]
        self.looks[:] = [Look("Stopping", self.current.steps), Look("Stopped", steps)]
        return {"PipelineExecutionArn": EXECUTION}

    def _ListDomains(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"Domains": [{"DomainId": domain} for domain in self.domains]}

    def _DescribeLogStreams(self, request: dict[str, Any]) -> dict[str, Any]:
        names = [name for name in self.logs if name.startswith(request["logStreamNamePrefix"])]
        return {"logStreams": [{"logStreamName": name} for name in names]}

    def _GetLogEvents(self, request: dict[str, Any]) -> dict[str, Any]:
        lines = self.logs[request["logStreamName"]][-request["limit"] :]
        return {"events": [{"timestamp": STARTED * 1000, "message": line} for line in lines]}


@contextmanager
def serving(script: Script) -> Iterator[Script]:
    """Serve a script, at its `endpoint`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, content = script.answer(self.headers["X-Amz-Target"].split(".")[-1], request)
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        script.endpoint = f"http://127.0.0.1:{server.server_port}"
        try:
            yield script
        finally:
            server.shutdown()
