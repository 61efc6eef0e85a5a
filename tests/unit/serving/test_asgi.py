"""Headers of requests."""

import pytest

from abalone.serving.asgi import request_id, single_headers
from abalone.serving.faults import RequestError


def test_request_is_named_by_its_caller() -> None:
    assert request_id({b"x-request-id": b"run-7/3"}) == "run-7/3"
    assert request_id({b"x-request-id": b"a", b"x-amzn-sagemaker-inference-id": b"b"}) == "b"


@pytest.mark.parametrize("given", [b"", b"a b", b'"', b"\xff", b"a\nb", b"x" * 65])
def test_name_that_cannot_be_one_is_replaced(given: bytes) -> None:
    name = request_id({b"x-request-id": given})

    assert len(name) == 32
    assert name != request_id({b"x-request-id": given})


def test_repeated_headers_are_joined() -> None:
    headers = single_headers([(b"accept", b"text/csv"), (b"host", b"h"), (b"accept", b"*/*")], frozenset({b"host"}))

    assert headers == {b"accept": b"text/csv, */*", b"host": b"h"}


def test_header_that_may_stand_once_is_refused_twice() -> None:
    with pytest.raises(RequestError, match="content-type is given more than once"):
        single_headers([(b"content-type", b"a"), (b"content-type", b"b")], frozenset({b"content-type"}))
