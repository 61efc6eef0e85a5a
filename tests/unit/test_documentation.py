"""What the documents say, as far as it can be checked without running it."""

import re
import subprocess
from pathlib import Path

import pytest

from abalone.schema import COLUMN_NAMES
from support.project import REPOSITORY

DOCUMENTS = [
    REPOSITORY / name
    for pattern in ("*.md", "data/*.md", "docs/**/*.md")
    for name in sorted(path.relative_to(REPOSITORY) for path in REPOSITORY.glob(pattern))
]


def name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    targets = re.findall(r"\]\(([^)#]+)\)", text) + re.findall(r'src="([^"]+)"', text)

    missing = [target for target in targets if "://" not in target and not (document.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_make_targets_exist(document: Path) -> None:
    shown = subprocess.run(["make", "help"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    targets = set(re.findall(r"make ([a-z-]+)", shown))

    mentioned = set(re.findall(r"(?:^|`)make ([a-z-]+)", document.read_text(encoding="utf-8"), re.MULTILINE))

    assert mentioned <= targets


def test_readme_shows_the_header_of_a_batch() -> None:
    assert f"\n{','.join(COLUMN_NAMES)}\n" in (REPOSITORY / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", sorted((REPOSITORY / "requirements").rglob("*.txt")), ids=name)
def test_locks_hold_names_versions_and_hashes_only(lock: Path) -> None:
    line = r"[a-z0-9._-]+(\[[a-z0-9,-]+\])?==[^\s;]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?"

    odd = [text for text in lock.read_text(encoding="utf-8").splitlines() if not re.fullmatch(line, text)]

    assert odd == []
