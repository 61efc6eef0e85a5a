"""The functions and the ingestion, which share no code, on the same landing zone."""

import pytest
import yaml
from kedro_datasets.partitions import PartitionedDataset

from abalone.etl.batches import LANDING as ETL_LANDING
from abalone.etl.folder import DataFolder
from abalone.lambdas.etl_request import requested_by_landing
from abalone.lambdas.landing import landing_bytes
from abalone.pipelines.ingestion.landing import batches_by_name
from support.project import REPOSITORY

BATCHES = ["survey.csv", "NORTH.CSV", "South.Csv", "2026/west.csv", "2026/07/reef.csv"]
OTHERS = [
    "",
    "notes.txt",
    "survey.csv.partial",
    "survey.csv.gz",
    "csv",
    ".survey.csv",
    ".csv",
    ".trash/survey.csv",
    "2026/.reef.csv",
    "2026/",
    "../landing_old/survey.csv",
    "../captures/survey.csv",
]


@pytest.fixture
def landed(aws, bucket) -> str:
    """A bucket with objects of a byte each, in the landing zone and beside it."""
    for name in [*BATCHES, *OTHERS]:
        aws("s3").put_object(Bucket=bucket, Key=key_of(name), Body=b"F")
    return bucket


def key_of(name: str) -> str:
    """The key of an object; `..` is the folder that the landing zone is in."""
    return f"data/01_raw/landing/{name}".replace("landing/../", "")


def files_of_catalog(bucket: str) -> list[str]:
    """What the dataset of the catalog finds."""
    catalog = yaml.safe_load((REPOSITORY / "conf/base/catalog.yml").read_text(encoding="utf-8"))
    entry = catalog["landing_batches"]
    path = entry["path"].replace("${globals:data}", f"s3://{bucket}/data")
    dataset = PartitionedDataset.from_config("landing_batches", {**entry, "path": path})
    return list(dataset.load())


def files_of_etl(bucket: str) -> list[str]:
    """What the job on Spark finds."""
    return list(DataFolder(f"s3://{bucket}/data").find(ETL_LANDING))


def event_of(bucket: str, key: str) -> dict:
    detail = {"bucket": {"name": bucket}, "object": {"key": key, "sequencer": "1"}}
    return {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}


@pytest.mark.parametrize("files", [files_of_catalog, files_of_etl])
def test_object_starts_the_etl_when_it_is_a_batch_that_is_read(landed, files):
    read = batches_by_name({name: key_of(name) for name in files(landed)}).values()

    keys = [key_of(name) for name in [*BATCHES, *OTHERS]]
    started = [key for key in keys if requested_by_landing(event_of(landed, key), landed)]

    assert started == [key_of(name) for name in BATCHES]
    assert set(started) == set(read)


def test_what_has_landed_is_the_batches_that_are_read(landed, aws):
    assert landing_bytes(aws("s3"), landed) == len(BATCHES)
