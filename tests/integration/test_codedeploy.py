"""The revision of CodeDeploy: a build makes it, and its hooks run in a scratch root, where they start the service."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from support import aws_cli
from support.buildspec import BUILDSPECS, run_buildspec
from support.checkout import new_checkout
from support.codedeploy import EVENTS, Deployment, Host
from support.dockerfile import INSTRUCTIONS
from support.project import REPOSITORY
from support.s3 import REGION, S3
from support.sagemaker_account import new_account

MODEL = "s3://abalone-prd-data/sagemaker/abalone-prd/models/m-1/output/model.tar.gz"
BROKEN_START = "raise RuntimeError('broken at the start')\n"
MIXES_UP_ROWS = """

_in_order = Artifact.predict_arrays
Artifact.predict_arrays = lambda self, sex, numbers: _in_order(self, sex[::-1], numbers[::-1])
"""


@dataclass(frozen=True)
class Release:
    """What the build of a release leaves: its artifact, the revision as it was made, and the parameter of the model."""

    artifact: Path
    revision: Path
    model: str


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of the working tree, as deploy.yml builds it."""
    folder = tmp_path_factory.mktemp("release")
    checkout = new_checkout(folder / "source", "delivery", "requirements", "src")
    aws_cli.install(folder / "bin")
    with new_account() as account:
        variables = {
            **{name: value for name, value in account.env.items() if name.startswith("AWS_")},
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PYTHON": sys.executable,
            "ABALONE_PARAMETER_PREFIX": "/abalone/prd",
            "MODEL_DATA_URL": MODEL,
        }
        build = run_buildspec(BUILDSPECS / "deploy.yml", checkout, folder / "output", variables)
        assert build.succeeded, build.log
        model = client_of(account).get_parameter(Name="/abalone/prd/serving/model")["Parameter"]["Value"]
    return Release(build.build.artifacts["artifact"], checkout / "build" / "revision.zip", model)


@pytest.fixture(scope="session")
def bundle(release: Release) -> Path:
    """The revision of the working tree, as CodePipeline hands it to CodeDeploy."""
    return release.artifact


def test_release_names_the_model_where_the_hosts_read_it(release: Release) -> None:
    assert release.model == MODEL


def make_bundle(output: Path, umask: int = 0o022, **variables: str) -> str:
    """Make the revision, and return the digest that is printed."""
    completed = subprocess.run(
        [REPOSITORY / "delivery" / "codedeploy" / "make_bundle.sh", output],
        env=os.environ | {"PYTHON": sys.executable} | variables,
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr
    return completed.stdout.split()[0]


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The virtual environments of hosts, which a host keeps from one deployment to the next."""
    return tmp_path_factory.mktemp("environments")


@pytest.fixture
def host(tmp_path: Path, artifact_directory: Path, environments: Path) -> Iterator[Host]:
    """A host without a release, with the settings of an operator."""
    host = Host(tmp_path / "host")
    host.environment_file.parent.mkdir(parents=True)
    host.environment_file.write_text("\n".join(settings(artifact_directory)) + "\n")
    (host.root / "opt" / "abalone").mkdir(parents=True)
    (host.root / "opt" / "abalone" / "environments").symlink_to(environments)
    yield host
    host.close()


def settings(model: Path) -> list[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return [
        "# of the operator",
        f"ABALONE_SERVING_MODEL={model}",
        "ABALONE_SERVING_HOST=127.0.0.1",
        f"ABALONE_SERVING_PORT={port}",
        "ABALONE_SERVING_API_KEY='a key'",
    ]


def deploy(host: Host, bundle: Path, name: str, edits: dict[str, str] | None = None) -> Deployment:
    """Deploy the bundle under a name, which its page shows, with text appended to files of its code."""
    archive = host.unpack(bundle, name)
    page = archive / "code" / "abalone" / "serving" / "page" / "index.html"
    page.write_text(page.read_text().replace("<title>", f"<title>{name} "))
    for path, text in (edits or {}).items():
        with (archive / "code" / "abalone" / path).open("a") as file:
            file.write(text)
    return host.deploy(archive)


def test_first_revision_answers_in_a_release_of_its_own(host: Host, bundle: Path) -> None:
    deployment = deploy(host, bundle, "d-1")

    assert deployment.failed_event == "", deployment.log
    assert json.loads(host.read("/ping"))["status"] == "ok"
    assert (host.release("current"), host.release("validated")) == ("d-1", "d-1")
    assert host.environment_file.stat().st_mode & 0o777 == 0o640


def test_next_revision_takes_the_place_of_the_one_before(host: Host, bundle: Path) -> None:
    deploy(host, bundle, "d-1")
    before = host.pid

    deployment = deploy(host, bundle, "d-2")

    assert deployment.failed_event == "", deployment.log
    assert "<title>d-2 " in host.read("/")
    assert not is_alive(before)
    assert host.releases() == ["d-1", "d-2"]


def is_alive(pid: int | None) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] not in "ZX"


@pytest.mark.parametrize(
    ("edits", "seconds", "said"),
    [
        ({"serving/server.py": BROKEN_START}, "1", "/ping has not answered 200 in 1 s"),
        ({"model/artifact.py": MIXES_UP_ROWS}, "30", "/invocations answers 200"),
    ],
    ids=["fails at the start", "answers wrongly"],
)
def test_broken_revision_fails_and_the_one_before_answers_again(
    edits: dict[str, str], seconds: str, said: str, host: Host, bundle: Path
) -> None:
    deploy(host, bundle, "d-1")
    host.settings["ABALONE_VALIDATE_SECONDS"] = seconds

    deployment = deploy(host, bundle, "d-2", edits)

    assert deployment.failed_event == "ValidateService"
    assert said in deployment.log
    assert "going back to release d-1" in deployment.log
    assert (host.release("current"), host.release("validated")) == ("d-1", "d-1")
    assert "<title>d-1 " in host.read("/")


def test_broken_revision_is_stopped_where_there_is_none_to_go_back_to(host: Host, bundle: Path) -> None:
    deployment = deploy(host, bundle, "d-1", {"model/artifact.py": MIXES_UP_ROWS})

    assert deployment.failed_event == "ValidateService"
    assert "there is no release to go back to: stopping the service" in deployment.log
    assert not host.is_active()


def test_failure_before_the_switch_starts_the_release_that_was_stopped(host: Host, bundle: Path) -> None:
    deploy(host, bundle, "d-1")

    deployment = deploy(host, bundle, "d-2", {"serving/app.py": "not valid Python"})

    assert deployment.failed_event == "BeforeInstall"
    assert "<title>d-1 " in host.read("/")
    assert host.releases() == ["d-1"]


def test_hooks_that_run_again_change_nothing(host: Host, bundle: Path) -> None:
    deploy(host, bundle, "d-1")
    archive = host.last_successful
    assert archive is not None

    again = [host.run_event(event, archive) for event in EVENTS]

    assert [completed.stdout for completed in again if completed.returncode] == []
    assert host.releases() == ["d-1"]
    assert "<title>d-1 " in host.read("/")


def test_old_releases_and_environments_are_removed(host: Host, bundle: Path) -> None:
    for age, name in enumerate(("d-4", "d-3", "d-2", "d-1")):
        release = host.root / "opt" / "abalone" / "releases" / name
        release.mkdir(parents=True)
        os.utime(release, (0, -age))
    (host.root / "opt" / "abalone" / "environments" / "unused").mkdir()

    deployment = deploy(host, bundle, "d-5")

    assert deployment.failed_event == "", deployment.log
    assert host.releases() == ["d-3", "d-4", "d-5"]
    environments = [path.name for path in (host.root / "opt" / "abalone" / "environments").iterdir()]
    assert len(environments) == 1
    assert environments != ["unused"]


def test_host_without_settings_says_where_to_write_them(host: Host, bundle: Path) -> None:
    host.environment_file.unlink()

    deployment = deploy(host, bundle, "d-1")

    assert deployment.failed_event == "AfterInstall"
    assert f"write {host.environment_file}, or the path of its parameters in SSM to" in deployment.log


def client_of(server: S3) -> Any:
    """A client of SSM."""
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    return boto3.client("ssm", endpoint_url=server.endpoint, region_name=REGION, **keys)


def put_parameter(s3: S3, name: str, value: str, kind: str = "String") -> None:
    client_of(s3).put_parameter(Name=f"/abalone/{name}", Value=value, Type=kind, Overwrite=True)


def read_settings_from(host: Host, path: str) -> None:
    (host.environment_file.parent / "parameter-path").write_text(f"{path}\n")


@pytest.fixture
def parameters(host: Host, s3: S3, artifact_directory: Path) -> S3:
    """An SSM that holds the settings of the host."""
    host.settings |= s3.env
    read_settings_from(host, "/abalone/prd/serving")
    for line in settings(artifact_directory)[1:]:
        name, value = line.split("=", 1)
        put_parameter(s3, f"prd/serving/{name.removeprefix('ABALONE_SERVING_').lower()}", value)
    return s3


def test_settings_are_those_of_the_parameters_below_the_path(host: Host, parameters: S3, bundle: Path) -> None:
    put_parameter(parameters, "prd/serving/cors_origins", r'["https://example.com/a\\b c#$d"]')
    archive = host.unpack(bundle, "d-1")

    done = [host.run_event(event, archive) for event in ("BeforeInstall", "AfterInstall")]

    assert [each.stdout for each in done if each.returncode] == []
    written = host.root / "opt" / "abalone" / "releases" / "d-1" / "environment"
    assert r'ABALONE_SERVING_CORS_ORIGINS="[\"https://example.com/a\\\\b c#$d\"]"' in written.read_text()
    assert f'AWS_REGION="{REGION}"' in written.read_text()
    assert written.stat().st_mode & 0o777 == 0o640


def test_settings_that_do_not_work_go_with_their_release(host: Host, parameters: S3, bundle: Path) -> None:
    deploy(host, bundle, "d-1")
    put_parameter(parameters, "prd/serving/model", "/nowhere")
    host.settings["ABALONE_VALIDATE_SECONDS"] = "1"

    deployment = deploy(host, bundle, "d-2")

    assert deployment.failed_event == "ValidateService"
    assert "/nowhere" not in host.environment_file.read_text()
    assert "<title>d-1 " in host.read("/")


def test_parameters_that_are_no_settings_are_refused(host: Host, s3: S3, bundle: Path) -> None:
    host.settings |= s3.env
    put_parameter(s3, "secret/api_key", "hidden", "SecureString")
    put_parameter(s3, "long/model", "two\nlines")
    archive = host.unpack(bundle, "d-1")

    said = {}
    for path in ("/abalone/secret", "/abalone/long", "/abalone/none"):
        read_settings_from(host, path)
        said[path] = host.run_event("AfterInstall", archive).stdout

    assert "/abalone/secret/api_key is secret, and would be in a file" in said["/abalone/secret"]
    assert "hidden" not in said["/abalone/secret"]
    assert "'lines ' is no setting on one line" in said["/abalone/long"]
    assert "there are no parameters below /abalone/none" in said["/abalone/none"]


def test_bundle_is_the_same_bytes_whenever_and_by_whomever_it_is_made(release: Release, tmp_path: Path) -> None:
    with zipfile.ZipFile(release.revision) as file:
        file.extractall(tmp_path, [name for name in file.namelist() if name.startswith("wheels/")])

    again = make_bundle(
        tmp_path / "again.zip", umask=0o077, TZ="Asia/Tokyo", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(tmp_path / "wheels")
    )

    assert again == hashlib.sha256(release.revision.read_bytes()).hexdigest()


def test_bundle_has_the_code_of_the_image_and_every_wheel_of_its_lock(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as file:
        names = set(file.namelist())
    code = {name.removeprefix("code/") for name in names if name.startswith("code/") and not name.endswith("/")}

    assert code == image_code()
    assert sum(name.endswith(".whl") for name in names) > 30
    assert not [name for name in names if "__pycache__" in name]


def image_code() -> set[str]:
    copies = [each.arguments.split()[:-1] for each in INSTRUCTIONS if each.stage == "serve-environment"]
    sources = [REPOSITORY / source for copy in copies for source in copy if source.startswith("src/")]
    files = [file for source in sources for file in ([source] if source.is_file() else source.rglob("*.*"))]
    return {str(file.relative_to(REPOSITORY / "src")) for file in files if "__pycache__" not in file.parts}
