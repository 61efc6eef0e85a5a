from datetime import UTC, datetime, timedelta

import pytest

from abalone.lambdas.claims import Claim
from abalone.lambdas.errors import SettingError
from abalone.lambdas.launch_retraining import handler
from support.retraining import COOL_DOWN, SHARE, asked_by

LANDING = "data/01_raw/landing"

pytestmark = pytest.mark.usefixtures("pipeline")


@pytest.fixture
def land(aws, bucket):
    def landed(name, rows):
        """Land a batch of so many rows of 10 bytes."""
        aws("s3").put_object(Bucket=bucket, Key=f"{LANDING}/{name}", Body=b"F,0.5,0.4\n" * rows)

    return landed


@pytest.fixture
def trained_on_100_rows(land, context, end_all, aws):
    """A start for a landing zone of 100 rows, which has ended and cooled down."""
    land("survey.csv", 100)
    handler(asked_by("one", "new-data"), context)
    end_all()
    aws("ssm").put_parameter(Name=COOL_DOWN, Value="0", Type="String", Overwrite=True)


@pytest.mark.usefixtures("trained_on_100_rows")
def test_new_data_of_a_tenth_starts_nothing_and_of_more_than_that_starts_the_pipeline(context, executions, land):
    land("north.csv", 10)
    enough = handler(asked_by("two", "new-data"), context)
    land("south.csv", 1)
    more = handler(asked_by("three", "new-data"), context)

    assert enough == {"status": "too-little-new-data", "landing_bytes": 1100, "needed_bytes": 1100}
    assert more["status"] == "started"
    assert len(executions()) == 2


@pytest.mark.usefixtures("trained_on_100_rows")
def test_feedback_batch_that_is_written_again_day_after_day_starts_nothing(context, executions, land):
    answers = []
    for day in range(3):
        land("feedback_abalone_2026-06-01.csv", 8 + day)
        answers.append(handler(asked_by(f"day {day}", "new-data"), context)["status"])

    assert answers == ["too-little-new-data"] * 3
    assert len(executions()) == 1


@pytest.mark.usefixtures("trained_on_100_rows")
@pytest.mark.parametrize("reason", ["drift", "performance"])
def test_what_monitoring_decides_starts_nothing_until_something_has_landed(context, executions, land, reason):
    before = [handler(asked_by(f"day {day}", reason), context) for day in range(3)]
    land("north.csv", 1)
    after = handler(asked_by("day 3", reason), context)

    assert before == [{"status": "nothing-new", "landing_bytes": 1000}] * 3
    assert after["status"] == "started"
    assert len(executions()) == 2


@pytest.mark.usefixtures("trained_on_100_rows")
@pytest.mark.parametrize("reason", ["schedule", "manual"])
def test_schedule_and_people_need_no_new_data(context, reason):
    assert handler(asked_by("two", reason), context)["status"] == "started"


@pytest.mark.usefixtures("trained_on_100_rows")
def test_new_data_is_what_came_since_the_last_start_whatever_that_was_for(context, end_all, land):
    land("north.csv", 20)
    handler(asked_by("two", "drift"), context)
    end_all()

    assert handler(asked_by("three", "new-data"), context)["status"] == "too-little-new-data"


def test_file_that_is_no_batch_is_no_new_data(context, store, land):
    land("survey.csv", 100)
    land("survey.csv.partial", 1000)

    handler(asked_by("one", "new-data"), context)

    assert store.last().claim.landing_bytes == 1000


@pytest.mark.parametrize("reason", ["drift", "new-data"])
def test_marker_of_before_sizes_were_recorded_stops_nobody(context, store, land, reason):
    land("survey.csv", 100)
    store.replace(None, Claim("one", "drift", datetime.now(UTC) - timedelta(hours=25), "execution"))

    assert handler(asked_by("two", reason), context)["status"] == "started"


@pytest.mark.usefixtures("trained_on_100_rows")
def test_share_of_new_data_that_is_no_number_is_named(context, aws):
    aws("ssm").put_parameter(Name=SHARE, Value="10%", Type="String", Overwrite=True)

    with pytest.raises(SettingError, match=f"{SHARE} is '10%': set it to a share, such as 0.1"):
        handler(asked_by("two", "new-data"), context)
