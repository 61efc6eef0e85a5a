"""The page of the service: files of animals."""

import csv
import io
from collections.abc import Sequence

from playwright.sync_api import Page, expect

from support.page import ANIMAL, MEASURED
from support.service import RunningService

MEASUREMENTS = list(ANIMAL)


def as_csv(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def choose(page: Page, text: str, name: str = "animals.csv") -> None:
    page.set_input_files("#csv-file", {"name": name, "mimeType": "text/csv", "buffer": text.encode()})


def downloaded(page: Page) -> list[list[str]]:
    """Rows of the file that the page offers once it has predicted."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    return list(csv.reader(io.StringIO(download.value.path().read_bytes().decode(), newline="")))


def test_file_with_one_bad_row_comes_back_with_every_row_in_order(page: Page, service: RunningService) -> None:
    notes = ["plain", 'with "quotes", a comma\nand a line', "=1+1"]
    rows = [[*ANIMAL.values(), 7, note] for note in notes]
    rows[1][MEASUREMENTS.index("height")] = 0.9
    with service.client() as client:
        (expected,) = client.post("/invocations", json=[ANIMAL]).json()["predictions"]

    choose(page, as_csv([[*MEASUREMENTS, "rings", "note"], *rows]))

    expect(page.locator("#file-summary")).to_have_text("2 predicted, 1 invalid, 0 with warnings.")
    expect(page.locator("#file-announcement")).to_contain_text("2 predicted, 1 invalid")
    expect(page.locator("#file-rows tr").nth(0)).to_contain_text(f"{expected['age_years']:.1f}")
    expect(page.locator("#file-rows tr").nth(1)).to_contain_text("height 0.9 is not below diameter 0.355")
    header, *lines = downloaded(page)
    added = [f"predicted_{name}" for name in ("rings", "lower_rings", "upper_rings", "age_years", "warnings", "errors")]
    assert header == [*MEASUREMENTS, "rings", "note", *added]
    assert [line[:10] for line in lines] == [[str(cell) for cell in row] for row in rows]
    assert [bool(line[15]) for line in lines] == [False, True, False]
    assert [float(line[13]) for line in (lines[0], lines[2])] == [expected["age_years"]] * 2


def test_file_in_mm_and_g_gives_the_same_as_on_the_survey_scale(page: Page) -> None:
    outside = ANIMAL | {"height": 0.9}
    choose(page, as_csv([MEASUREMENTS, ANIMAL.values(), outside.values()]))
    expect(page.locator("#file-summary")).to_have_text("1 predicted, 1 invalid, 0 with warnings.")
    (_, survey, _) = downloaded(page)

    page.get_by_label("Millimetres and grams").check()
    choose(page, as_csv([MEASUREMENTS, MEASURED.values(), (MEASURED | {"height": 180}).values()]))
    expect(page.locator("#file-rows tr").nth(1)).to_contain_text("height 180 mm is not below diameter 71 mm")
    (_, metric, _) = downloaded(page)

    assert metric[:8] == [str(value) for value in MEASURED.values()]
    assert [round(float(cell), 6) for cell in metric[8:12]] == [round(float(cell), 6) for cell in survey[8:12]]


def test_file_in_other_units_than_chosen_is_doubted_and_predicted_again_in_the_right_ones(page: Page) -> None:
    choose(page, as_csv([MEASUREMENTS, MEASURED.values()]))
    expect(page.locator("#file-summary")).to_contain_text("are the units those of the file?")

    page.get_by_label("Millimetres and grams").check()

    expect(page.locator("#file-summary")).to_have_text("1 predicted, 0 invalid, 0 with warnings.")


def test_large_file_is_sent_in_parts_and_its_first_rows_are_shown(page: Page) -> None:
    rows = [list(ANIMAL.values()) for _ in range(12_000)]
    rows[11_000][0] = "X"
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "report" in request.url else None)

    choose(page, as_csv([MEASUREMENTS, *rows]))

    expect(page.locator("#file-summary")).to_have_text("11,999 predicted, 1 invalid, 0 with warnings.")
    expect(page.locator("#file-caption")).to_contain_text("the first 100 of 12,000 rows")
    expect(page.locator("#file-progress")).to_be_hidden()
    assert len(sent) == 3
    lines = downloaded(page)
    assert len(lines) == 12_001
    assert [number for number, line in enumerate(lines) if line[13] and number] == [11_001]
    page.get_by_label("Only rows with remarks").check()
    expect(page.locator("#file-rows tr")).to_have_count(1)
    expect(page.locator("#file-rows th")).to_have_text("11,001")


def test_file_without_header_comes_back_without_one(page: Page) -> None:
    choose(page, as_csv([ANIMAL.values(), ANIMAL.values()]))

    expect(page.locator("#file-summary")).to_contain_text("2 predicted")
    assert [len(line) for line in downloaded(page)] == [14, 14]


def test_file_that_cannot_be_read_is_refused_with_the_reason(page: Page) -> None:
    for text, reason in [
        ("", "The file is empty."),
        (",".join(MEASUREMENTS), "The file has a header and no rows."),
        (as_csv([MEASUREMENTS, ANIMAL.values()]).replace(",", ";"), "The values are separated by semicolons"),
        (as_csv([MEASUREMENTS[1:], list(ANIMAL.values())[1:]]), "The header lacks sex"),
    ]:
        choose(page, text)

        expect(page.locator("#file-problem")).to_contain_text(reason)
        expect(page.locator("#file-result")).to_be_hidden()


def test_file_may_be_dropped(page: Page) -> None:
    text = as_csv([MEASUREMENTS, ANIMAL.values()])

    page.locator("#drop").evaluate(
        """(drop, text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "dropped.csv"));
          drop.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        text,
    )

    expect(page.locator("#file-caption")).to_have_text("dropped.csv: 1 row")


def test_sample_is_predicted_whole(page: Page) -> None:
    with page.expect_download() as download:
        page.get_by_role("button", name="Sample CSV").click()

    choose(page, download.value.path().read_text(encoding="utf-8"))

    expect(page.locator("#file-summary")).to_have_text("3 predicted, 0 invalid, 0 with warnings.")
