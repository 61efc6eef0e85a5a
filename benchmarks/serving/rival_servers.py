"""How each rival is trained and served: in an environment of its own, with one worker on the server's core."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template
from urllib.request import Request

from abalone.errors import AbaloneError
from abalone.schema import SEX
from benchmarks.serving.cores import server_core
from benchmarks.serving.environments import RIVALS, python_of
from benchmarks.serving.processes import HOST, free_port, serving
from benchmarks.serving.rows import JSON, REPOSITORY, SURVEY, Row
from benchmarks.serving.service import first_row

# Threads keep the connections alive, which gunicorn's other workers do not.
GUNICORN = ("gunicorn", "--workers=1", "--worker-class=gthread", "--threads=4")
SOURCES = {"PYTHONPATH": str(REPOSITORY / "src")}
FLASK_PANDAS, FLASK_KERAS, MLSERVER = RIVALS / "flask_pandas", RIVALS / "flask_keras", RIVALS / "mlserver"


def train_pipeline(folder: Path) -> None:
    """Write model.skops and model.joblib, a scikit-learn pipeline as it is usually written."""
    subprocess.run([python_of(FLASK_PANDAS.name), FLASK_PANDAS / "pipeline.py", SURVEY, folder], check=True)


def train_network(folder: Path) -> None:
    """Write network.keras."""
    command = [python_of(FLASK_KERAS.name), FLASK_KERAS / "network.py", SURVEY, folder / "network.keras"]
    # TensorFlow tells of itself on standard error.
    subprocess.run(command, check=True, env={**os.environ, **SOURCES}, stderr=subprocess.DEVNULL)


@contextmanager
def flask_pandas(model: Path) -> Iterator[str]:
    """Serve a skops file with Flask, predicting through a DataFrame, and yield the URL."""
    port = free_port()
    command = [python_of(FLASK_PANDAS.name), "-m", *GUNICORN, f"--bind={HOST}:{port}", "app:app"]
    env = {"MODEL": str(model), **SOURCES}
    url = f"http://{HOST}:{port}/"
    with serving(command, first_row(url), core=server_core(), folder=FLASK_PANDAS, env=env):
        yield url


@contextmanager
def flask_keras_behind_nginx(scratch: Path) -> Iterator[str]:
    """Serve the network with Flask behind nginx, both on the same core, and yield nginx's URL.

    Raises:
        AbaloneError: nginx is not installed.
    """
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or shutil.which("nginx")
    if nginx is None:
        raise AbaloneError("nginx is not installed; on Debian and Ubuntu: apt-get install nginx-light")
    upstream, port = free_port(), free_port()
    template = Template((FLASK_KERAS / "nginx.conf").read_text(encoding="utf-8"))
    (scratch / "nginx.conf").write_text(template.substitute(upstream=upstream, port=port), encoding="utf-8")
    gunicorn = [python_of(FLASK_KERAS.name), "-m", *GUNICORN, f"--bind={HOST}:{upstream}", "app:app"]
    env = {"NETWORK": str(scratch / "network.keras"), **SOURCES}
    inner, outer = f"http://{HOST}:{upstream}/", f"http://{HOST}:{port}/"
    with (
        serving(gunicorn, first_row(inner), core=server_core(), folder=FLASK_KERAS, env=env),
        serving(
            [nginx, "-p", scratch, "-c", "nginx.conf", "-e", "stderr"],
            first_row(outer),
            core=server_core(),
            folder=scratch,
        ),
    ):
        yield outer


@contextmanager
def mlserver(scratch: Path, row: Row) -> Iterator[str]:
    """Serve model.joblib with MLServer's scikit-learn runtime, in MLServer's own process, and yield the URL."""
    port, grpc_port, metrics_port = free_port(), free_port(), free_port()
    ports = {"http_port": port, "grpc_port": grpc_port, "metrics_port": metrics_port}
    settings = {"host": HOST, **ports, "parallel_workers": 0, "debug": False}
    parameters = {"uri": str(scratch / "model.joblib")}
    model = {"name": "rings", "implementation": "mlserver_sklearn.SKLearnModel", "parameters": parameters}
    (scratch / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    (scratch / "model-settings.json").write_text(json.dumps(model), encoding="utf-8")
    url = f"http://{HOST}:{port}/v2/models/rings/infer"
    first = Request(url, mlserver_body(row), {"Content-Type": JSON})
    command = [python_of(MLSERVER.name).with_name("mlserver"), "start", "."]
    with serving(command, first, core=server_core(), folder=scratch):
        yield url


def mlserver_body(row: Row) -> bytes:
    """Write a row as MLServer reads a DataFrame."""
    text = {"shape": [1, 1], "datatype": "BYTES", "parameters": {"content_type": "str"}}
    number = {"shape": [1, 1], "datatype": "FP64"}
    inputs = [{"name": name, **(text if name == SEX.name else number), "data": [row[name]]} for name in row]
    return json.dumps({"parameters": {"content_type": "pd"}, "inputs": inputs}, separators=(",", ":")).encode()
