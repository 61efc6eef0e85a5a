"""Settings of the service."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from abalone.serving.settings import Settings
from support.service import service_environment


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABALONE_SERVING_CAPTURE_SAMPLE", "0.25")
    monkeypatch.setenv("ABALONE_SERVING_CORS_ORIGINS", '["https://example.org"]')

    settings = Settings()

    assert (settings.capture_sample, settings.cors_origins) == (0.25, ("https://example.org",))


def test_variables_of_sagemaker_are_read_and_ours_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAGEMAKER_BIND_TO_PORT", "9000")
    monkeypatch.setenv("SAGEMAKER_MODEL_SERVER_WORKERS", "3")
    monkeypatch.setenv("ABALONE_SERVING_WORKERS", "2")

    settings = Settings()

    assert (settings.port, settings.workers) == (9000, 2)


def test_api_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABALONE_SERVING_API_KEY", "open sesame")

    assert "sesame" not in repr(Settings())


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "70000"), ("WORKERS", "0"), ("INVALID_ROWS", "ignore"), ("ENDPOINT_NAME", "a/b")]
)
def test_wrong_setting_is_an_error(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"ABALONE_SERVING_{name}", value)

    with pytest.raises(ValidationError):
        Settings()


def run(*arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "abalone.serving", *arguments],
        env=service_environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_names_every_setting_with_its_default() -> None:
    completed = run("--help")

    assert completed.returncode == 0
    for name, field in Settings.model_fields.items():
        assert f"ABALONE_SERVING_{name.upper()}" in completed.stdout
        assert field.description in completed.stdout


def test_wrong_setting_ends_the_service_with_a_line_that_names_it() -> None:
    completed = run(capture_sample=2, workers="many")

    assert completed.returncode == 1
    assert "ABALONE_SERVING_CAPTURE_SAMPLE" in completed.stderr
    assert "ABALONE_SERVING_WORKERS" in completed.stderr
    assert "Traceback" not in completed.stderr


def test_misspelt_setting_ends_the_service_with_a_line_that_names_both() -> None:
    completed = run(apikey="secret")

    assert completed.returncode == 1
    assert completed.stderr == "ABALONE_SERVING_APIKEY is no setting: ABALONE_SERVING_API_KEY is one\n"


def test_variable_of_another_part_of_the_project_is_let_pass() -> None:
    completed = run(image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/abalone@sha256:0", model="/nowhere", port=0)

    assert "is no setting" not in completed.stderr
