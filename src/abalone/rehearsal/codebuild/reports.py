"""The reports of a build: how many tests ran, from files of JUnit's format."""

from collections import Counter
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
    folder = source / report.base_directory
    counts: Counter[str] = Counter()
    for path in sorted({path for pattern in report.files for path in folder.glob(pattern)}):
        try:
            counts.update(_count(path))
        except (ElementTree.ParseError, ValueError) as error:
            raise AbaloneError(f"{path} is no report of JUnit's format: {error}") from error
    return dict(counts)


def _count(path: Path) -> dict[str, int]:
    """Count the tests of a file; those of a suite are counted with the suite that it is in."""
    root = ElementTree.parse(path).getroot()  # noqa: S314 - the build's own file
    suites = [root] if root.tag == "testsuite" else root.findall("testsuite")
    return {name: sum(int(suite.get(name, 0)) for suite in suites) for name in COUNTED}
