import pytest
from kedro.io import DataCatalog
from kedro.pipeline import Node, Pipeline

from abalone.errors import AbaloneError
from abalone.sagemaker.grouping import group_nodes
from abalone.sagemaker.storage import Placement, Storage, group_keys

PIPELINE = Pipeline(
    [
        Node(lambda *args: args, ["raw", "params:first"], "table", name="first"),
        Node(lambda *args: args, ["table", "state", "params:second.x"], ["report", "new_state"], name="second"),
    ]
)
LEAVES = {"first": 1, "second.x": 2, "second.unused": 3}
VERSIONS = {"raw": "r1", "state": "s1"}


def keys(leaves=LEAVES, versions=VERSIONS, code="dev image"):
    return group_keys(group_nodes(PIPELINE, {}), "second", leaves, versions, code)


def changed(before, after):
    return {name for name in before if before[name] != after[name]}


def test_keys_stay_while_nothing_changes():
    assert changed(keys(), keys()) == set()


@pytest.mark.parametrize(
    ("change", "groups"),
    [
        ({"code": "dev other"}, {"first", "second"}),
        ({"leaves": {**LEAVES, "first": 9}}, {"first", "second"}),
        ({"leaves": {**LEAVES, "second.x": 9}}, {"second"}),
        ({"leaves": {**LEAVES, "second.unused": 9}}, set()),
        ({"versions": {**VERSIONS, "raw": "r2"}}, {"first", "second"}),
        ({"versions": {**VERSIONS, "state": "s2"}}, {"second"}),
    ],
)
def test_change_moves_the_outputs_of_what_depends_on_it(change, groups):
    assert changed(keys(), keys(**change)) == groups


def test_outputs_without_a_record_are_not_whole(tmp_path):
    storage = Storage(str(tmp_path), {"first": "k1", "second": "k2"})

    with pytest.raises(AbaloneError, match=r"outputs of first are incomplete or have expired; .*--no-cache"):
        storage.upstream_versions("second")


def test_record_gives_the_versions_of_versioned_outputs(tmp_path):
    storage = Storage(str(tmp_path), {"first": "k1", "second": "k2"})
    (tmp_path / "first" / "k1").mkdir(parents=True)

    storage.write_record("first", {"model": "2026"})

    assert storage.upstream_versions("second") == {"model": "2026"}


def test_outputs_that_are_written_again_are_not_whole_until_they_are(tmp_path):
    storage = Storage(str(tmp_path), {"first": "k1"})
    (tmp_path / "first" / "k1").mkdir(parents=True)
    storage.write_record("first", {})

    storage.clear_record("first")

    assert storage.read_record("first") is None


def test_outputs_are_placed_under_the_keys_of_their_groups_but_state_and_versions_stay():
    config = {
        "{name}_raw": {"type": "text.TextDataset", "filepath": "s3://bucket/data/{name}.txt"},
        "table": {"type": "pandas.ParquetDataset", "filepath": "s3://bucket/data/03/table.parquet"},
        "state": {"type": "json.JSONDataset", "filepath": "s3://bucket/data/state.json"},
        "new_state": {"type": "json.JSONDataset", "filepath": "s3://bucket/data/state.json"},
        "model": {"type": "json.JSONDataset", "filepath": "s3://bucket/data/model.json", "versioned": True},
        "raw": {"type": "json.JSONDataset", "filepath": "s3://bucket/data/raw.json"},
        "parts": {
            "type": "partitions.PartitionedDataset",
            "path": "s3://bucket/data/parts",
            "dataset": "text.TextDataset",
        },
    }
    producers = {"table": "first", "new_state": "second", "model": "second", "a_raw": "first", "parts": "first"}
    catalog = DataCatalog.from_config(config)
    placement = Placement(
        Storage("s3://bucket/sagemaker/p", {"first": "k1", "second": "k2"}), producers, {"raw": "1", "state": "2"}
    )

    placement.after_catalog_created(catalog, config, {})

    def path(name):
        described = catalog[name]._describe()
        return str(described.get("filepath", described.get("path")))

    assert path("table") == "bucket/sagemaker/p/first/k1/data/03/table.parquet"
    assert path("a_raw") == "bucket/sagemaker/p/first/k1/data/a.txt"
    assert path("parts") == "s3://bucket/sagemaker/p/first/k1/data/parts"
    assert path("new_state") == "bucket/data/state.json"
    assert path("model") == "bucket/data/model.json"
    assert path("raw") == "bucket/data/raw.json"
