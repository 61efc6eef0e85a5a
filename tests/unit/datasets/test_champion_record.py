import json

from abalone.datasets.champion_record import ChampionRecordDataset


def record(folder):
    return ChampionRecordDataset(filepath=(folder / "champion.json").as_posix())


def test_first_record_has_no_previous_champion(tmp_path):
    record(tmp_path).save({"version": "1", "digest": "a"})

    assert record(tmp_path).load() == {"version": "1", "digest": "a", "previous": None}


def test_new_champion_remembers_the_one_before_it(tmp_path):
    record(tmp_path).save({"version": "1", "digest": "a"})

    record(tmp_path).save({"version": "2", "digest": "b"})

    assert record(tmp_path).load() == {"version": "2", "digest": "b", "previous": "1"}


def test_naming_the_champion_again_leaves_its_record_as_it_is(tmp_path):
    record(tmp_path).save({"version": "1", "digest": "a"})
    record(tmp_path).save({"version": "2", "digest": "b"})

    record(tmp_path).save({"version": "2", "digest": "b"})

    assert record(tmp_path).load()["previous"] == "1"


def test_record_of_no_champion_is_written(tmp_path):
    record(tmp_path).save({"version": None, "digest": None})

    assert json.loads((tmp_path / "champion.json").read_text())["version"] is None
