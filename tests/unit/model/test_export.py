"""What training writes into the artifact."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.neighbors import KNeighborsRegressor

from abalone.errors import AbaloneError
from abalone.model import provenance
from abalone.model.artifact import Artifact
from abalone.model.export import SKOPS_TYPES, from_skops, to_skops
from abalone.model.intervals import IntervalRegressor
from abalone.model.provenance import code_version, table_digest
from abalone.model.transformer import MeasurementFeatures
from abalone.schema import MEASUREMENT_NAMES


def test_restored_model_predicts_the_same_as_the_fitted_one(
    artifact: Artifact, model: IntervalRegressor, table: pd.DataFrame
) -> None:
    restored = from_skops(artifact.skops)

    np.testing.assert_array_equal(restored.predict(table), model.predict(table))
    np.testing.assert_array_equal(restored.predict_interval(table).upper, model.predict_interval(table).upper)


def test_allow_list_is_exactly_what_the_richest_model_holds(artifact: Artifact) -> None:
    assert tuple(skops.io.get_untrusted_types(data=artifact.skops)) == SKOPS_TYPES


class Stranger(MeasurementFeatures):
    """A type that is not in the allow-list."""


def test_model_with_a_type_beyond_the_allow_list_is_not_written() -> None:
    stranger = IntervalRegressor(Stranger(), KNeighborsRegressor(), -1.0, 1.0, 0.9, errors={})

    with pytest.raises(AbaloneError, match=r"Stranger.*review them, then add them to export\.SKOPS_TYPES"):
        to_skops(stranger)


def test_file_with_a_type_beyond_the_allow_list_is_not_read() -> None:
    with pytest.raises(AbaloneError, match=r"types that no model of ours has: .*Stranger"):
        from_skops(skops.io.dumps(Stranger()))


def test_skops_file_holds_data_only(artifact: Artifact) -> None:
    with zipfile.ZipFile(BytesIO(artifact.skops)) as archive:
        assert {Path(name).suffix for name in archive.namelist()} <= {".json", ".npy"}
        assert b"pickle" not in archive.read("schema.json").lower()


def test_metadata_says_what_the_model_is_and_where_it_comes_from(artifact: Artifact, table: pd.DataFrame) -> None:
    metadata = artifact.metadata

    assert json.loads(json.dumps(metadata)) == json.loads(artifact.files()["metadata.json"])
    assert [column["name"] for column in metadata["inputs"]] == list(MEASUREMENT_NAMES)
    assert metadata["inputs"][1]["unit"] == "mm / 200"
    assert metadata["training_data"] == {
        "sha256": table_digest(table),
        "rows": 4177,
        "batches": {"uci_abalone": 4177},
    }
    assert metadata["intervals"]["level"] == 0.9
    assert metadata["split"] == {"hash_version": 1, "test_fraction": 0.2, "random_state": 0}
    assert metadata["libraries"]["scikit-learn"].startswith("1.")
    assert metadata["created_at"].endswith("+00:00")


def test_reference_distributions_describe_the_training_table(artifact: Artifact, table: pd.DataFrame) -> None:
    reference = artifact.metadata["reference"]
    rings = reference["numbers"]["rings"]

    assert reference["sex"] == pytest.approx(table["sex"].value_counts(normalize=True).to_dict())
    assert rings["quantiles"]["0.5"] == table["rings"].median()
    for described in reference["numbers"].values():
        shares, edges = described["histogram"]["shares"], described["histogram"]["inner_edges"]
        assert sum(shares) == pytest.approx(1.0)
        assert len(shares) == len(edges) + 1
    first_edge = rings["histogram"]["inner_edges"][0]
    assert rings["histogram"]["shares"][0] == pytest.approx((table["rings"] <= first_edge).mean())
    assert "predicted_rings" in reference["numbers"]


def test_digest_depends_on_values_and_their_order_and_nothing_else(table: pd.DataFrame) -> None:
    elsewhere = table.assign(batch="other", line=0).set_index("line")

    assert table_digest(elsewhere) == table_digest(table)
    assert table_digest(table[::-1]) != table_digest(table)
    assert table_digest(table.assign(rings=table["rings"] + 1)) != table_digest(table)


def test_code_version_has_no_commit_outside_of_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "provenance.py"))

    assert code_version()["git_commit"] is None
    assert code_version()["git_dirty"] is None


def test_code_version_outside_of_a_checkout_has_the_commit_that_the_image_was_built_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "provenance.py"))
    monkeypatch.setenv("ABALONE_GIT_COMMIT", "0f00")

    assert code_version()["git_commit"] == "0f00"
    assert code_version()["git_dirty"] is None


def test_code_version_has_no_commit_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert code_version()["git_commit"] is None


def test_code_version_has_the_commit_of_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "provenance.py"
    file.write_text("")
    commit = _commit(tmp_path)
    monkeypatch.setattr(provenance, "__file__", str(file))

    assert code_version()["git_commit"] == commit
    assert code_version()["git_dirty"] is False
    file.write_text("changed")
    assert code_version()["git_dirty"] is True


def _commit(directory: Path) -> str:
    def git(*arguments: Any) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-C", str(directory), *arguments]
        return provenance.subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--no-verify", "--message", "first")
    return git("rev-parse", "HEAD")
