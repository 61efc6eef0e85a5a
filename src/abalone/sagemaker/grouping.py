"""Which nodes of a pipeline share a job."""

import graphlib
import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kedro.pipeline import Pipeline
from kedro.pipeline.node import Node

from abalone.errors import AbaloneError


@dataclass(frozen=True)
class Group:
    """Nodes that share a job.

    Attributes:
        name: Name of the job's step.
        pipeline: The nodes.
        dependencies: Groups whose outputs it reads, directly.
    """

    name: str
    pipeline: Pipeline
    dependencies: tuple[str, ...]

    @property
    def node_names(self) -> list[str]:
        """Names of its nodes."""
        return [node.name for node in self.pipeline.nodes]

    @property
    def tags(self) -> set[str]:
        """Tags of its nodes."""
        return {tag for node in self.pipeline.nodes for tag in node.tags}


@dataclass(frozen=True)
class Grouping:
    """The groups of a pipeline, each after those that it depends on.

    Attributes:
        groups: The groups.
        live: Whether its jobs read what is there when they run, whatever its version.
    """

    groups: tuple[Group, ...]
    live: bool = False

    def __getitem__(self, name: str) -> Group:
        """Return the group of that name."""
        for group in self.groups:
            if group.name == name:
                return group
        names = ", ".join(group.name for group in self.groups)
        raise AbaloneError(f"there is no group {name!r}: choose one of {names}")

    def __contains__(self, name: str) -> bool:
        """Whether there is a group of that name."""
        return any(group.name == name for group in self.groups)

    @cached_property
    def producers(self) -> dict[str, str]:
        """The group that writes a dataset, by the dataset's name."""
        return {dataset: group.name for group in self.groups for dataset in group.pipeline.all_outputs()}

    @cached_property
    def crossing(self) -> dict[str, set[str]]:
        """The groups that read what another one writes, by the dataset's name."""
        readers = defaultdict(set)
        for group in self.groups:
            for dataset in group.pipeline.inputs():
                if dataset in self.producers:
                    readers[dataset].add(group.name)
        return dict(readers)

    @cached_property
    def inputs(self) -> dict[str, set[str]]:
        """The groups that read a version of a dataset that no group writes, by the dataset's name; no parameters."""
        readers: defaultdict[str, set[str]] = defaultdict(set)
        if self.live:
            return readers
        for group in self.groups:
            for dataset in group.pipeline.inputs():
                if dataset not in self.producers and not is_parameter(dataset):
                    readers[dataset].add(group.name)
        return dict(readers)

    def lineage(self, name: str) -> list[Group]:
        """Return the group, after all those that it depends on, directly or not."""
        wanted, todo = set(), [name]
        while todo:
            group = self[todo.pop()]
            wanted.add(group.name)
            todo.extend(group.dependencies)
        return [group for group in self.groups if group.name in wanted]


def is_parameter(dataset: str) -> bool:
    """Whether a dataset's name is one of Kedro's names for parameters."""
    return dataset == "parameters" or dataset.startswith("params:")


def group_nodes(pipeline: Pipeline, mapping: Mapping[str, Sequence[str]]) -> Grouping:
    """Group the nodes of a pipeline.

    Args:
        pipeline: The pipeline.
        mapping: Namespaces and names of nodes that share a job, by the job's name. Other nodes are grouped by their
            pipeline-level namespace, and a node without a namespace is a group of its own.

    Raises:
        AbaloneError: The mapping names what is not there, or twice, or two groups would need each other's outputs.
    """
    members = _members(pipeline, mapping)
    assigned: dict[str, list[Node]] = defaultdict(list)
    for node in pipeline.nodes:
        assigned[_group_of(node, members)].append(node)
    pipelines = {name: Pipeline(nodes) for name, nodes in assigned.items()}
    producers = {dataset: name for name, nodes in pipelines.items() for dataset in nodes.all_outputs()}
    dependencies = {
        name: sorted({producers[dataset] for dataset in nodes.inputs() if dataset in producers} - {name})
        for name, nodes in pipelines.items()
    }
    # the sorter keeps the order of the nodes among groups that do not depend on each other
    sorter = graphlib.TopologicalSorter(dependencies)
    try:
        order = list(sorter.static_order())
    except graphlib.CycleError as error:
        raise AbaloneError(_cycle(error.args[1], pipelines)) from None
    return Grouping(tuple(Group(name, pipelines[name], tuple(dependencies[name])) for name in order))


def _members(pipeline: Pipeline, mapping: Mapping[str, Sequence[str]]) -> dict[str, str]:
    known = {node.name for node in pipeline.nodes} | {namespace_of(node) for node in pipeline.nodes if node.namespace}
    members: dict[str, str] = {}
    for group, names in mapping.items():
        for name in names:
            if name not in known:
                raise AbaloneError(
                    f"groups.{group} in sagemaker.yml names {name!r}, which is no namespace and no node of the "
                    f"pipeline: choose from {', '.join(sorted(known))}"
                )
            if name in members:
                raise AbaloneError(f"groups in sagemaker.yml put {name!r} into {members[name]} and {group}: choose one")
            members[name] = group
    return members


def _group_of(node: Node, members: Mapping[str, str]) -> str:
    own = namespace_of(node)
    return members.get(node.name) or members.get(own) or own


def namespace_of(node: Node) -> str:
    """Return the pipeline-level namespace of a node; its own name, if it has none."""
    return str(node.namespace).split(".", maxsplit=1)[0] if node.namespace else str(node.name)


def _cycle(names: Sequence[str], pipelines: Mapping[str, Pipeline]) -> str:
    # graphlib lists a cycle from a node to the one that depends on it, and ends with the first one again
    datasets = sorted(
        dataset
        for producer, reader in itertools.pairwise(names)
        for dataset in pipelines[producer].all_outputs() & pipelines[reader].inputs()
    )
    return (
        f"the groups {', '.join(sorted(set(names)))} need each other's outputs ({', '.join(datasets)}), so none of "
        "them can be the first job: put their nodes into one group, by groups in sagemaker.yml"
    )
