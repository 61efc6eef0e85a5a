"""CodeBuild: projects and report groups; their builds are run by the phase runner instead."""

from datetime import UTC, datetime

from abalone.rehearsal.shim.errors import RefusedError
from abalone.rehearsal.shim.records import Document, Records, arn

DEFAULTS: Document = {
    "timeoutInMinutes": 60,
    "queuedTimeoutInMinutes": 480,
    "encryptionKey": arn("kms", "alias/aws/s3"),
    "badge": {"badgeEnabled": False},
    "cache": {"type": "NO_CACHE"},
    "projectVisibility": "PRIVATE",
}
"""What AWS fills in."""


class CodeBuild:
    """Projects that build nothing."""

    def __init__(self) -> None:
        taken = "ResourceAlreadyExistsException"
        self._projects = Records(missing="ResourceNotFoundException", taken=taken)
        self._report_groups = Records(missing="ResourceNotFoundException", taken=taken)

    def create_project(self, request: Document) -> Document:
        """Keep a project."""
        name, now = request["name"], datetime.now(UTC)
        own = {"arn": arn("codebuild", f"project/{name}"), "created": now, "lastModified": now}
        return {"project": self._projects.add(name, _completed({**DEFAULTS, **request, **own}))}

    def update_project(self, request: Document) -> Document:
        """Change the parts of a project that are given."""
        project = self._projects.find(_name(request["name"]))
        project.update(_completed({**project, **request, "name": project["name"], "lastModified": datetime.now(UTC)}))
        return {"project": project}

    def batch_get_projects(self, request: Document) -> Document:
        """Return projects, and the names that none has."""
        names = [_name(given) for given in request["names"]]
        return {
            "projects": [self._projects[name] for name in names if name in self._projects],
            "projectsNotFound": [name for name in names if name not in self._projects],
        }

    def list_projects(self, _request: Document) -> Document:
        """Return the names of the projects."""
        return {"projects": list(self._projects)}

    def delete_project(self, request: Document) -> Document:
        """Forget a project; one that is not there counts as forgotten."""
        self._projects.pop(_name(request["name"]), None)
        return {}

    def create_report_group(self, request: Document) -> Document:
        """Keep a report group."""
        identifier, now = arn("codebuild", f"report-group/{request['name']}"), datetime.now(UTC)
        own = {"arn": identifier, "created": now, "lastModified": now, "status": "ACTIVE"}
        return {"reportGroup": self._report_groups.add(identifier, {**request, **own})}

    def update_report_group(self, request: Document) -> Document:
        """Change the parts of a report group that are given."""
        group = self._report_groups.find(request["arn"])
        group.update(request, lastModified=datetime.now(UTC))
        return {"reportGroup": group}

    def batch_get_report_groups(self, request: Document) -> Document:
        """Return report groups, and the ARNs that none has."""
        given = request["reportGroupArns"]
        return {
            "reportGroups": [self._report_groups[each] for each in given if each in self._report_groups],
            "reportGroupsNotFound": [each for each in given if each not in self._report_groups],
        }

    def list_report_groups(self, _request: Document) -> Document:
        """Return the ARNs of the report groups."""
        return {"reportGroups": list(self._report_groups)}

    def list_reports_for_report_group(self, request: Document) -> Document:
        """Return the reports of a group: none, as nothing is built."""
        self._report_groups.find(request["reportGroupArn"])
        return {"reports": []}

    def delete_report_group(self, request: Document) -> Document:
        """Forget a report group."""
        if self._report_groups.pop(request["arn"], None) is None:
            raise RefusedError("ResourceNotFoundException", f"{request['arn']} does not exist")
        return {}


def _name(given: str) -> str:
    """A project may be named by its ARN."""
    return given.rsplit("/", 1)[-1]


def _completed(project: Document) -> Document:
    environment = {"imagePullCredentialsType": "CODEBUILD", **project["environment"]}
    return {**project, "environment": environment}
