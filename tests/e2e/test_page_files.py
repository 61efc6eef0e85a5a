"""The page of the service: files of animals."""

import csv
import io
from collections.abc import Sequence

from playwright.sync_api import Page, expect

from support.page import ANIMAL, MEASURED
from support.service import RunningService

MEASUREMENTS = list(ANIMAL)

NUMERALS = {".5": 0.5, "27.": 27.0, "+5": 5.0, "1e1": 10.0, "2.5E-1": 0.25, " 5 ": 5.0}
NO_NUMERALS = ["5,7", "1_0", "0x5", "5 g", "5\u00a0", ".", "Infinity", "\u0665"]


def as_csv(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def choose(page: Page, content: str | bytes, name: str = "animals.csv") -> None:
    buffer = content.encode() if isinstance(content, str) else content
    page.set_input_files("#csv-file", {"name": name, "mimeType": "text/csv", "buffer": buffer})


def downloaded_bytes(page: Page) -> bytes:
    """The file that the page offers once it has predicted."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    return download.value.path().read_bytes()


def downloaded(page: Page) -> list[list[str]]:
    """Rows of that file."""
    return list(csv.reader(io.StringIO(downloaded_bytes(page).decode(), newline="")))


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


def test_number_is_written_in_mm_and_g_in_any_way_that_the_service_reads(page: Page, service: RunningService) -> None:
    texts = [*NUMERALS, *NO_NUMERALS]
    asked = [ANIMAL | {"viscera_weight": NUMERALS[text] / 200 if text in NUMERALS else text} for text in texts]
    with service.client() as client:
        expected = client.post("/invocations?invalid_rows=report", json=asked).json()["predictions"]

    page.get_by_label("Millimetres and grams").check()
    choose(page, as_csv([MEASUREMENTS, *((MEASURED | {"viscera_weight": text}).values() for text in texts)]))

    expect(page.locator("#file-summary")).to_contain_text(f"{len(NUMERALS)} predicted, {len(NO_NUMERALS)} invalid")
    _, *lines = downloaded(page)
    rings = {text: round(float(line[8]), 6) for text, line in zip(texts, lines, strict=True) if line[8]}
    errors = {text: line[13] for text, line in zip(texts, lines, strict=True) if line[13]}
    answers = dict(zip(texts, expected, strict=True))
    assert rings == {text: round(answers[text]["rings"], 6) for text in NUMERALS}
    assert errors == {
        text: answers[text]["errors"][0]["message"].replace("viscera_weight", "viscera weight") for text in NO_NUMERALS
    }


def test_header_may_be_spelt_as_people_spell_it(page: Page) -> None:
    spelt = [
        "Sex",
        " Length ",
        "DIAMETER",
        "Height",
        "Whole weight",
        "Shucked.weight",
        "viscera-weight",
        "Shell -weight",
    ]

    page.get_by_label("Millimetres and grams").check()
    choose(page, as_csv([spelt, MEASURED.values()]))

    expect(page.locator("#file-summary")).to_have_text("1 predicted, 0 invalid, 0 with warnings.")
    assert downloaded(page)[0][:8] == spelt


def test_empty_rows_and_trailing_commas_of_spreadsheets_are_left_out(page: Page) -> None:
    animal = [*ANIMAL.values()]
    for rows in (
        [MEASUREMENTS, animal, [""] * 8, animal, [""] * 8],
        [MEASUREMENTS, [*animal, ""], [*animal, " "]],
        [[*MEASUREMENTS, ""], [*animal, ""], [""] * 9, [*animal, ""]],
        [MEASUREMENTS, animal, animal],
    ):
        choose(page, as_csv(rows))

        header, *lines = downloaded(page)
        expect(page.locator("#file-summary")).to_have_text("2 predicted, 0 invalid, 0 with warnings.")
        assert [len(line) for line in lines] == [len(header)] * 2


def test_byte_order_mark_of_a_file_is_kept(page: Page) -> None:
    text = as_csv([[*MEASUREMENTS, "site"], [*ANIMAL.values(), "Kermadéc"]])

    for encoding, mark in [("utf-8", b""), ("utf-8-sig", b"\xef\xbb\xbf"), ("windows-1252", b"")]:
        choose(page, text.encode(encoding), f"{encoding}.csv")

        expect(page.locator("#file-caption")).to_have_text(f"{encoding}.csv: 1 row")
        content = downloaded_bytes(page)
        assert content.startswith(mark + b"sex,")
        assert "Kermadéc" in content.decode()


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
    sound = as_csv([MEASUREMENTS, ANIMAL.values()])
    without_header = as_csv([ANIMAL.values()])
    for content, reason in [
        ("", "The file is empty."),
        (",".join(MEASUREMENTS), "The file has a header and no rows."),
        (sound.replace(",", ";"), "The values are separated by semicolons"),
        (without_header.replace(",", ";").replace(".", ","), "The values are separated by semicolons"),
        (sound.replace(",", "\t"), "The values are separated by tabs"),
        (without_header.replace(",", "\t").replace(".", ","), "The values are separated by tabs"),
        (f"Survey; 1994\n\n{sound}", "The header is not in the first line"),
        (f"Survey of 1994,,,,,,,\n{sound}".replace(",", ";"), "The header is not in the first line"),
        (b"PK\x03\x04\x14\x00", "This is an Excel workbook: save it as CSV."),
        (as_csv([MEASUREMENTS[1:], list(ANIMAL.values())[1:]]), "The header lacks sex"),
    ]:
        choose(page, content)

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
