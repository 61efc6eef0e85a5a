"""What the compiled pipeline takes as parameters, and what each job is told in its variables."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sagemaker.workflow.entities import PipelineVariable
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import ParameterString

from abalone.sagemaker.configuration import Configuration
from abalone.sagemaker.grouping import Grouping
from abalone.sagemaker.job import IMAGE, INPUT_VERSION
from abalone.sagemaker.job_parameters import PARAMETER, PARAMETERS_FILE, Leaves, encode, used_by, write_file

# https://docs.aws.amazon.com/general/latest/gr/sagemaker.html and the API reference of CreateProcessingJob
MOST_VARIABLES = 100
LONGEST_VALUE = 256
MOST_PIPELINE_PARAMETERS = 200

TRAINING_KEY = "training-key"
"""Pipeline parameter: key of the training's outputs, which the registered model carries."""

REGISTER = "register"
"""Pipeline parameter: "false" when this very model is registered already."""

BUCKET = "ABALONE_BUCKET"
"""The variable that the image's own conf/ names the bucket by."""

Variables = dict[str, str | PipelineVariable]


@dataclass(frozen=True)
class JobVariables:
    """The variables of the jobs, and the pipeline parameters that they take values from.

    All are texts, so that a number arrives as it was written.

    Attributes:
        grouping: The groups.
        leaves: Parameters of the run, by dotted name.
        configured: The same in `conf/`, which a job has in its image.
        storage: URI that the outputs of all groups are under.
        common: Variables that every job has.
    """

    grouping: Grouping
    leaves: Leaves
    configured: Leaves
    storage: str
    common: Mapping[str, str]

    @cached_property
    def _used(self) -> Leaves:
        return {
            path: value
            for group in self.grouping.groups
            for path, value in used_by(group.pipeline, self.leaves).items()
        }

    @cached_property
    def _parameters(self) -> dict[str, ParameterString]:
        """One by dotted name, for those that a variable can hold; none when there are too many of them."""
        fitting = {path: encode(value) for path, value in self._used.items() if self._fits(path, value)}
        room = MOST_VARIABLES - len(self.common) - len(self.grouping.inputs) - 1
        if len(fitting) > min(room, MOST_PIPELINE_PARAMETERS - len(self.grouping.inputs) - 2):
            return {}
        return {path: ParameterString(path.replace(".", "-"), default_value=text) for path, text in fitting.items()}

    @cached_property
    def _versions(self) -> dict[str, ParameterString]:
        """One an input of the pipeline, without a default: an execution has to say what data it is on."""
        return {name: ParameterString(version_parameter(name)) for name in sorted(self.grouping.inputs)}

    @cached_property
    def training_key(self) -> ParameterString:
        """See `TRAINING_KEY`."""
        return ParameterString(TRAINING_KEY, default_value="unknown")

    @cached_property
    def register(self) -> ParameterString:
        """See `REGISTER`."""
        return ParameterString(REGISTER, default_value="true")

    def version_of(self, dataset: str) -> ParameterString:
        """Return the pipeline parameter for the version of an input."""
        return self._versions[dataset]

    @property
    def pipeline_parameters(self) -> list[ParameterString]:
        """All parameters of the pipeline."""
        return [*self._versions.values(), *self._parameters.values(), self.training_key, self.register]

    def of(self, group: str) -> Variables:
        """Return the variables of a group's job: what it and those before it depend on, as that is its cache key."""
        leaves = self._leaves_of(group)
        names = {member.name for member in self.grouping.lineage(group)}
        inputs = [dataset for dataset, readers in self.grouping.inputs.items() if readers & names]
        variables: Variables = dict(self.common)
        if large := self._large(leaves):
            variables[PARAMETERS_FILE] = self._file(large)[0]
        for number, dataset in enumerate(sorted(inputs)):
            variables[f"{INPUT_VERSION}{number:02}"] = Join("=", [dataset, self._versions[dataset]])
        for number, path in enumerate(sorted(leaves.keys() & self._parameters.keys())):
            variables[f"{PARAMETER}{number:02}"] = Join("=", [path, self._parameters[path]])
        return variables

    @property
    def files(self) -> dict[str, bytes]:
        """Content of the parameter files, by URI."""
        large = [self._large(self._leaves_of(group.name)) for group in self.grouping.groups]
        return dict(self._file(leaves) for leaves in large if leaves)

    def _fits(self, path: str, value: Any) -> bool:
        # dots become hyphens, which must not meet other hyphens; and a job tells the kind of a value by its conf/
        named = re.fullmatch(r"[A-Za-z0-9_.]+", path) is not None and path in self.configured
        same_kind = isinstance(value, str) == isinstance(self.configured.get(path), str)
        return named and same_kind and len(f"{path}={encode(value)}") <= LONGEST_VALUE

    def _leaves_of(self, group: str) -> Leaves:
        lineage = self.grouping.lineage(group)
        return {path: value for member in lineage for path, value in used_by(member.pipeline, self.leaves).items()}

    def _large(self, leaves: Leaves) -> Leaves:
        return {path: value for path, value in leaves.items() if path not in self._parameters}

    def _file(self, leaves: Leaves) -> tuple[str, bytes]:
        name, content = write_file(leaves)
        return f"{self.storage}/parameters/{name}", content


def version_parameter(dataset: str) -> str:
    """Name the pipeline parameter for the version of an input of the pipeline."""
    return f"{re.sub(r'[^A-Za-z0-9_]', '-', dataset)}-version"


def common_variables(configuration: Configuration, region: str, conf: Path, env: str) -> dict[str, str]:
    """Collect the variables that every job has.

    Args:
        configuration: `sagemaker.yml`.
        region: AWS region of the jobs.
        conf: The project's `conf/`.
        env: Kedro environment, whose files name the variables that a job needs to read them. Those of credentials are
            left out: a definition is no place for a secret, and a job has a role.
    """
    named = {
        name
        for folder in ("base", env)
        for path in sorted((conf / folder).rglob("*.yml"))
        if not path.name.startswith(("sagemaker", "credentials"))
        for name in re.findall(r"\$\{oc\.env:\s*(\w+)", path.read_text(encoding="utf-8"))
    }
    read_by_conf = {name: os.environ[name] for name in sorted(named) if name in os.environ}
    told = {IMAGE: configuration.docker.image, "AWS_DEFAULT_REGION": region, BUCKET: configuration.aws.bucket}
    return {**read_by_conf, **told, **configuration.environment}
