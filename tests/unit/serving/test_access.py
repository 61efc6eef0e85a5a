"""The API key and the rate limit."""

import itertools
from collections.abc import Iterator

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abalone.errors import AbaloneError
from abalone.serving.access import ApiKey, RateLimiter, load_api_key
from abalone.serving.settings import Settings
from support.s3 import S3
from support.sagemaker_account import new_account


@pytest.mark.parametrize(
    ("x_api_key", "authorization"),
    [
        (b"secret", None),
        (None, b"Bearer secret"),
        (None, b"bearer  secret "),
        (b"wrong", b"Bearer secret"),
        (b"secret", b"Basic c2VjcmV0"),
    ],
)
def test_right_key_is_accepted_in_either_header(x_api_key: bytes | None, authorization: bytes | None) -> None:
    assert ApiKey("secret").accepts(x_api_key, authorization)


@pytest.mark.parametrize(
    ("x_api_key", "authorization"),
    [
        (None, None),
        (b"", b""),
        (b"secre", None),
        (b"secret2", None),
        (b"SECRET", None),
        (b"Bearer secret", None),
        (None, b"secret"),
        (None, b"Basic secret"),
        (None, b"Bearer"),
        (None, b"Bearer wrong"),
        (b"\xff\x00", b"Bearer \xff"),
    ],
)
def test_anything_else_is_not(x_api_key: bytes | None, authorization: bytes | None) -> None:
    assert not ApiKey("secret").accepts(x_api_key, authorization)


@given(st.text(min_size=1), st.binary())
def test_key_is_accepted_when_it_is_the_same_and_only_then(key: str, sent: bytes) -> None:
    assert ApiKey(key).accepts(key.encode(), None)
    assert ApiKey(key).accepts(sent, None) == (sent == key.encode())


def test_key_is_not_shown_by_what_holds_it() -> None:
    assert "secret" not in repr(vars(ApiKey("secret")))


def test_service_is_open_when_no_key_is_set() -> None:
    assert load_api_key(Settings()) is None


def test_key_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABALONE_SERVING_API_KEY", "secret\n")

    key = load_api_key(Settings())

    assert key is not None and key.accepts(b"secret", None)


@pytest.mark.parametrize("empty", ["", " ", "\n"])
def test_empty_key_is_refused_as_it_would_keep_nobody_out(monkeypatch: pytest.MonkeyPatch, empty: str) -> None:
    monkeypatch.setenv("ABALONE_SERVING_API_KEY", empty)

    with pytest.raises(AbaloneError, match="ABALONE_SERVING_API_KEY is empty: put a key there, or unset it"):
        load_api_key(Settings())


def test_two_places_for_the_key_are_refused() -> None:
    with pytest.raises(AbaloneError, match="API_KEY and ABALONE_SERVING_API_KEY_PARAMETER are both set"):
        load_api_key(Settings(api_key="secret", api_key_parameter="/abalone/key"))


@pytest.fixture(scope="module")
def account() -> Iterator[S3]:
    with new_account() as account:
        yield account


@pytest.fixture
def aws(account: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in account.env.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("aws")
def test_key_is_read_from_ssm_and_decrypted() -> None:
    boto3.client("ssm").put_parameter(Name="/abalone/key", Value="secret", Type="SecureString")

    key = load_api_key(Settings(api_key_parameter="/abalone/key"))

    assert key is not None and key.accepts(b"secret", None)


@pytest.mark.usefixtures("aws")
def test_missing_parameter_is_told() -> None:
    with pytest.raises(AbaloneError, match=r"the SSM parameter /nowhere failed .*ParameterNotFound"):
        load_api_key(Settings(api_key_parameter="/nowhere"))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_burst_is_allowed_at_once_and_then_the_rate() -> None:
    clock = Clock()
    limiter = RateLimiter(rate=2, burst=3, clock=clock)

    assert [limiter.retry_after("a") for _ in range(3)] == [0.0, 0.0, 0.0]
    assert limiter.retry_after("a") == pytest.approx(0.5, abs=1e-5)
    clock.now += 0.5
    assert limiter.retry_after("a") == 0.0
    assert limiter.retry_after("a") > 0


def test_request_that_is_refused_does_not_lengthen_the_wait() -> None:
    limiter = RateLimiter(rate=1, burst=1, clock=Clock())
    limiter.retry_after("a")

    waits = {limiter.retry_after("a") for _ in range(100)}

    assert len(waits) == 1


def test_clients_do_not_use_up_the_rate_of_each_other() -> None:
    limiter = RateLimiter(rate=1, burst=1, clock=Clock())
    limiter.retry_after("a")

    assert limiter.retry_after("b") == 0.0


def test_clients_that_were_not_seen_for_longest_are_forgotten() -> None:
    limiter = RateLimiter(rate=1, burst=1, clock=Clock(), max_clients=3)
    for client in ("a", "b", "c"):
        limiter.retry_after(client)
    limiter.retry_after("a")  # is seen again

    limiter.retry_after("d")

    assert limiter.retry_after("a") > 0
    assert limiter.retry_after("b") == 0.0


def test_memory_is_bounded_however_many_clients_there_are() -> None:
    limiter = RateLimiter(rate=1, burst=1)

    for number in range(25_000):
        limiter.retry_after(str(number))

    assert sum(len(value) for value in vars(limiter).values() if hasattr(value, "__len__")) == 10_000


@given(
    rate=st.floats(0.01, 10_000),
    burst=st.integers(1, 100),
    pauses=st.lists(st.one_of(st.just(0.0), st.floats(0, 100)), min_size=1, max_size=300),
)
def test_no_more_is_allowed_than_a_bucket_of_tokens_holds(rate: float, burst: int, pauses: list[float]) -> None:
    clock = Clock()
    limiter = RateLimiter(rate, burst, clock)
    allowed = []
    for pause in pauses:
        clock.now += pause
        if limiter.retry_after("a") == 0.0:
            allowed.append(clock.now)

    for (first, begin), (last, end) in itertools.combinations(enumerate(allowed), 2):
        assert last - first + 1 <= burst + (end - begin + 2e-6) * rate + 1e-6


@given(rate=st.floats(0.01, 10_000), burst=st.integers(1, 100))
def test_wait_that_was_told_is_enough(rate: float, burst: int) -> None:
    clock = Clock()
    limiter = RateLimiter(rate, burst, clock)

    assert [limiter.retry_after("a") for _ in range(burst)] == [0.0] * burst
    clock.now += limiter.retry_after("a")

    assert limiter.retry_after("a") == 0.0
