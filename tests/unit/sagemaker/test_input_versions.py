import pytest

from abalone.datasets.champion import NO_CHAMPION
from abalone.errors import AbaloneError
from abalone.sagemaker.input_versions import NOTHING, champion_version, check_unchanged, listing_digest


def test_version_of_a_folder_follows_its_files(tmp_path):
    (tmp_path / "a.csv").write_text("1")
    first = listing_digest(str(tmp_path))

    (tmp_path / "b.csv").write_text("2")

    assert len(first) == 32
    assert listing_digest(str(tmp_path)) != first


def test_what_is_not_there_has_no_version(tmp_path):
    assert listing_digest(str(tmp_path / "none")) == NOTHING
    assert listing_digest(None) == NOTHING


@pytest.mark.parametrize(
    ("record", "own", "version"),
    [
        (None, None, NO_CHAMPION),
        ({"version": "2", "previous": "1"}, None, "2"),
        ({"version": "2", "previous": "1"}, "3", "2"),
        ({"version": "2", "previous": "1"}, "2", "1"),
        ({"version": "2", "previous": None}, "2", NO_CHAMPION),
        ({"version": None}, None, NO_CHAMPION),
    ],
)
def test_model_has_to_beat_the_champion_or_the_one_that_it_took_over_from(record, own, version):
    assert champion_version(record, own) == version


CHAMPION = {"type": "abalone.datasets.champion.ChampionDataset"}


def test_input_that_has_changed_since_the_start_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("1")
    told = {"batches": listing_digest(str(tmp_path))}
    check_unchanged(told, {"batches": {"path": str(tmp_path)}})

    (tmp_path / "b.csv").write_text("2")

    with pytest.raises(
        AbaloneError, match=r"batches at .* has changed since this execution was started: start it again"
    ):
        check_unchanged(told, {"batches": {"path": str(tmp_path)}})


def test_input_that_has_appeared_since_the_start_is_refused(tmp_path):
    (tmp_path / "a.yml").write_text("1")

    with pytest.raises(AbaloneError, match="has changed"):
        check_unchanged({"tuned": NOTHING}, {"tuned": {"filepath": str(tmp_path / "a.yml")}})


def test_version_in_words_of_the_one_who_starts_and_the_champion_are_not_checked(tmp_path):
    told = {"batches": "event-1", "champion": NO_CHAMPION}
    (tmp_path / "champion.json").write_text("{}")

    check_unchanged(told, {"batches": {"path": str(tmp_path)}, "champion": {**CHAMPION, "filepath": str(tmp_path)}})
