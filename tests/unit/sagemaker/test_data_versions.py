import pytest

from abalone.sagemaker.data_versions import NONE, champion_version, listing_digest


def test_version_of_a_folder_follows_its_files(tmp_path):
    (tmp_path / "a.csv").write_text("1")
    first = listing_digest(str(tmp_path))

    (tmp_path / "b.csv").write_text("2")

    assert len(first) == 32
    assert listing_digest(str(tmp_path)) != first


def test_what_is_not_there_has_no_version(tmp_path):
    assert listing_digest(str(tmp_path / "none")) == NONE
    assert listing_digest(None) == NONE


@pytest.mark.parametrize(
    ("record", "own", "version"),
    [
        ({}, None, NONE),
        ({"version": "2", "previous": "1"}, None, "2"),
        ({"version": "2", "previous": "1"}, "3", "2"),
        ({"version": "2", "previous": "1"}, "2", "1"),
        ({"version": "2", "previous": None}, "2", NONE),
        ({"version": None}, None, NONE),
    ],
)
def test_model_has_to_beat_the_champion_or_the_one_that_it_took_over_from(record, own, version):
    assert champion_version(record, own) == version
