from pathlib import Path

from matplotlib.figure import Figure

from abalone.datasets.figure import FigureDataset


def test_figure_is_loaded_as_the_png_that_was_written(tmp_path: Path) -> None:
    dataset = FigureDataset(filepath=str(tmp_path / "figures" / "line.png"))
    figure = Figure()
    figure.subplots().plot([1, 2])

    dataset.save(figure)

    assert dataset.load() == (tmp_path / "figures" / "line.png").read_bytes()
    assert dataset.load().startswith(b"\x89PNG")
