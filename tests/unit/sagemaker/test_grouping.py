import pytest
from kedro.pipeline import Node, Pipeline

from abalone.errors import AbaloneError
from abalone.pipeline_registry import register_pipelines
from abalone.sagemaker.grouping import group_nodes


def node(name, inputs, outputs, namespace=None):
    return Node(lambda *args: args, inputs, outputs, name=name, namespace=namespace)


def names(grouping):
    return [group.name for group in grouping.groups]


def test_project_has_one_group_a_pipeline_in_order():
    grouping = group_nodes(register_pipelines()["__default__"], {})

    assert names(grouping) == ["ingestion", "feature_engineering", "training", "evaluation"]
    assert grouping["evaluation"].dependencies == ("feature_engineering", "ingestion", "training")
    assert set(grouping.inputs) == {"landing_batches", "tuned_hyperparameters", "champion"}
    assert grouping.crossing["test_table"] == {"evaluation"}


def test_namespaces_below_the_first_level_do_not_split_a_group():
    grouping = group_nodes(Pipeline([node("a", "x", "y", "one.two"), node("b", "y", "z", "one.three")]), {})

    assert names(grouping) == ["one"]


def test_node_without_a_namespace_is_a_group_of_its_own():
    grouping = group_nodes(Pipeline([node("a", "x", "y"), node("b", "y", "z", "named")]), {})

    assert names(grouping) == ["a", "named"]


def test_mapping_puts_namespaces_and_nodes_into_one_group():
    pipeline = register_pipelines()["__default__"]

    grouping = group_nodes(pipeline, {"preparation": ["ingestion", "feature_engineering"]})

    assert names(grouping) == ["preparation", "training", "evaluation"]
    assert len(grouping["preparation"].node_names) == 7


def test_lineage_is_what_a_group_depends_on_and_itself():
    grouping = group_nodes(register_pipelines()["__default__"], {})

    assert [group.name for group in grouping.lineage("training")] == ["ingestion", "feature_engineering", "training"]


def test_groups_that_need_each_other_are_refused_with_the_datasets():
    pipeline = Pipeline([node("a", "raw", "x"), node("b", "x", "y"), node("c", "y", "z")])

    with pytest.raises(AbaloneError, match=r"b, outer need each other's outputs \(x, y\).*one group"):
        group_nodes(pipeline, {"outer": ["a", "c"]})


def test_mapping_of_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(AbaloneError, match=r"groups\.one in sagemaker\.yml names 'c'.*choose from a, b"):
        group_nodes(Pipeline([node("a", "x", "y"), node("b", "y", "z")]), {"one": ["c"]})


def test_mapping_of_a_name_to_two_groups_is_refused():
    with pytest.raises(AbaloneError, match="put 'a' into one and two"):
        group_nodes(Pipeline([node("a", "x", "y")]), {"one": ["a"], "two": ["a"]})


def test_unknown_group_is_an_error_that_names_the_known_ones():
    grouping = group_nodes(Pipeline([node("a", "x", "y")]), {})

    with pytest.raises(AbaloneError, match="there is no group 'b': choose one of a"):
        grouping["b"]
