"""Datasets that may not have been written yet."""

from typing import Any

from kedro_datasets.yaml import YAMLDataset


class OptionalYAMLDataset(YAMLDataset):
    """A YAML file that stands for an empty mapping until somebody writes it."""

    def load(self) -> dict[str, Any]:
        """Load the mapping.

        Returns:
            The file's content; empty when there is no file.
        """
        return (super().load() or {}) if self._exists() else {}
