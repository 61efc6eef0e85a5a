"""The beginning of an environment's life, which may take more than one attempt."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from abalone.errors import AbaloneError
from abalone.rehearsal.aws.account import local_account
from abalone.rehearsal.infrastructure.life import Life

ATTEMPTS = 3


@contextmanager
def applied(repository: Path, name: str, scratch: Path, tell: Callable[[str], object]) -> Iterator[Life]:
    """Apply an environment, in an account of its own.

    When a connection is lost between request and answer, something exists that Terraform does not know of, and making
    it again is refused. Nothing but another account helps, so there are several attempts.

    Args:
        repository: Root of the project.
        name: dev or prd.
        scratch: Folder for the copies that Terraform is run in.
        tell: Called with why an attempt failed, when there is another one.

    Yields:
        The environment, until which its account lives.

    Raises:
        AbaloneError: No attempt succeeded.
    """
    with ExitStack() as account:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                life = Life.begin(repository, name, scratch / str(attempt), account.enter_context(local_account()))
                life.apply()
                break
            except AbaloneError as error:
                account.close()
                if attempt == ATTEMPTS:
                    raise
                tell(f"attempt {attempt} of {ATTEMPTS} to apply {name}: {error}")
        yield life
