import pytest

from abalone.pipelines.evaluation.bands import band_names, band_of


def test_bands_are_named_in_rings():
    assert band_names([6, 9, 10, 16]) == ["under 6", "6 to 8", "9", "10 to 15", "16 or more"]


@pytest.mark.parametrize(
    ("rings", "name"), [(1, "under 6"), (5, "under 6"), (6, "6 to 8"), (8, "6 to 8"), (29, "9 or more")]
)
def test_animal_is_in_the_band_that_names_its_rings(rings, name):
    assert band_names([6, 9])[band_of([rings], [6, 9])[0]] == name
