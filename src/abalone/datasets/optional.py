"""Datasets that may not have been written yet."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from kedro_datasets.pandas import CSVDataset
from kedro_datasets.partitions import PartitionedDataset
from kedro_datasets.yaml import YAMLDataset


class OptionalYAMLDataset(YAMLDataset):
    """A YAML file that stands for an empty mapping until somebody writes it."""

    def load(self) -> dict[str, Any]:
        """Load the mapping.

        Returns:
            The file's content; empty when there is no file.
        """
        return (super().load() or {}) if self._exists() else {}


class OptionalCSVDataset(CSVDataset):
    """A CSV file that stands for an empty table until somebody writes it."""

    def load(self) -> pd.DataFrame:
        """Load the table.

        Returns:
            The file's content; without rows and columns when there is no file.
        """
        return super().load() if self._exists() else pd.DataFrame()


class OptionalPartitionedDataset(PartitionedDataset):
    """A folder of files that stands for none of them until somebody writes there."""

    def load(self) -> dict[str, Callable[[], Any]]:
        """List the files.

        Returns:
            What loads each, by its path in the folder.
        """
        self._invalidate_caches()
        return super().load() if self._exists() else {}
