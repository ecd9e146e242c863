"""The hygiene hook takes blanks from line ends and leaves one newline at the end."""

from pathlib import Path

import pytest

from scripts.tidy import main, tidy


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a  \n\tb\t\n", b"a\n\tb\n"),
        (b"no newline", b"no newline\n"),
        (b"too many\n\n\n", b"too many\n"),
        (b"of another system \r\nas it was\r\n", b"of another system\r\nas it was\n"),
        (b"between\n \nparagraphs\n", b"between\n\nparagraphs\n"),
        (b"\n \n", b""),
        (b"", b""),
    ],
)
def test_a_text_is_tidied_once_and_then_stays(before: bytes, after: bytes) -> None:
    assert tidy(before) == after
    assert tidy(after) == after


def test_only_untidy_files_are_written_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tidy").write_bytes(b"a\n")
    (tmp_path / "untidy").write_bytes(b"a \n")
    files = [str(tmp_path / "tidy"), str(tmp_path / "untidy")]
    assert main(files) == 1
    assert capsys.readouterr().out == f"{files[1]}: mended\n"
    assert main(files) == 0
