"""SageMaker as moto answers it, in front of which executions end: their jobs are what AWS itself would run."""

import json
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError

from support.sagemaker_account import IMAGE, Account
from support.sagemaker_server import EXECUTION, listed

GROUP = "abalone-dev"
REFUSED = "The model did not pass the gate: RMSE is 3.1 rings"


@dataclass
class Executions:
    """The executions of an account; whether their models pass the gate is `passes`."""

    account: Account
    endpoint: str
    passes: bool = True

    @property
    def env(self) -> dict[str, str]:
        return {**self.account.env, "AWS_ENDPOINT_URL_SAGEMAKER": self.endpoint}

    def answer(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any] | None:
        """Answer what is of an execution; None for anything else."""
        match operation:
            case "StartPipelineExecution":
                given = {parameter["Name"]: parameter["Value"] for parameter in request["PipelineParameters"]}
                if self.passes and given["register"] == "true":
                    self._register(given["training-key"])
                return {"PipelineExecutionArn": EXECUTION}
            case "DescribePipelineExecution":
                return {"PipelineExecutionStatus": "Succeeded" if self.passes else "Failed"}
            case "ListPipelineExecutionSteps":
                refused = listed("refused", "Failed", 0, Metadata={"Fail": {"ErrorMessage": REFUSED}})
                return {"PipelineExecutionSteps": [] if self.passes else [refused]}
            case _:
                return None

    def packages(self) -> list[dict[str, Any]]:
        """The registered models."""
        sagemaker = self.account.sagemaker
        listed = sagemaker.list_model_packages(ModelPackageGroupName=GROUP)["ModelPackageSummaryList"]
        return [sagemaker.describe_model_package(ModelPackageName=each["ModelPackageArn"]) for each in listed]

    def _register(self, key: str) -> None:
        """Register a model as the definition's last step does."""
        data = f"s3://{self.account.bucket}/sagemaker/{GROUP}/models/{key}/output/model.tar.gz"
        self.account.sagemaker.create_model_package(
            ModelPackageGroupName=GROUP,
            CustomerMetadataProperties={"training_key": key},
            InferenceSpecification={"Containers": [{"Image": IMAGE, "ModelDataUrl": data}]},
        )


@contextmanager
def ending_executions(account: Account) -> Iterator[Executions]:
    """Serve the SageMaker of an account, with the group of models that Terraform makes, and executions that end."""
    account.sagemaker.create_model_package_group(ModelPackageGroupName=GROUP)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = executions.answer(self.headers["X-Amz-Target"].split(".")[-1], json.loads(body))
            status, content = (200, json.dumps(answer).encode()) if answer is not None else self._pass_on(body)
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _pass_on(self, body: bytes) -> tuple[int, bytes]:
            headers = {name: self.headers[name] for name in ("Authorization", "Content-Type", "X-Amz-Target")}
            request = urllib.request.Request(account.endpoint, body, headers)  # noqa: S310 - this machine's
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            try:
                with opener.open(request) as answer:
                    return answer.status, answer.read()
            except HTTPError as error:
                return error.code, error.read()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        executions = Executions(account, f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield executions
        finally:
            server.shutdown()
