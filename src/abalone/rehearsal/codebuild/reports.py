"""The reports of a build: how many tests ran, from files of JUnit's format."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from abalone.errors import AbaloneError
from abalone.rehearsal.codebuild.buildspec import Report

COUNTED = ("tests", "failures", "errors", "skipped")


def read_report(source: Path, report: Report) -> dict[str, int]:
    """Count the tests of a report group.

    Args:
        source: Folder of the build.
        report: As the buildspec has it.

    Returns:
        Number of tests, failures, errors and skipped ones; no number at all when there is no such file.

    Raises:
        AbaloneError: A file is not of JUnit's format.
    """
    counts: dict[str, int] = {}
    for suite in _suites(source / report.base_directory, report.files):
        for name in COUNTED:
            counts[name] = counts.get(name, 0) + int(suite.get(name, 0))
    return counts


def _suites(folder: Path, patterns: tuple[str, ...]) -> Iterator[ElementTree.Element]:
    for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
        try:
            yield from ElementTree.parse(path).getroot().iter("testsuite")  # noqa: S314 - the build's own file
        except ElementTree.ParseError as error:
            raise AbaloneError(f"{path} is no report of JUnit's format: {error}") from error
