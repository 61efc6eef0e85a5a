import io

import numpy as np
import pytest
from PIL import Image
from scipy import stats

from abalone.pipelines.evaluation.figures.predictions import (
    draw_interval_coverage,
    draw_predicted_vs_actual,
    draw_residuals_by_age_band,
    wilson_interval,
)
from abalone.pipelines.evaluation.figures.protocols import draw_protocols
from abalone.pipelines.evaluation.nodes import (
    interval_coverage_figure,
    partial_dependence_figure,
    permutation_importance_figure,
)


@pytest.fixture
def figures(model, tables, test_predictions, cross_validated, parameters):
    return {
        "predicted_vs_actual": draw_predicted_vs_actual(test_predictions, parameters["figures"]),
        "residuals_by_age_band": draw_residuals_by_age_band(test_predictions, parameters["age_bands"]),
        "interval_coverage": interval_coverage_figure(model, test_predictions, parameters["figures"]),
        "permutation_importance": permutation_importance_figure(model, tables[1], parameters["explanations"]),
        "partial_dependence": partial_dependence_figure(model, tables[1], parameters["explanations"]),
        "protocols": draw_protocols(cross_validated[0]),
    }


def png_of(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return buffer.getvalue()


def texts_of(figure):
    return [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]


def title_of(figure):
    return figure.texts[-2].get_text()


def test_every_figure_is_a_small_readable_png(figures):
    for name, figure in figures.items():
        content = png_of(figure)
        picture = Image.open(io.BytesIO(content))
        picture.verify()
        assert picture.format == "PNG", name
        assert 700 <= picture.width <= 1000, name
        assert len(content) < 120_000, name


def test_no_text_leaves_its_figure(figures):
    for name, figure in figures.items():
        figure.savefig(io.BytesIO(), dpi="figure")
        for text in figure.texts:
            box = text.get_window_extent()
            assert box.x0 >= 0, (name, text)
            assert box.x1 <= figure.bbox.width, (name, text)
            assert box.y1 <= figure.bbox.height, (name, text)


def test_same_predictions_give_the_same_picture(test_predictions, parameters):
    first, again = (png_of(draw_predicted_vs_actual(test_predictions, parameters["figures"])) for _ in range(2))

    assert first == again


def test_title_states_the_coverage(test_predictions, parameters):
    inside = test_predictions["rings"].between(test_predictions["lower"], test_predictions["upper"]).mean()

    title = title_of(draw_predicted_vs_actual(test_predictions, parameters["figures"]))

    assert title == f"{inside:.0%} of the ring counts fall inside their interval"


@pytest.mark.parametrize(("shift", "direction"), [(6.0, "young"), (-6.0, "old")])
def test_title_names_the_band_that_is_worst(test_predictions, parameters, shift, direction):
    oldest = test_predictions["rings"] >= 16
    predictions = test_predictions.assign(residual=np.where(oldest, shift, 0.5))

    title = title_of(draw_residuals_by_age_band(predictions, parameters["age_bands"]))

    assert title == f"Animals with 16 or more rings are predicted 6.0 rings too {direction}"


def test_band_without_animals_is_left_out(test_predictions, parameters):
    young = test_predictions[test_predictions["rings"] < 12]

    texts = texts_of(draw_residuals_by_age_band(young, parameters["age_bands"]))

    assert any(text.startswith("9 to 11") for text in texts)
    assert not any(text.startswith("12 to 15") for text in texts)


@pytest.mark.parametrize(
    ("reach", "level", "title"),
    [
        (100.0, 0.9, "From young to old, 100% to 100% are inside (nominal 90%)"),
        (0.0, 0.975, "From young to old, 0% to 0% are inside (nominal 97.5%)"),
    ],
)
def test_title_states_the_coverage_of_the_groups_and_the_level(test_predictions, parameters, reach, level, title):
    predictions = test_predictions.assign(
        lower=test_predictions["predicted"] - reach, upper=test_predictions["predicted"] + reach
    )

    assert title_of(draw_interval_coverage(predictions, level, parameters["figures"])) == title


def test_coverage_is_drawn_for_fewer_animals_than_bins(test_predictions, parameters):
    figure = draw_interval_coverage(test_predictions.head(3), 0.9, parameters["figures"])

    assert "3 groups of 1 animals" in figure.texts[-1].get_text()


def test_wilson_interval_is_that_of_scipy():
    lower, upper = wilson_interval(np.array([0.9, 1.0]), np.array([120.0, 20.0]), confidence=0.95)

    for position, (successes, size) in enumerate([(108, 120), (20, 20)]):
        expected = stats.binomtest(successes, size).proportion_ci(0.95, method="wilson")
        assert (lower[position], upper[position]) == pytest.approx((expected.low, expected.high))


def test_protocols_figure_says_what_a_new_site_costs(cross_validated):
    table = cross_validated[0].assign(
        rmse=lambda rows: np.where(rows["protocol"] == "new_site", 2.2, 2.0) + 0.1 * (rows["candidate"] != "kernel")
    )

    assert title_of(draw_protocols(table)) == "At a new collection site the best model's error is 10% higher"
