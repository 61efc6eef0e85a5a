"""Refusing a request."""

from collections.abc import Sequence

from abalone.serving.messages import Fault, Problem

LISTED_PROBLEMS = 100
"""So many are listed in an answer; all of them are counted."""


class RequestError(Exception):
    """A request that is refused.

    Attributes:
        status: Status code of the answer.
        fault: What the answer says.
        headers: Further headers of the answer.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        problems: Sequence[Problem] = (),
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.fault = Fault(code, message, list(problems[:LISTED_PROBLEMS]), len(problems))
        self.headers = headers


def invalid_rows(problems: Sequence[Problem], rows: int) -> RequestError:
    """Refuse a request because of its rows.

    Args:
        problems: What is wrong, with row numbers, in their order.
        rows: How many rows the request has.
    """
    first = problems[0]
    invalid = len({problem.row for problem in problems})
    where = f"row {first.row}" + (f", column {first.column}" if first.column else "")
    counts = f"{invalid} of {rows} rows {'is' if invalid == 1 else 'are'} invalid"
    return RequestError(422, "invalid_rows", f"{where}: {first.message} ({counts})", problems)
