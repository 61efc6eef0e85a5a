"""Glue: jobs with all that they were given."""

from typing import Any

from abalone.rehearsal.shim.records import Document, arn


class Glue:
    """Jobs of MiniStack, which starts them and keeps neither their tags nor how many may run at once."""

    def __init__(self, ministack: Any) -> None:
        """Stand in front of MiniStack, given as boto3's client."""
        self._ministack = ministack
        self._execution_properties: dict[str, Document] = {}

    def create_job(self, request: Document) -> Document:
        """Make a job."""
        name = request["Name"]
        self._ministack.create_job(**request)
        self._ministack.tag_resource(ResourceArn=arn("glue", f"job/{name}"), TagsToAdd=request.get("Tags", {}))
        self._execution_properties[name] = request.get("ExecutionProperty", {"MaxConcurrentRuns": 1})
        return {"Name": name}

    def update_job(self, request: Document) -> Document:
        """Change a job."""
        name, update = request["JobName"], request["JobUpdate"]
        self._ministack.update_job(**request)
        self._execution_properties[name] = update.get("ExecutionProperty", {"MaxConcurrentRuns": 1})
        return {"JobName": name}

    def get_job(self, request: Document) -> Document:
        """Return a job."""
        name = request["JobName"]
        job = self._ministack.get_job(JobName=name)["Job"]
        return {"Job": {**job, "ExecutionProperty": self._execution_properties[name]}}
