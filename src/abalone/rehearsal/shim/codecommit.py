"""CodeCommit: repositories, without their commits."""

from datetime import UTC, datetime

from abalone.rehearsal.isolation import ACCOUNT, REGION
from abalone.rehearsal.shim.records import Document, Records, arn, new_id


class CodeCommit:
    """Repositories that nothing can be pushed to."""

    def __init__(self) -> None:
        self._repositories = Records(missing="RepositoryDoesNotExistException", taken="RepositoryNameExistsException")
        self._tags: dict[str, dict[str, str]] = {}

    def create_repository(self, request: Document) -> Document:
        """Keep a repository."""
        name, now = request["repositoryName"], datetime.now(UTC)
        described: Document = {key: request[key] for key in ("repositoryDescription", "kmsKeyId") if key in request}
        metadata: Document = {
            "repositoryName": name,
            "repositoryId": new_id(),
            "accountId": ACCOUNT,
            "Arn": arn("codecommit", name),
            "cloneUrlHttp": f"https://git-codecommit.{REGION}.amazonaws.com/v1/repos/{name}",
            "cloneUrlSsh": f"ssh://git-codecommit.{REGION}.amazonaws.com/v1/repos/{name}",
            "creationDate": now,
            "lastModifiedDate": now,
            **described,
        }
        self._tags[metadata["Arn"]] = request.get("tags", {})
        return {"repositoryMetadata": self._repositories.add(name, metadata)}

    def get_repository(self, request: Document) -> Document:
        """Return a repository."""
        return {"repositoryMetadata": self._repositories.find(request["repositoryName"])}

    def list_repositories(self, _request: Document) -> Document:
        """Return the names of the repositories."""
        return {
            "repositories": [
                {"repositoryName": name, "repositoryId": metadata["repositoryId"]}
                for name, metadata in self._repositories.items()
            ]
        }

    def update_repository_description(self, request: Document) -> Document:
        """Describe a repository anew."""
        self._repositories.find(request["repositoryName"])["repositoryDescription"] = request["repositoryDescription"]
        return {}

    def delete_repository(self, request: Document) -> Document:
        """Forget a repository; one that is not there counts as forgotten."""
        forgotten = self._repositories.pop(request["repositoryName"], None)
        return {"repositoryId": forgotten["repositoryId"]} if forgotten else {}

    def tag_resource(self, request: Document) -> Document:
        """Set tags."""
        self._tags.setdefault(request["resourceArn"], {}).update(request["tags"])
        return {}

    def untag_resource(self, request: Document) -> Document:
        """Remove tags."""
        for key in request["tagKeys"]:
            self._tags.get(request["resourceArn"], {}).pop(key, None)
        return {}

    def list_tags_for_resource(self, request: Document) -> Document:
        """Return the tags of a repository."""
        return {"tags": self._tags.get(request["resourceArn"], {})}
