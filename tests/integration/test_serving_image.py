"""The image of the service: what its target installs is installed in a scratch root, and started from there."""

import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from support import dockerfile
from support.dockerfile import Image
from support.waiting import free_port

MIB = 1024 * 1024
MAX_BYTES = 240 * MIB
ROW = "M,0.455,0.365,0.095,0.514,0.2245,0.101,0.15"
NOT_SERVING = ("kedro", "pandas", "sagemaker", "sklearn", "scipy", "pyarrow", "requests", "pip", "abalone.pipelines")


@dataclass(frozen=True)
class Container:
    """The process that the image runs, and what there is around it."""

    image: Image
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]"
    port: int

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, {"Content-Type": "text/csv", "Accept": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def run(self, command: list[str], **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in the image, as `docker exec` does."""
        return run_in(self.image, command, self.environment | environment)


def run_in(image: Image, command: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [program(image), *command[1:]],
        cwd=image.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def program(image: Image) -> Path:
    """The `python` of PATH, in the image."""
    return Path(image.environment["PATH"].split(":")[0]) / "python"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The target, built."""
    installer = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return dockerfile.build("serve", tmp_path_factory.mktemp("image"), installer)


@contextmanager
def started(image: Image, model: Path) -> Iterator[Container]:
    """Run the image as SageMaker runs it, but for the folder of the model: /opt/ml is not the test's to write."""
    port = free_port()
    environment = image.environment | {"SM_MODEL_DIR": str(model), "SAGEMAKER_BIND_TO_PORT": str(port)}
    # 0.0.0.0 is for a container of its own
    environment["ABALONE_SERVING_HOST"] = "127.0.0.1"
    with (image.root / "log").open("wb") as log:
        process = subprocess.Popen(
            [program(image), *image.command[1:]],
            cwd=image.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=log,
        )
    container = Container(image, environment, process, port)
    try:
        await_health(container)
        yield container
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def container(image: Image, artifact_directory: Path) -> Iterator[Container]:
    """A container that answers."""
    with started(image, artifact_directory) as container:
        yield container


def await_health(container: Container) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert container.process.poll() is None, (container.image.root / "log").read_text()
        try:
            if container.ask("GET", "/ping")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("the service does not answer")


def test_image_answers_pings_and_invocations(container: Container) -> None:
    status, answer = container.ask("POST", "/invocations", ROW)

    (prediction,) = json.loads(answer)["predictions"]
    assert status == 200
    assert 8 < prediction["rings"] < 11


def test_image_shows_the_page_with_its_files(container: Container) -> None:
    assert container.ask("GET", "/")[0] == 200
    assert container.ask("GET", "/static/page.js")[0] == 200


def test_image_finds_its_modules_in_itself_and_the_standard_library_alone(container: Container) -> None:
    script = "import sys, sysconfig; print(sysconfig.get_path('stdlib'), *sys.path, sep='\\n')"

    library, *places = container.run(["python", "-c", script]).stdout.splitlines()

    elsewhere = [place for place in places if not place.startswith((str(container.image.root), library))]
    assert [place for place in elsewhere if not place.endswith(".zip")] == []


@pytest.mark.parametrize("module", NOT_SERVING)
def test_image_has_nothing_that_only_training_needs(module: str, container: Container) -> None:
    completed = container.run(["python", "-c", f"import {module}"])

    assert "ModuleNotFoundError" in completed.stderr


def test_image_reaches_aws_without_further_packages(container: Container) -> None:
    completed = container.run(["python", "-c", "from abalone.serving.aws import aws_client; print(aws_client('s3'))"])

    assert completed.stdout.startswith("<botocore.client.S3 object"), completed.stderr


def test_image_says_whether_it_is_healthy(container: Container) -> None:
    command = container.image.health_command

    well, gone = container.run(command), container.run(command, SAGEMAKER_BIND_TO_PORT=str(free_port()))

    assert well.returncode == 0, well.stderr
    assert gone.returncode == 1


def test_image_without_a_model_says_what_to_mount(image: Image) -> None:
    completed = run_in(image, image.command, image.environment | {"ABALONE_SERVING_PORT": "0"})

    assert completed.returncode == 1
    assert "/opt/ml/model holds no model" in completed.stderr


def test_image_is_small(image: Image) -> None:
    size = sum(path.lstat().st_size for path in image.root.rglob("*") if path.is_file())

    assert size < MAX_BYTES, f"{size / MIB:.0f} MiB"


def test_code_is_compiled_as_its_user_cannot_do_that(image: Image) -> None:
    sources = list((image.root / "opt" / "abalone").rglob("*.py"))

    assert sources
    assert [path for path in sources if not list((path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"))] == []


def test_image_ends_in_order_when_it_is_stopped(image: Image, artifact_directory: Path) -> None:
    with started(image, artifact_directory) as container:
        container.process.send_signal(signal.SIGTERM)

        assert container.process.wait(40) == 0
