"""Cloud9: environments, without their instances."""

from abalone.rehearsal.isolation import ACCOUNT
from abalone.rehearsal.shim.errors import RefusedError
from abalone.rehearsal.shim.records import Document, Records, Tags, arn, new_id


class Cloud9:
    """Environments that are ready at once."""

    def __init__(self) -> None:
        self._environments = Records(missing="NotFoundException")
        self._tags = Tags()

    def create_environment_ec2(self, request: Document) -> Document:
        """Keep an environment."""
        identifier = new_id().replace("-", "")
        environment = {
            "id": identifier,
            "name": request["name"],
            "description": request.get("description", ""),
            "type": "ec2",
            "connectionType": request.get("connectionType", "CONNECT_SSH"),
            "arn": arn("cloud9", f"environment:{identifier}"),
            "ownerArn": request.get("ownerArn", f"arn:aws:iam::{ACCOUNT}:root"),
            "lifecycle": {"status": "CREATED"},
            "managedCredentialsStatus": "DISABLED_BY_DEFAULT",
        }
        self._environments.add(identifier, environment)
        self._tags.add(environment["arn"], request.get("tags"))
        return {"environmentId": identifier}

    def describe_environments(self, request: Document) -> Document:
        """Return environments."""
        found = [self._environments[each] for each in request["environmentIds"] if each in self._environments]
        if not found:
            raise RefusedError("NotFoundException", f"none of {', '.join(request['environmentIds'])} exists")
        return {"environments": found}

    def describe_environment_status(self, request: Document) -> Document:
        """Return whether an environment is ready."""
        self._environments.find(request["environmentId"])
        return {"status": "ready", "message": ""}

    def list_environments(self, _request: Document) -> Document:
        """Return the identifiers of the environments."""
        return {"environmentIds": list(self._environments)}

    def update_environment(self, request: Document) -> Document:
        """Change the name, the description and the credentials of an environment."""
        changes: Document = {key: request[key] for key in ("name", "description") if key in request}
        self._environments.find(request["environmentId"]).update(changes)
        return {}

    def delete_environment(self, request: Document) -> Document:
        """Forget an environment."""
        self._environments.find(request["environmentId"])
        del self._environments[request["environmentId"]]
        return {}

    def tag_resource(self, request: Document) -> Document:
        """Set tags."""
        self._tags.add(request["ResourceARN"], request["Tags"])
        return {}

    def untag_resource(self, request: Document) -> Document:
        """Remove tags."""
        self._tags.remove(request["ResourceARN"], request["TagKeys"])
        return {}

    def list_tags_for_resource(self, request: Document) -> Document:
        """Return the tags of an environment."""
        return {"Tags": self._tags.list(request["ResourceARN"])}
