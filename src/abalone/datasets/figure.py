"""Figures that a later node can read back."""

from kedro_datasets.matplotlib import MatplotlibDataset


class FigureDataset(MatplotlibDataset):
    """Saves a Matplotlib figure as PNG, and loads the PNG: a figure is drawn once and shown everywhere."""

    def load(self) -> bytes:
        """Load the image.

        Returns:
            The PNG file's bytes.
        """
        content: bytes = self._fs.cat_file(str(self._get_load_path()))
        return content
