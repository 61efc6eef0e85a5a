"""/monitor: the latest report of monitoring, from a folder or from S3."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from abalone.serving.report_files import MAX_BYTES
from support.s3 import S3
from support.service import RunningService, running_service

KEY = "data/08_reporting/monitoring.html"
REPORT = "<!doctype html><html lang=en><title>Monitoring</title><style>p{color:red}</style><p>±0.1 rings</p></html>"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the service looks for the report."""
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="module")
def service(artifact_directory: Path, reports: Path) -> Iterator[RunningService]:
    with running_service(artifact_directory, monitoring=reports, api_key="open sesame") as running:
        yield running


@pytest.fixture
def report(reports: Path) -> Iterator[Path]:
    path = reports / "monitoring.html"
    path.write_text(REPORT, encoding="utf-8")
    yield path
    path.unlink(missing_ok=True)


def ask(service: RunningService, **headers: str):  # httpx's answer
    with service.client() as client:
        return client.get("/monitor", headers={"X-Api-Key": "open sesame"} | headers)


@pytest.mark.usefixtures("report")
def test_report_is_shown_as_it_is(service: RunningService) -> None:
    answer = ask(service)

    assert (answer.status_code, answer.text) == (200, REPORT)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Last-Modified"].endswith(" GMT")


@pytest.mark.usefixtures("report")
def test_report_may_neither_run_a_script_nor_load_anything(service: RunningService) -> None:
    policy = dict(part.strip().split(" ", 1) for part in ask(service).headers["Content-Security-Policy"].split(";"))

    assert policy["default-src"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert not {"script-src", "connect-src", "object-src"} & set(policy)
    assert policy["img-src"] == "'self' data:"


def test_next_report_is_shown_at_once(service: RunningService, report: Path) -> None:
    ask(service)
    following = report.with_suffix(".partial")
    following.write_text(REPORT.replace("0.1", "0.2"), encoding="utf-8")
    following.replace(report)

    assert "±0.2 rings" in ask(service).text


def test_page_says_how_to_get_a_report_where_there_is_none(service: RunningService, reports: Path) -> None:
    answer = ask(service)

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert f"There is no report at {reports / 'monitoring.html'} yet" in answer.text
    assert "kedro run --pipelines monitoring" in answer.text


def test_file_that_is_too_large_for_a_report_is_not_read(service: RunningService, report: Path) -> None:
    with report.open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    answer = ask(service)

    assert (answer.status_code, "cannot be read at the moment" in answer.text) == (503, True)
    assert any("more than a report has" in str(each["message"]) for each in service.log)


def test_folder_in_the_place_of_the_report_is_a_fault_that_the_log_explains(
    service: RunningService, reports: Path
) -> None:
    folder = reports / "monitoring.html"
    folder.mkdir()

    answer = ask(service)

    folder.rmdir()
    assert (answer.status_code, "the log of the service says why" in answer.text) == (503, True)
    assert any("monitoring.html cannot be read" in str(each["message"]) for each in service.log)


@pytest.mark.usefixtures("report")
def test_browser_is_asked_for_the_key_and_sends_it_as_a_password(service: RunningService) -> None:
    with service.client() as client:
        unknown = client.get("/monitor")
        wrong = client.get("/monitor", auth=("anybody", "open"))
        right = client.get("/monitor", auth=("anybody", "open sesame"))
        elsewhere = client.get("/model", auth=("anybody", "open sesame"))

    assert [each.status_code for each in (unknown, wrong, right, elsewhere)] == [401, 401, 200, 401]
    assert unknown.headers["WWW-Authenticate"] == 'Basic realm="abalone"'
    assert elsewhere.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("credentials", [b"Og==", b"no base64!", base64.b64encode(b"no colon"), b"\xff"])
def test_credentials_that_are_none_are_refused(service: RunningService, credentials: bytes) -> None:
    with service.client() as client:
        answer = client.get("/monitor", headers=[(b"Authorization", b"Basic " + credentials)])

    assert answer.status_code == 401


def test_service_without_a_report_says_which_setting_names_it(artifact_directory: Path) -> None:
    with running_service(artifact_directory) as service:
        answer = ask(service)

    assert (answer.status_code, "set ABALONE_SERVING_MONITORING" in answer.text) == (404, True)


def test_report_on_s3_is_shown_and_looked_for_again(artifact_directory: Path, s3: S3) -> None:
    address = f"s3://{s3.bucket}/data/08_reporting"
    with running_service(artifact_directory, env=s3.env, monitoring=address) as service:
        missing = ask(service)
        s3.client.put_object(Bucket=s3.bucket, Key=KEY, Body=REPORT.encode())
        first, unchanged = ask(service), ask(service)
        s3.client.put_object(Bucket=s3.bucket, Key=KEY, Body=REPORT.replace("0.1", "0.2").encode())
        following = ask(service)
        s3.check_keys()
        forbidden = ask(service)

    assert (missing.status_code, f"There is no report at {address}/monitoring.html" in missing.text) == (404, True)
    assert first.text == unchanged.text == REPORT
    assert first.headers["Last-Modified"] == unchanged.headers["Last-Modified"]
    assert "±0.2 rings" in following.text
    assert forbidden.status_code == 404


def test_s3_that_does_not_answer_is_said_in_words(artifact_directory: Path, s3: S3) -> None:
    nowhere = s3.env | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    with running_service(artifact_directory, env=nowhere, monitoring=f"s3://{s3.bucket}/{KEY}") as service:
        answer = ask(service)

        assert (answer.status_code, "cannot be read at the moment" in answer.text) == (503, True)
        assert any(f"reading s3://{s3.bucket}/{KEY} failed" in str(each["message"]) for each in service.log)
