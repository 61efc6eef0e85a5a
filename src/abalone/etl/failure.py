"""Why a job failed, in one line, also when it failed inside a task."""

import builtins
import re

from abalone.diagnosis import diagnose

_RAISED = re.compile(r"^(\w[\w.]*): (.*(?:\n(?!\s+at |\n).*)*)", re.MULTILINE)


def reason(error: Exception) -> str | None:
    """Explain an exception.

    Args:
        error: What the job raised.

    Returns:
        One line that says what happened and what to do; None for a fault of the program.
    """
    if type(error).__module__.split(".")[0] not in {"py4j", "pyspark"}:
        return diagnose(error)
    text = str(error)
    _, _, traceback = text.partition("Traceback (most recent call last)")
    raised = _RAISED.search(traceback)
    if raised is None:
        return diagnose(OSError(f"Spark failed: {_first_line(text)}"))
    name, message = raised.groups()
    if name.startswith("abalone."):
        return " ".join(message.split())
    kind = getattr(builtins, name, OSError)
    return diagnose(OSError(f"{name}: {message}")) if issubclass(kind, OSError) else None


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if "Exception:" in line or "Error:" in line), lines[0] if lines else "")
