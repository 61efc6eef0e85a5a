"""A table in the catalog: a file that a Kedro run writes, or the parts that the Spark job wrote."""

import json
from typing import Any

import fsspec
import pandas as pd
import pyarrow.parquet as pq
from kedro.io import DatasetError
from kedro_datasets._typing import TablePreview
from kedro_datasets.pandas import ParquetDataset

from abalone.errors import AbaloneError

PANDAS, GLUE = "pandas", "glue"


def read_manifest(filepath: str) -> dict[str, Any] | None:
    """Read what the Spark job wrote last.

    Args:
        filepath: Of the manifest, JSON; any protocol of fsspec.

    Returns:
        `run`, the digest of its `inputs`, its `tables` (for each its `files`, relative to the data folder, and `rows`),
        and run and tables before under `previous`; None without a manifest.

    Raises:
        AbaloneError: It is no manifest.
    """
    fs, path = fsspec.core.url_to_fs(filepath)
    fs.invalidate_cache()
    if not fs.exists(path):
        return None
    try:
        manifest: dict[str, Any] = json.loads(fs.cat_file(path))
        files = [table["files"] for table in manifest["tables"].values()]
        manifest["run"], manifest["previous"], files
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise AbaloneError(
            f"{filepath} does not say which files the tables have ({error!r}): remove it, and run the ETL job again"
        ) from error
    return manifest


class TableDataset(ParquetDataset):
    """Saves and loads a table as one Parquet file, or loads the parts that the Spark job wrote.

    Args:
        filepath: Of the Parquet file that the pipelines write.
        manifest: Of what the Spark job wrote; two folders below the data folder.
        table: Name of the table in the manifest.
        engine: Who writes the table: `pandas`, the pipelines; `glue`, the Spark job.
        metadata: Ignored by Kedro; read by plugins.
    """

    def __init__(
        self, *, filepath: str, manifest: str, table: str, engine: str, metadata: dict[str, Any] | None = None
    ) -> None:
        super().__init__(filepath=filepath, metadata=metadata)
        self._file = filepath
        self._manifest = manifest
        self._table = table
        self._engine = engine

    def load(self) -> pd.DataFrame:
        """Load the table.

        Returns:
            Its rows, by batch and line.

        Raises:
            AbaloneError: The engine has not written it yet; says whether the other one has.
        """
        if self._engine == PANDAS:
            if not super()._exists() and self._parts_are_there():
                raise AbaloneError(
                    f"{self._file} is not there, but the ETL job has written {self._table}: read it with "
                    "ABALONE_INGESTION_ENGINE=glue, or let a whole `kedro run` make it"
                )
            whole: pd.DataFrame = super().load()
            return whole
        return pd.concat([self._read(file) for file in self._files()], ignore_index=True)

    def save(self, data: pd.DataFrame) -> None:
        """Save the table as one file.

        Args:
            data: The table.

        Raises:
            DatasetError: The Spark job is the one that writes it.
        """
        if self._engine != PANDAS:
            raise DatasetError(f"{self._table} is written by the ETL job: ingestion.engine is {self._engine}")
        super().save(data)

    def preview(self, nrows: int = 5) -> TablePreview:
        """Show the beginning of the table.

        Args:
            nrows: Number of rows.

        Returns:
            The rows, as kedro-viz shows them.
        """
        if self._engine == PANDAS:
            return super().preview(nrows)
        shown: TablePreview = self._read(self._files()[0]).head(nrows).to_dict(orient="split")
        return shown

    def _files(self) -> list[str]:
        manifest = read_manifest(self._manifest)
        if manifest is None or self._table not in manifest["tables"]:
            theirs = f"read {self._file}, which they have written" if super()._exists() else "let them make it"
            raise AbaloneError(
                f"{self._manifest} does not name the files of {self._table}: run the ETL job first (`make etl`), or go "
                f"to the pipelines with ABALONE_INGESTION_ENGINE=pandas, and {theirs}"
            )
        data = self._manifest.rsplit("/", 2)[0]
        return [f"{data}/{file}" for file in manifest["tables"][self._table]["files"]]

    def _read(self, file: str) -> pd.DataFrame:
        fs, path = fsspec.core.url_to_fs(file)
        with fs.open(path, "rb") as content:
            part: pd.DataFrame = pq.read_table(content).to_pandas()
        return part

    def _exists(self) -> bool:
        if self._engine == PANDAS:
            return bool(super()._exists())
        return self._parts_are_there()

    def _parts_are_there(self) -> bool:
        manifest = read_manifest(self._manifest)
        return manifest is not None and self._table in manifest["tables"]

    def _describe(self) -> dict[str, Any]:
        return {**super()._describe(), "manifest": self._manifest, "table": self._table, "engine": self._engine}
