"""Each format gives its words back, with its places, and without what is not prose."""

from __future__ import annotations

import string
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.twins import STAGES, Reading
from core.twins.reading import FORMATS, Limits, Refused, read
from core.twins.reading.decoding import decode
from tests.core.twins.reading import files

LIMITS = Limits()
KEEL = "Most mornings the water decides before you do."
ROPE = "Coil the rope the same way each time, and your hands will know it in the dark."
TIDE = "Wait for slack water: it comes twice a day, and it is worth the wait."


def reading_of(path: Path, name: str | None = None) -> Reading:
    return read(path, name or path.name, LIMITS)


def written(folder: Path, name: str, data: str | bytes) -> Reading:
    path = folder / "bytes"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return reading_of(path, name)


def places(reading: Reading) -> list[str]:
    return [mark.place for mark in reading.marks]


def hidden(reading: Reading) -> list[str]:
    return [reading.text[start:end] for start, end in reading.hidden]


def test_every_format_is_listed_once() -> None:
    names = [name for name, _ in FORMATS]
    assert sorted(names) == sorted({*names})
    assert STAGES[2] == "read"


class TestText:
    def test_it_is_the_file_as_it_is(self, tmp_path: Path) -> None:
        text = "\n  First\tline,  two blanks.\n\n\n\nLast line.  \n"
        assert written(tmp_path, "a.txt", text).text == text

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
    )
    def test_encodings(self, tmp_path: Path, encoding: str) -> None:
        text = "Größe zeigt sich – “später”. Und das Übrige auch.\nZweite Zeile."
        assert written(tmp_path, "a.txt", text.encode(encoding)).text == text

    def test_cyrillic_of_older_programs(self, tmp_path: Path) -> None:
        text = "Каждое утро вода решает раньше тебя, и это хорошая новость для всех нас. " * 4
        assert written(tmp_path, "a.txt", text.encode("cp1251")).text == text

    def test_ends_of_lines_are_one(self, tmp_path: Path) -> None:
        assert written(tmp_path, "a.txt", b"one\r\ntwo\rthree\n").text == "one\ntwo\nthree\n"

    def test_title_chapters_and_the_day_in_its_name(self, tmp_path: Path) -> None:
        text = f"The Keel Hour\n\n{KEEL}\n\nChapter 1 Ropes\n\n{ROPE}\n\nCHAPTER II\n\n{TIDE}\n"
        reading = written(tmp_path, "notes/2024-05-01-keel.txt", text)
        assert reading.title == "The Keel Hour"
        assert places(reading) == ["Chapter 1 Ropes", "CHAPTER II"]
        assert all(text[mark.start :].startswith(mark.place) for mark in reading.marks)
        assert reading.written_on == date(2024, 5, 1)

    @given(text=st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=3))
    @settings(max_examples=60)
    def test_what_is_written_as_utf8_is_read_as_it_is(self, text: str) -> None:
        assert decode(text.encode()) == text.removeprefix("\ufeff")

    def test_too_much_is_cut_and_said(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text(KEEL * 100)
        reading = read(path, "a.txt", Limits(characters=200))
        assert len(reading.text) == 200
        assert [problem.kind for problem in reading.problems] == ["cut_short"]


class TestMarkdown:
    TEXT = (
        "---\ntitle: 'The Keel Hour'\ndate: 2023-04-05\ntags: [a]\n---\n# Ropes\n\n"
        f"{ROPE}\n\n```python\nprint('not prose')\n# no heading\n```\n\n## Tides\n\n{TIDE}\n\n"
        "<!-- a note to myself -->\n"
    )

    def test_front_matter_comments_and_code_are_kept_out(self, tmp_path: Path) -> None:
        reading = written(tmp_path, "a.md", self.TEXT)
        assert reading.text == self.TEXT
        assert (reading.title, reading.written_on) == ("The Keel Hour", date(2023, 4, 5))
        assert places(reading) == ["Ropes", "Tides"]
        out = hidden(reading)
        assert out[0].startswith("---\ntitle") and out[0].endswith("---\n")
        assert any("not prose" in part for part in out)
        assert any("note to myself" in part for part in out)
        shown = [problem.quote for problem in reading.problems if problem.kind == "hidden_text"]
        assert shown == ["<!-- a note to myself -->"]

    def test_a_line_across_is_no_front_matter(self, tmp_path: Path) -> None:
        reading = written(tmp_path, "a.md", f"{KEEL}\n\n---\n\n{ROPE}\n\n---\n\n{TIDE}")
        assert reading.hidden == ()

    def test_hidden_tags(self, tmp_path: Path) -> None:
        reading = written(tmp_path, "a.md", f'{KEEL}\n\n<p style="display: none">Psst</p>\n')
        assert hidden(reading) == ['<p style="display: none">Psst</p>']


class TestSubtitles:
    SRT = (
        "1\r\n00:00:01,000 --> 00:00:03,000\r\n<i>Most mornings</i> the water\r\n\r\n"
        "2\r\n00:00:03,000 --> 00:00:05,500\r\n{\\an8}decides before you do.\r\n\r\n"
        "3\r\n01:02:09,250 --> 01:02:12,000\r\nCoil the rope.\r\n"
    )

    def test_srt(self, tmp_path: Path) -> None:
        reading = written(tmp_path, "talk.srt", self.SRT)
        assert reading.format == "subtitles"
        assert reading.text == f"{KEEL}\n\nCoil the rope."
        assert places(reading) == ["00:01", "00:03", "1:02:09"]
        assert reading.text[reading.marks[2].start :] == "Coil the rope."

    def test_vtt_with_notes_speakers_and_rolling_captions(self, tmp_path: Path) -> None:
        vtt = (
            "WEBVTT\n\nNOTE made by hand\n\nSTYLE\n::cue {}\n\n"
            "00:01.000 --> 00:02.000 align:start\n<v Maya>so the water\n\n"
            "00:02.000 --> 00:03.000\nso the water\ndecides &amp; waits\n\n"
            "00:03.000 --> 00:04.000\ndecides &amp; waits\n"
        )
        assert written(tmp_path, "talk.vtt", vtt).text == "so the water decides & waits"

    def test_one_without_words_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(Refused) as caught:
            written(tmp_path, "talk.vtt", "WEBVTT\n\nNOTE nothing\n")
        assert caught.value.kind == "empty"


class TestHtml:
    PAGE = (
        '<!DOCTYPE html><html><head><title>Keel</title><meta property="article:published_time" '
        'content="2022-03-04T10:00:00Z"><style>.x{display:none} .y p {color:red}</style>'
        "<script>var a='script words'</script></head><body><nav>Home About</nav>"
        f"<article><h1>Ropes</h1><p>{ROPE[:20]}<b>{ROPE[20:30]}</b>{ROPE[30:]}</p>"
        f"<ul><li>One</li><li>Two</li></ul><h2>Tides</h2><p>{TIDE}</p>"
        "<table><tr><td>a</td><td>b</td></tr></table></article>"
        "<footer>Imprint</footer></body></html>"
    )

    def test_words_in_order_without_chrome(self, tmp_path: Path) -> None:
        reading = written(tmp_path, "a.html", self.PAGE)
        assert reading.text == (
            f"# Ropes\n\n{ROPE}\n\n- One\n\n- Two\n\n## Tides\n\n{TIDE}\n\na | b"
        )
        assert (reading.title, reading.written_on) == ("Keel", date(2022, 3, 4))
        assert places(reading) == ["Ropes", "Tides"]

    @pytest.mark.parametrize(
        "how",
        [
            'style="display:none"',
            'style="visibility: hidden"',
            'style="font-size:0"',
            'style="font-size: 1px"',
            'style="color:#fff"',
            'style="color: white; background: #fefefe"',
            'style="position:absolute; left:-9999px"',
            'style="text-indent:-9999px"',
            'style="opacity:0"',
            'style="color: rgba(0,0,0,0)"',
            'style="width:1px;height:1px;overflow:hidden"',
            "hidden",
            'class="x"',
            'class="sr-only"',
            'id="z"',
        ],
    )
    def test_what_is_not_seen_is_marked(self, tmp_path: Path, how: str) -> None:
        page = f"<html><style>.x{{display:none}} #z{{opacity:0}}</style><p>{KEEL}</p>"
        reading = written(tmp_path, "a.html", f"{page}<div {how}><p>Psst, <b>you</b>.</p></div>")
        assert hidden(reading) == ["Psst, you."]
        assert [p.quote for p in reading.problems] == ["Psst, you."]

    @pytest.mark.parametrize(
        "how",
        [
            'style="color:#fff;background:#123456"',
            'style="color:black"',
            'style="font-size:0.9em"',
            'style="display:block;opacity:0.8"',
            'style="color:white;background-image:url(sea.png)"',
        ],
    )
    def test_what_is_seen_is_not(self, tmp_path: Path, how: str) -> None:
        assert written(tmp_path, "a.html", f"<html><p>{KEEL}</p><p {how}>Seen</p>").hidden == ()

    def test_a_charset_that_the_page_names(self, tmp_path: Path) -> None:
        page = '<html><meta charset="iso-8859-2"><p>Zażółć gęślą jaźń, mówi morze.</p></html>'
        reading = written(tmp_path, "a.html", page.encode("iso-8859-2"))
        assert reading.text == "Zażółć gęślą jaźń, mówi morze."

    def test_deep_nesting_ends(self, tmp_path: Path) -> None:
        page = f"<html><p>{KEEL}</p>" + "<div>" * 50_000 + "deep"
        assert written(tmp_path, "a.html", page).text.startswith(KEEL)


class TestOffice:
    def test_word(self, tmp_path: Path) -> None:
        path = files.word(
            tmp_path / "a.docx",
            [("Ropes", {"level": 1}), ROPE, ("Tides", {"level": 2}), TIDE],
            title="Keel",
        )
        reading = reading_of(path)
        assert reading.text == f"# Ropes\n\n{ROPE}\n\n## Tides\n\n{TIDE}"
        assert (reading.title, reading.hidden) == ("Keel", ())
        assert places(reading) == ["Ropes", "Tides"]

    @pytest.mark.parametrize("how", [{"hidden": True}, {"white": True}, {"size": 1}])
    def test_hidden_words_of_word(self, tmp_path: Path, how: dict[str, object]) -> None:
        reading = reading_of(files.word(tmp_path / "a.docx", [KEEL, ("Psst, you.", how), TIDE]))
        assert reading.text == f"{KEEL}\n\nPsst, you.\n\n{TIDE}"
        assert hidden(reading) == ["Psst, you."]

    def test_tables_of_word(self, tmp_path: Path) -> None:
        import docx

        document = docx.Document()
        document.add_paragraph(KEEL)
        table = document.add_table(rows=1, cols=2)
        table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
        document.add_paragraph(TIDE)
        document.save(str(tmp_path / "a.docx"))
        assert reading_of(tmp_path / "a.docx").text == f"{KEEL}\n\nleft | right\n\n{TIDE}"

    def test_slides(self, tmp_path: Path) -> None:
        path = files.slides(
            tmp_path / "a.pptx", [("Ropes", ROPE), ("Tides", TIDE)], notes="Say it slowly."
        )
        reading = reading_of(path)
        assert reading.text == f"# Ropes\n\n{ROPE}\n\n# Tides\n\n{TIDE}\n\nSay it slowly."
        assert places(reading) == ["slide 1", "slide 2"]
        assert (reading.title, reading.hidden) == ("Ropes", ())

    @pytest.mark.parametrize("how", ["hidden", "off", "white"])
    def test_hidden_words_of_slides(self, tmp_path: Path, how: str) -> None:
        path = files.slides(tmp_path / "a.pptx", [("Ropes", ROPE)], **{how: "Psst, you."})
        assert [part.removeprefix("# ") for part in hidden(reading_of(path))] == ["Psst, you."]


class TestEpub:
    def test_chapters_in_order(self, tmp_path: Path) -> None:
        path = files.epub(
            tmp_path / "a.epub",
            [f"<h1>Ropes</h1><p>{ROPE}</p>", f"<h1>Tides</h1><p>{TIDE}</p>"],
            title="Keel",
            day="2020-02-03",
        )
        reading = reading_of(path)
        assert reading.text == f"# Ropes\n\n{ROPE}\n\n# Tides\n\n{TIDE}"
        assert (reading.title, reading.written_on) == ("Keel", date(2020, 2, 3))
        assert places(reading) == ["Ropes", "Tides"]

    def test_hidden_words(self, tmp_path: Path) -> None:
        path = files.epub(tmp_path / "a.epub", [f"<p>{ROPE}</p><p hidden=''>Psst</p>"])
        assert hidden(reading_of(path)) == ["Psst"]


class TestPdf:
    def test_lines_become_paragraphs_and_words_are_mended(self, tmp_path: Path) -> None:
        lines = [
            ("Ropes", {"size": 18, "step": 30}),
            "Coil the rope the same way each time, and your hands will re-",
            "member it in the dark. A well-known knot is worth ten that you",
            ("have to look up in the evening.", {"step": 26}),
            "Wait for slack water: it comes twice a day, and a well-",
            "known friend is worth the wait.",
        ]
        reading = reading_of(files.pdf(tmp_path / "a.pdf", [lines], title="Keel"))
        assert reading.text == (
            "# Ropes\n\nCoil the rope the same way each time, and your hands will remember it in "
            "the dark. A well-known knot is worth ten that you have to look up in the evening.\n\n"
            "Wait for slack water: it comes twice a day, and a well-known friend is worth the wait."
        )
        assert (reading.title, places(reading)) == ("Keel", ["page 1"])

    def test_pages_that_all_say_the_same_keep_their_words(self, tmp_path: Path) -> None:
        path = files.pdf(tmp_path / "a.pdf", [["Walk first.", "Then talk."]] * 4)
        assert "Walk first." in read(path, "a.pdf", Limits()).text

    def test_running_heads_and_page_numbers_go(self, tmp_path: Path) -> None:
        pages = [
            [
                ("The Keel Hour", {"y": 810}),
                (f"{number}", {"y": 30}),
                f"Lesson {name} begins where the harbour ends,",
                f"and {name} is what you take home from it.",
                f"Nobody asked about {name} before.",
            ]
            for number, name in enumerate(["rope", "tide", "wind", "sail"], 1)
        ]
        reading = reading_of(files.pdf(tmp_path / "a.pdf", pages))
        assert "Keel" not in reading.text
        assert not any(character.isdigit() for character in reading.text)
        assert places(reading) == ["page 1", "page 2", "page 3", "page 4"]
        assert reading.text[reading.marks[2].start :].startswith("Lesson wind")

    @pytest.mark.parametrize(
        "how",
        [{"grey": 1}, {"grey": 0.97}, {"mode": 3}, {"size": 0.5}, {"y": -40}, {"x": 900}],
        ids=["white", "nearly white", "mode 3", "tiny", "below", "beside"],
    )
    def test_hidden_words(self, tmp_path: Path, how: dict[str, object]) -> None:
        path = files.pdf(tmp_path / "a.pdf", [[KEEL, ("Psst, you.", how), "Seen again."]])
        reading = reading_of(path)
        assert hidden(reading) == ["Psst, you."]
        assert reading.text.startswith(f"{KEEL} Seen again.")
        assert [p.kind for p in reading.problems] == ["hidden_text"]

    def test_white_on_a_bar_is_seen(self, tmp_path: Path) -> None:
        reading = reading_of(files.pdf(tmp_path / "a.pdf", [[KEEL, ("On a bar", {"bar": True})]]))
        assert reading.hidden == ()
        assert "On a bar" in reading.text

    def test_a_page_without_text_is_a_scan(self, tmp_path: Path) -> None:
        with pytest.raises(Refused, match="no text") as caught:
            reading_of(files.pdf(tmp_path / "a.pdf", [[], []]))
        assert caught.value.kind == "empty"
        assert "OCR" in (caught.value.fix or "")


WORDS = st.lists(
    st.text(string.ascii_lowercase, min_size=2, max_size=9).map(str), min_size=3, max_size=40
)


@pytest.mark.parametrize("suffix", ["docx", "pptx", "epub", "html", "pdf"])
@given(words=WORDS)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_words_come_back_in_order(tmp_path: Path, suffix: str, words: list[str]) -> None:
    """Whatever the words are, each format gives them back, and nothing else."""
    path = tmp_path / f"a.{suffix}"
    lines = [" ".join(words[at : at + 6]) + "." for at in range(0, len(words), 6)]
    if suffix == "docx":
        files.word(path, lines)
    elif suffix == "pptx":
        files.slides(path, [(lines[0], "\n".join(lines[1:]))])
    elif suffix == "pdf":
        files.pdf(path, [lines])
    else:
        body = "".join(f"<p>{line}</p>" for line in lines)
        if suffix == "epub":
            files.epub(path, [body])
        else:
            path.write_text(f"<html><body>{body}</body></html>")
    reading = reading_of(path)
    found = reading.text.replace("#", " ").replace(".", " ").split()
    assert found == [word for line in lines for word in line.replace(".", " ").split()]
