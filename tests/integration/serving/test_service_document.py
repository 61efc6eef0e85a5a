"""What the OpenAPI document says is what the service does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection, positive_data_acceptance

from support.fuzzing import faultless_service, fuzz
from support.service import RunningService


@pytest.fixture(scope="module")
def service(artifact_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with faultless_service(artifact_directory, tmp_path_factory.mktemp("captures")) as running:
        yield running


@pytest.fixture(scope="module")
def document(service: RunningService) -> Iterator[schemathesis.BaseSchema]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("no_proxy", "*")
        yield schemathesis.openapi.from_url(f"{service.url}/openapi.json")


OPERATIONS = [
    ("/invocations", "POST"),
    ("/feedback", "POST"),
    ("/ping", "GET"),
    ("/model", "GET"),
    ("/metrics", "GET"),
]


def test_document_has_every_operation(document: schemathesis.BaseSchema) -> None:
    found = [result.ok() for result in document.get_all_operations()]
    assert sorted((each.path, each.method.upper()) for each in found) == sorted(OPERATIONS)


# What the document cannot say: the rules between measurements, what is in a CSV, and that numbers may be text.
BEYOND_SCHEMA = [negative_data_rejection, positive_data_acceptance]


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [
        *((path, method, GenerationMode.POSITIVE) for path, method in OPERATIONS),
        *((path, method, GenerationMode.NEGATIVE) for path, method in OPERATIONS if method == "POST"),
    ],
)
@fuzz(max_examples=150)
@given(data=st.data())
def test_service_does_what_its_document_says(
    document: schemathesis.BaseSchema, data: st.DataObject, path: str, method: str, mode: GenerationMode
) -> None:
    case = data.draw(document[path][method].as_strategy(generation_mode=mode))
    case.call_and_validate(excluded_checks=BEYOND_SCHEMA if path == "/invocations" else [])
