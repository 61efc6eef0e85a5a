"""CodePipeline: pipelines, their executions, and what functions report of their jobs."""

from datetime import UTC, datetime

from abalone.rehearsal.shim.errors import RefusedError
from abalone.rehearsal.shim.records import Document, Records, Tags, arn, new_id


class CodePipeline:
    """Pipelines that run nothing: an execution stays in progress until it is stopped."""

    def __init__(self) -> None:
        self._pipelines = Records(missing="PipelineNotFoundException", taken="PipelineNameInUseException")
        self._executions: dict[str, list[Document]] = {}
        self._tags = Tags("key", "value")

    def create_pipeline(self, request: Document) -> Document:
        """Keep a pipeline."""
        pipeline = {**request["pipeline"], "version": 1}
        identifier, now = arn("codepipeline", pipeline["name"]), datetime.now(UTC)
        metadata = {"pipelineArn": identifier, "created": now, "updated": now}
        self._pipelines.add(pipeline["name"], {"pipeline": pipeline, "metadata": metadata})
        self._tags.add(identifier, request.get("tags"))
        return {"pipeline": pipeline, "tags": self._tags.list(identifier)}

    def update_pipeline(self, request: Document) -> Document:
        """Replace a pipeline by its next version."""
        record = self._pipelines.find(request["pipeline"]["name"])
        record["pipeline"] = {**request["pipeline"], "version": record["pipeline"]["version"] + 1}
        record["metadata"]["updated"] = datetime.now(UTC)
        return {"pipeline": record["pipeline"]}

    def get_pipeline(self, request: Document) -> Document:
        """Return a pipeline and when it changed."""
        return self._pipelines.find(request["name"])

    def list_pipelines(self, _request: Document) -> Document:
        """Return the names of the pipelines."""
        return {"pipelines": [{"name": name} for name in self._pipelines]}

    def delete_pipeline(self, request: Document) -> Document:
        """Forget a pipeline and its executions; one that is not there counts as forgotten."""
        self._pipelines.pop(request["name"], None)
        self._executions.pop(request["name"], None)
        return {}

    def start_pipeline_execution(self, request: Document) -> Document:
        """Start an execution; a token that was seen before names the execution that it started."""
        name, token = request["name"], request.get("clientRequestToken", new_id())
        version = self._pipelines.find(name)["pipeline"]["version"]
        executions = self._executions.setdefault(name, [])
        for execution in executions:
            if execution["token"] == token:
                return {"pipelineExecutionId": execution["id"]}
        now = datetime.now(UTC)
        started = {"id": new_id(), "token": token, "version": version, "status": "InProgress", "start": now}
        executions.insert(0, started)
        return {"pipelineExecutionId": started["id"]}

    def stop_pipeline_execution(self, request: Document) -> Document:
        """Stop an execution."""
        self._execution(request)["status"] = "Stopped"
        return {"pipelineExecutionId": request["pipelineExecutionId"]}

    def get_pipeline_execution(self, request: Document) -> Document:
        """Return an execution."""
        execution = self._execution(request)
        return {
            "pipelineExecution": {
                "pipelineName": request["pipelineName"],
                "pipelineVersion": execution["version"],
                "pipelineExecutionId": execution["id"],
                "status": execution["status"],
            }
        }

    def list_pipeline_executions(self, request: Document) -> Document:
        """Return the executions of a pipeline, the latest first."""
        self._pipelines.find(request["pipelineName"])
        executions = self._executions.get(request["pipelineName"], [])
        return {
            "pipelineExecutionSummaries": [
                {
                    "pipelineExecutionId": execution["id"],
                    "status": execution["status"],
                    "startTime": execution["start"],
                    "lastUpdateTime": execution["start"],
                }
                for execution in executions[: request.get("maxResults")]
            ]
        }

    def put_job_success_result(self, _request: Document) -> Document:
        """Take the result of a job; that it was given is in the list of requests."""
        return {}

    def put_job_failure_result(self, _request: Document) -> Document:
        """Take the failure of a job; that it was given is in the list of requests."""
        return {}

    def tag_resource(self, request: Document) -> Document:
        """Set tags."""
        self._tags.add(request["resourceArn"], request["tags"])
        return {}

    def untag_resource(self, request: Document) -> Document:
        """Remove tags."""
        self._tags.remove(request["resourceArn"], request["tagKeys"])
        return {}

    def list_tags_for_resource(self, request: Document) -> Document:
        """Return the tags of a pipeline."""
        return {"tags": self._tags.list(request["resourceArn"])}

    def _execution(self, request: Document) -> Document:
        self._pipelines.find(request["pipelineName"])
        for execution in self._executions.get(request["pipelineName"], []):
            if execution["id"] == request["pipelineExecutionId"]:
                return execution
        raise RefusedError("PipelineExecutionNotFoundException", f"{request['pipelineExecutionId']} does not exist")
