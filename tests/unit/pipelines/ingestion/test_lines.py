import pytest

from abalone.pipelines.ingestion.lines import split_lines, wide_encoding


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "not ended"])
def test_lines_end_with_lf_crlf_or_cr_and_the_last_need_not_end(end, last):
    lines = split_lines(end.join([b"a,b", b"1,2", b"3,4"]) + (end if last else b""))

    assert [lines[index] for index in range(len(lines))] == [b"a,b", b"1,2", b"3,4"]


def test_mixed_line_ends_are_each_one_line_end():
    lines = split_lines(b"a\r\nb\rc\nd")

    assert [lines[index] for index in range(len(lines))] == [b"a", b"b", b"c", b"d"]


def test_blank_lines_are_left_out_but_counted_in_the_line_numbers():
    lines = split_lines(b"\n  \t\nheader\n\nrow\n\n\n")

    assert lines.numbers.tolist() == [3, 5]
    assert lines[1] == b"row"


@pytest.mark.parametrize("raw", [b"", b"\n", b" \r\n\t\r\n", b"\xef\xbb\xbf"])
def test_text_without_content_has_no_lines(raw):
    assert len(split_lines(raw)) == 0


def test_utf8_byte_order_mark_is_not_part_of_the_first_line():
    assert split_lines(b"\xef\xbb\xbfsex,length")[0] == b"sex,length"


def test_other_separators_do_not_end_a_line():
    assert len(split_lines("a\x0bb\x0cc\x1cd\x85e\u2028f".encode())) == 1


def test_lengths_are_in_bytes_without_the_line_end():
    assert split_lines("é\r\nabc\n".encode()).lengths.tolist() == [2, 3]


def test_ascii_is_told_line_by_line():
    assert split_lines(b"abc\n\xe9\nxyz").ascii.tolist() == [True, False, True]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_lines_of_wide_encodings_are_counted_as_after_a_conversion(encoding):
    raw = "\ufeffa,b\r\n1,2\r\n".removeprefix("\ufeff" if encoding in ("utf-16", "utf-32") else "").encode(encoding)

    lines = split_lines(raw)

    assert wide_encoding(raw) == encoding.upper()[:6]
    assert [lines[index] for index in range(len(lines))] == [b"a,b", b"1,2"]


def test_odd_bytes_after_a_wide_byte_order_mark_do_not_fail():
    assert len(split_lines(b"\xff\xfe\x00\xd8\x41")) == 1
