from pathlib import Path
from typing import Any

import pytest

from abalone.etl.batches import landed_batches
from abalone.etl.configuration import Configuration
from abalone.etl.folder import DataFolder
from abalone.etl.inputs import digest_inputs
from support.tables import configuration, land


@pytest.fixture
def configured(tmp_path: Path) -> Configuration:
    land({"a.csv": b"1", "b.csv": b"2"}, tmp_path)
    return configuration(str(tmp_path))


def digest(configured: Configuration, **feature_engineering: Any) -> str:
    batches = landed_batches(DataFolder(configured.data), configured.rules)
    changed = configured._replace(feature_engineering={**configured.feature_engineering, **feature_engineering})
    return digest_inputs(batches, changed)


def test_batches_and_parameters_change_what_the_tables_follow_from(configured: Configuration, tmp_path: Path) -> None:
    first = digest(configured)
    parameters = [digest(configured, random_state=1), digest(configured, held_out_rows=7)]
    stricter = digest(configured._replace(ingestion={**configured.ingestion, "max_quarantined_fraction": 0.01}))
    land({"b.csv": b"3"}, tmp_path)
    batch = digest(configured)
    (tmp_path / "01_raw" / "landing" / "b.csv").unlink()
    fewer = digest(configured)

    assert len({first, *parameters, stricter, batch, fewer}) == 6


def test_engine_of_the_pipelines_and_time_change_nothing(configured: Configuration, tmp_path: Path) -> None:
    first = digest(configured)
    land({"a.csv": b"1"}, tmp_path)

    assert digest(configured._replace(ingestion={**configured.ingestion, "engine": "glue"})) == first
