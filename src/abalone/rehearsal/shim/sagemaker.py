"""SageMaker: what moto lacks of model packages and their groups."""

from moto.sagemaker.models import ModelPackageGroup, sagemaker_backends

from abalone.rehearsal.isolation import ACCOUNT, REGION
from abalone.rehearsal.shim.errors import RefusedError
from abalone.rehearsal.shim.records import Document


class SageMaker:
    """What moto's SageMaker lacks; the groups themselves are moto's, so that its model packages find them."""

    def __init__(self) -> None:
        self._policies: dict[str, str] = {}

    def delete_model_package(self, request: Document) -> Document:
        """Forget a model package."""
        backend = sagemaker_backends[ACCOUNT][REGION]
        name: str = request["ModelPackageName"]
        if backend.model_packages.pop(backend.model_package_name_mapping.get(name, name), None) is None:
            raise RefusedError("ValidationException", f"ModelPackage {name} does not exist")
        return {}

    def delete_model_package_group(self, request: Document) -> Document:
        """Forget a group, once it has no packages."""
        backend = sagemaker_backends[ACCOUNT][REGION]
        name = _group(request).model_package_group_name
        if any(package.model_package_group_name == name for package in backend.model_packages.values()):
            raise RefusedError("ConflictException", f"{name} has model packages")
        del backend.model_package_groups[name]
        self._policies.pop(name, None)
        return {}

    def put_model_package_group_policy(self, request: Document) -> Document:
        """Set who may use a group."""
        group = _group(request)
        self._policies[group.model_package_group_name] = request["ResourcePolicy"]
        return {"ModelPackageGroupArn": group.arn}

    def get_model_package_group_policy(self, request: Document) -> Document:
        """Return who may use a group."""
        name = _group(request).model_package_group_name
        if name not in self._policies:
            raise RefusedError("ValidationException", f"Cannot find Model Package Group Policy of {name}")
        return {"ResourcePolicy": self._policies[name]}

    def delete_model_package_group_policy(self, request: Document) -> Document:
        """Leave a group to its own account."""
        self._policies.pop(_group(request).model_package_group_name, None)
        return {}


def _group(request: Document) -> ModelPackageGroup:
    name = request["ModelPackageGroupName"].rsplit("/", 1)[-1]
    groups = sagemaker_backends[ACCOUNT][REGION].model_package_groups
    if name not in groups:
        raise RefusedError("ValidationException", f"ModelPackageGroup {name} does not exist")
    return groups[name]
