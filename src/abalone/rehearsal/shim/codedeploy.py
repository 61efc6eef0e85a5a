"""CodeDeploy: applications and deployment groups; the hooks of a revision are run on a host instead."""

from datetime import UTC, datetime

from abalone.rehearsal.shim.records import Document, Records, Tags, arn, new_id

DEFAULTS: Document = {
    "deploymentConfigName": "CodeDeployDefault.OneAtATime",
    "deploymentStyle": {"deploymentType": "IN_PLACE", "deploymentOption": "WITHOUT_TRAFFIC_CONTROL"},
    "outdatedInstancesStrategy": "UPDATE",
    "terminationHookEnabled": False,
}
"""What AWS fills in for a deployment group."""


class CodeDeploy:
    """Applications that nothing is deployed for."""

    def __init__(self) -> None:
        self._applications = Records(
            missing="ApplicationDoesNotExistException", taken="ApplicationAlreadyExistsException"
        )
        self._groups = Records(
            missing="DeploymentGroupDoesNotExistException", taken="DeploymentGroupAlreadyExistsException"
        )
        self._tags = Tags()

    def create_application(self, request: Document) -> Document:
        """Keep an application."""
        name = request["applicationName"]
        application = self._applications.add(
            name,
            {
                "applicationId": new_id(),
                "applicationName": name,
                "createTime": datetime.now(UTC),
                "linkedToGitHub": False,
                "computePlatform": request.get("computePlatform", "Server"),
            },
        )
        self._tags.add(arn("codedeploy", f"application:{name}"), request.get("tags"))
        return {"applicationId": application["applicationId"]}

    def get_application(self, request: Document) -> Document:
        """Return an application."""
        return {"application": self._applications.find(request["applicationName"])}

    def list_applications(self, _request: Document) -> Document:
        """Return the names of the applications."""
        return {"applications": list(self._applications)}

    def delete_application(self, request: Document) -> Document:
        """Forget an application and its deployment groups; one that is not there counts as forgotten."""
        name = request["applicationName"]
        self._applications.pop(name, None)
        for key in [key for key in self._groups if key.startswith(f"{name}/")]:
            del self._groups[key]
        return {}

    def create_deployment_group(self, request: Document) -> Document:
        """Keep a deployment group."""
        application = self._applications.find(request["applicationName"])
        key = f"{request['applicationName']}/{request['deploymentGroupName']}"
        own = {"deploymentGroupId": new_id(), "computePlatform": application["computePlatform"]}
        group = self._groups.add(key, {**DEFAULTS, **_described(request), **own})
        self._tags.add(arn("codedeploy", f"deploymentgroup:{key}"), request.get("tags"))
        return {"deploymentGroupId": group["deploymentGroupId"]}

    def update_deployment_group(self, request: Document) -> Document:
        """Change the parts of a deployment group that are given."""
        key = f"{request['applicationName']}/{request['currentDeploymentGroupName']}"
        group = self._groups.find(key)
        new_name = request.get("newDeploymentGroupName", group["deploymentGroupName"])
        group.update(_described(request), deploymentGroupName=new_name)
        self._groups[f"{request['applicationName']}/{new_name}"] = self._groups.pop(key)
        return {}

    def get_deployment_group(self, request: Document) -> Document:
        """Return a deployment group."""
        self._applications.find(request["applicationName"])
        key = f"{request['applicationName']}/{request['deploymentGroupName']}"
        return {"deploymentGroupInfo": self._groups.find(key)}

    def delete_deployment_group(self, request: Document) -> Document:
        """Forget a deployment group; one that is not there counts as forgotten."""
        self._groups.pop(f"{request['applicationName']}/{request['deploymentGroupName']}", None)
        return {"hooksNotCleanedUp": []}

    def tag_resource(self, request: Document) -> Document:
        """Set tags."""
        self._tags.add(request["ResourceArn"], request["Tags"])
        return {}

    def untag_resource(self, request: Document) -> Document:
        """Remove tags."""
        self._tags.remove(request["ResourceArn"], request["TagKeys"])
        return {}

    def list_tags_for_resource(self, request: Document) -> Document:
        """Return the tags of an application or a deployment group."""
        return {"Tags": self._tags.list(request["ResourceArn"])}


def _described(request: Document) -> Document:
    """A request as the description of the group that it makes."""
    not_kept = ("tags", "currentDeploymentGroupName", "newDeploymentGroupName")
    described = {key: value for key, value in request.items() if key not in not_kept}
    if "autoScalingGroups" in request:
        described["autoScalingGroups"] = [
            {"name": name, "hook": f"CodeDeploy-{name}"} for name in request["autoScalingGroups"]
        ]
    return described
