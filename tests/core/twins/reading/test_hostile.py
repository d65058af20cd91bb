"""Files made to hurt: each is refused with its name and the reason, and the rest goes on."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from core.twins.apart import TaskEnded
from core.twins.reading import Entry, Limits, Reader, Refused, read, unpack
from tests.core.twins.reading import files

LIMITS = Limits()
ZEROS = bytes(10_000_000)
PROSE = b"Most mornings the water decides before you do. Coil the rope the same way.\n"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "'
    + b"&lol;" * 10
    + b'"><!ENTITY lol3 "'
    + b"&lol2;" * 10
    + b'">]><w:document xmlns:w="w"><w:body>&lol3;</w:body></w:document>'
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'


def kept(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def why(path: Path, name: str | None = None, limits: Limits = LIMITS) -> str:
    with pytest.raises(Refused) as caught:
        read(path, name or path.name, limits)
    assert caught.value.place == (name or path.name)
    return caught.value.message


def entries(path: Path, folder: Path, limits: Limits = LIMITS) -> dict[str, Entry]:
    inside = folder / "inside"
    inside.mkdir(exist_ok=True)
    found = unpack(path, path.name, inside, limits)
    assert all(entry.path == path or entry.path.parent == inside for entry in found)
    assert {each.name for each in folder.iterdir()} <= {path.name, "inside", "other"}
    return {entry.name: entry for entry in found}


def reasons(found: dict[str, Entry]) -> dict[str, str]:
    return {name: e.problems[0].message if e.refused else "" for name, e in found.items()}


class TestNames:
    """What a file is, is in its bytes."""

    @pytest.mark.parametrize(
        ("name", "data", "words"),
        [
            ("book.pdf", b"MZ\x90\x00" + bytes(200), "a program"),
            ("book.docx", b"\x7fELF" + bytes(200), "a program"),
            ("book.txt", b"MZ\x90\x00" + bytes(200), "a program"),
            ("book.md", b"\x89PNG\r\n\x1a\n" + bytes(200), "a picture"),
            ("book.epub", b"\x1f\x8b\x08" + bytes(200), "an archive of another kind"),
            ("book.pdf", PROSE, "its bytes are plain text"),
            ("book.docx", PROSE, "its bytes are plain text"),
            ("talk.mp3", PROSE, "its bytes are plain text"),
            ("book.txt", bytes(range(256)) * 20, "of a kind that is not read"),
            ("book", b"SQLite format 3\x00" + bytes(99), "a database"),
            ("feed.xml", b"<?xml version='1.0'?><rss></rss>", "XML of a kind"),
            ("note.rtf", b"{\\rtf1 hello}", "an RTF document"),
            ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office"),
        ],
    )
    def test_a_lie_is_refused(self, tmp_path: Path, name: str, data: bytes, words: str) -> None:
        assert words in why(kept(tmp_path, "bytes", data), name)

    def test_a_pdf_named_txt_is_read_as_what_it_is(self, tmp_path: Path) -> None:
        reading = read(files.pdf(tmp_path / "a", [["Hello there."]]), "book.txt", LIMITS)
        assert (reading.format, reading.text) == ("pdf", "Hello there.")
        assert [problem.severity for problem in reading.problems] == ["info"]
        assert "it is a PDF" in reading.problems[0].message

    def test_an_archive_named_docx_is_opened_as_what_it_is(self, tmp_path: Path) -> None:
        path = files.archive(tmp_path / "a.docx", {"note.txt": PROSE})
        assert [entry.format for entry in entries(path, tmp_path).values()] == ["text"]

    @pytest.mark.parametrize("data", [b"", b"\n \n", bytes(500)])
    def test_an_empty_file(self, tmp_path: Path, data: bytes) -> None:
        assert why(kept(tmp_path, "a.txt", data)) == "The file is empty."


class TestSize:
    def test_a_file_over_the_limit_is_not_even_opened(self, tmp_path: Path) -> None:
        path = tmp_path / "big.txt"
        with path.open("wb") as file:
            file.truncate(500_000_001)
        found = entries(path, tmp_path)["big.txt"]
        assert found.content_hash == ""
        assert found.problems[0].message == "It has 500.0 MB; at most 500.0 MB are taken."

    def test_recordings_may_be_larger_than_documents(self, tmp_path: Path) -> None:
        limits = Limits(file_bytes=1_000, recording_bytes=5_000)
        text = kept(tmp_path, "a.txt", PROSE * 20)
        assert "at most 0.0 MB" in reasons(entries(text, tmp_path, limits))["a.txt"]
        text.unlink()
        sound = kept(tmp_path, "a.mp3", b"ID3" + bytes(2_000))
        assert entries(sound, tmp_path, limits)["a.mp3"].format == "recording"

    def test_a_pdf_of_five_thousand_pages(self, tmp_path: Path) -> None:
        writer = pypdf.PdfWriter()
        for _ in range(5_000):
            writer.add_blank_page(100, 100)
        path = tmp_path / "long.pdf"
        writer.write(path)
        assert why(path) == "It has 5,000 pages; at most 2,000 are read."

    def test_slides_over_the_limit(self, tmp_path: Path) -> None:
        path = files.slides(tmp_path / "a.pptx", [("One", "a"), ("Two", "b")])
        assert "2 slides" in why(path, limits=Limits(pages=1))


class TestBombs:
    def test_a_bomb_in_an_archive_is_refused_alone(self, tmp_path: Path) -> None:
        path = files.archive(tmp_path / "a.zip", {"bomb.txt": ZEROS, "good.txt": PROSE})
        found = reasons(entries(path, tmp_path))
        assert "zip bombs" in found["bomb.txt"]
        assert found["good.txt"] == ""

    def test_a_bomb_in_an_archive_in_an_archive(self, tmp_path: Path) -> None:
        inner = files.zipped({"bomb.txt": ZEROS, "good.txt": PROSE})
        path = files.archive(tmp_path / "a.zip", {"inner.zip": inner})
        found = reasons(entries(path, tmp_path))
        assert "zip bombs" in found["inner/bomb.txt"]
        assert found["inner/good.txt"] == ""

    def test_archives_are_opened_one_level_deep(self, tmp_path: Path) -> None:
        deep = files.zipped({"deep.txt": PROSE})
        for number in range(3):
            deep = files.zipped({f"{number}.zip": deep, f"{number}.txt": PROSE})
        found = reasons(entries(kept(tmp_path, "a.zip", deep), tmp_path))
        assert found["2.txt"] == found["2/1.txt"] == ""
        assert "in an archive in an archive" in found["2/1.zip"]

    @pytest.mark.parametrize("suffix", ["docx", "pptx", "epub"])
    def test_a_bomb_in_a_document(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"a.{suffix}"
        make = {"docx": files.word, "pptx": files.slides, "epub": files.epub}[suffix]
        make(path, [("One", "a")] if suffix == "pptx" else ["Hello"])  # type: ignore[operator]
        bomb = files.with_part(path, tmp_path / f"b.{suffix}", "media/picture.xml", ZEROS)
        assert "as zip bombs do" in why(bomb)

    def test_a_document_that_unpacks_to_too_much(self, tmp_path: Path) -> None:
        path = files.word(tmp_path / "a.docx", ["Hello"])
        assert "would unpack to" in why(path, limits=Limits(archive_bytes=10_000))

    def test_an_archive_that_unpacks_to_too_much(self, tmp_path: Path) -> None:
        path = files.archive(tmp_path / "a.zip", {f"{n}.txt": PROSE for n in range(3)})
        found = reasons(entries(path, tmp_path, Limits(archive_bytes=2 * len(PROSE))))
        assert [bool(words) for words in found.values()] == [False, False, True]
        assert "unpacks to more than" in found["2.txt"]

    def test_an_archive_of_too_many(self, tmp_path: Path) -> None:
        path = files.archive(tmp_path / "a.zip", {f"{n}.txt": PROSE for n in range(11)})
        found = reasons(entries(path, tmp_path, Limits(archive_files=10)))
        assert found == {"a.zip": "It holds 11 files; at most 10 are taken."}

    def test_a_size_that_lies_does_not_help(self, tmp_path: Path) -> None:
        data = bytearray(files.zipped({"bomb.txt": ZEROS}))
        small = (1_000).to_bytes(4, "little")
        for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
            at = data.index(mark) + offset
            data[at : at + 4] = small
        path = kept(tmp_path, "a.zip", bytes(data))
        found = entries(path, tmp_path)["bomb.txt"]
        assert found.refused
        assert all(each.stat().st_size <= 1_000 for each in (tmp_path / "inside").iterdir())

    @pytest.mark.parametrize("data", [BOMB, OUTSIDE, BOMB.decode().encode("utf-16")])
    @pytest.mark.parametrize("suffix", ["docx", "pptx"])
    def test_xml_with_a_document_type(self, tmp_path: Path, suffix: str, data: bytes) -> None:
        path = tmp_path / f"a.{suffix}"
        if suffix == "docx":
            bomb = files.with_part(
                files.word(path, ["Hello"]), tmp_path / "b.docx", "word/document.xml", data
            )
        else:
            show = files.slides(path, [("One", "a")])
            bomb = files.with_part(show, tmp_path / "b.pptx", "ppt/slides/slide1.xml", data)
        assert "XML bombs" in why(bomb)

    def test_xml_with_entities_in_a_book(self, tmp_path: Path) -> None:
        path = files.epub(tmp_path / "a.epub", ["<p>Hello</p>"])
        bomb = files.with_part(path, tmp_path / "b.epub", "OEBPS/c0.xhtml", BOMB)
        assert "XML bombs" in why(bomb)

    def test_entities_of_a_page_are_not_expanded(self, tmp_path: Path) -> None:
        page = b'<!DOCTYPE html [<!ENTITY x "bang">]><html><p>Hello &x; there</p></html>'
        assert "bang" not in read(kept(tmp_path, "a.html", page), "a.html", LIMITS).text

    def test_a_stream_of_a_pdf_that_unpacks_to_too_much(self, tmp_path: Path) -> None:
        writer = pypdf.PdfWriter()
        page = writer.add_blank_page(200, 200)
        stream = pypdf.generic.DecodedStreamObject()
        stream.set_data(b"BT (x) Tj ET " + b" " * 200_000_000)
        page[pypdf.generic.NameObject("/Contents")] = stream.flate_encode()
        page[pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject(
            {pypdf.generic.NameObject("/Font"): pypdf.generic.DictionaryObject()}
        )
        path = tmp_path / "bomb.pdf"
        writer.write(path)
        assert path.stat().st_size < 1_000_000
        with Reader(tmp_path / "inside", Limits(memory_bytes=600_000_000)) as reader:
            (entry,) = reader.check([("bomb.pdf", path)])
            with pytest.raises(Refused):
                reader.read(entry)


class TestPaths:
    @pytest.mark.parametrize(
        "name",
        [
            "../out.txt",
            "a/../../out.txt",
            "/etc/out.txt",
            "..\\out.txt",
            "C:\\out.txt",
            "C:out.txt",
        ],
    )
    def test_a_way_out_is_refused_alone(self, tmp_path: Path, name: str) -> None:
        path = files.archive(tmp_path / "a.zip", {name: PROSE, "good.txt": PROSE})
        found = reasons(entries(path, tmp_path))
        assert "leads out of the archive" in found.pop(next(n for n in found if "out" in n))
        assert found == {"good.txt": ""}
        assert not list(tmp_path.parent.glob("out.txt"))

    def test_a_link_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as package:
            link = zipfile.ZipInfo("passwords.txt")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            package.writestr(link, "/etc/passwd")
        assert "a link" in reasons(entries(path, tmp_path))["passwords.txt"]

    def test_names_are_shown_and_rubbish_is_not(self, tmp_path: Path) -> None:
        members = {
            "talks/one.txt": PROSE,
            "talks/two.txt": PROSE,
            "__MACOSX/talks/._one.txt": b"\x00\x05",
            "talks/.DS_Store": b"\x00",
            "bad\x07name.txt": PROSE,
        }
        found = entries(files.archive(tmp_path / "a.zip", members), tmp_path)
        assert set(found) == {"talks/one.txt", "talks/two.txt", "bad�name.txt"}
        assert found["talks/one.txt"].path.read_bytes() == PROSE
        assert found["talks/one.txt"].content_hash == found["talks/two.txt"].content_hash

    def test_two_of_one_name_stay_two(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as package, pytest.warns(UserWarning, match="Duplicate"):
            package.writestr("a.txt", PROSE)
            package.writestr("a.txt", PROSE * 2)
        assert set(entries(path, tmp_path)) == {"a.txt", "a.txt (2)"}


class TestLocked:
    def test_a_pdf(self, tmp_path: Path) -> None:
        writer = pypdf.PdfWriter(clone_from=files.pdf(tmp_path / "a.pdf", [["Hello"]]))
        writer.encrypt("secret", algorithm="AES-256")
        writer.write(tmp_path / "locked.pdf")
        assert why(tmp_path / "locked.pdf") == "It is protected by a password."

    def test_a_pdf_that_anyone_may_open_is_read(self, tmp_path: Path) -> None:
        writer = pypdf.PdfWriter(clone_from=files.pdf(tmp_path / "a.pdf", [["Hello there"]]))
        writer.encrypt("", "owner", algorithm="AES-256")
        writer.write(tmp_path / "open.pdf")
        assert read(tmp_path / "open.pdf", "open.pdf", LIMITS).text == "Hello there"

    def test_a_part_of_an_archive(self, tmp_path: Path) -> None:
        data = bytearray(files.zipped({"locked.txt": PROSE, "good.txt": PROSE}))
        data[data.index(b"PK\x03\x04") + 6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1
        found = reasons(entries(kept(tmp_path, "a.zip", bytes(data)), tmp_path))
        assert found == {"locked.txt": "It is protected by a password.", "good.txt": ""}

    def test_an_office_document(self, tmp_path: Path) -> None:
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
        data = ole + "EncryptedPackage".encode("utf-16-le") + bytes(600)
        assert why(kept(tmp_path, "a.docx", data)) == "It is protected by a password."


class TestDamaged:
    @pytest.mark.parametrize("suffix", ["docx", "pptx", "epub", "pdf"])
    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
    def test_what_was_cut_is_refused_or_read_but_never_breaks(
        self, tmp_path: Path, suffix: str, share: float
    ) -> None:
        path = tmp_path / f"a.{suffix}"
        make = {"docx": files.word, "pptx": files.slides, "epub": files.epub, "pdf": files.pdf}
        given = {"pptx": [("One", "a")], "pdf": [["Hello there."] * 40]}.get(suffix, ["Hello"])
        make[suffix](path, given)  # type: ignore[operator]
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        try:
            read(path, path.name, LIMITS)
        except Refused as refused:
            assert refused.kind in ("unreadable", "empty")

    def test_a_pdf_that_goes_round(self, tmp_path: Path) -> None:
        data = files.pdf(tmp_path / "a.pdf", [["Hello"]]).read_bytes()
        looped = data.replace(b"/Kids [ ", b"/Kids [ 1 0 R 2 0 R 3 0 R 4 0 R 5 0 R 6 0 R ")
        path = kept(tmp_path, "loop.pdf", looped)
        try:
            read(path, "loop.pdf", LIMITS)
        except Refused as refused:
            assert refused.kind in ("unreadable", "empty")

    def test_a_book_without_its_chapter(self, tmp_path: Path) -> None:
        path = files.epub(tmp_path / "a.epub", ["<p>Hello</p>"])
        buffer = io.BytesIO()
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w") as new:
            for info in old.infolist():
                if info.filename != "OEBPS/c0.xhtml":
                    new.writestr(info.filename, old.read(info))
        assert "a part of it is missing" in why(kept(tmp_path, "b.epub", buffer.getvalue()))


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with Reader(tmp_path / "inside", Limits()) as made:
        yield made


class TestBatch:
    def test_each_fails_alone(self, tmp_path: Path, reader: Reader) -> None:
        given = [
            ("good.txt", kept(tmp_path, "1", PROSE)),
            ("lie.pdf", kept(tmp_path, "2", b"MZ" + bytes(100))),
            ("gone.txt", tmp_path / "gone"),
            ("all.zip", files.archive(tmp_path / "3", {"x/one.md": b"# One\n\nHello."})),
            ("scan.pdf", files.pdf(tmp_path / "4", [[]])),
            ("book.pdf", files.pdf(tmp_path / "5", [["Hello there."]])),
        ]
        found = {entry.name: entry for entry in reader.check(given)}
        assert set(found) == {name for name, _ in given} - {"all.zip"} | {"x/one.md"}
        assert {name for name, entry in found.items() if entry.refused} == {"lie.pdf", "gone.txt"}
        assert reader.read(found["good.txt"]).text == PROSE.decode()
        assert reader.read(found["x/one.md"]).title == "One"
        with pytest.raises(Refused, match=r"scan\.pdf: It has no text"):
            reader.read(found["scan.pdf"])
        with pytest.raises(Refused, match=r"lie\.pdf: .*a program"):
            reader.read(found["lie.pdf"])
        assert reader.read(found["book.pdf"]).text == "Hello there."

    def test_a_batch_has_an_end(self, tmp_path: Path) -> None:
        given = [(f"{n}.md", kept(tmp_path, f"{n}", PROSE)) for n in range(4)]
        with Reader(tmp_path / "inside", Limits(batch_files=2)) as few:
            assert [entry.refused for entry in few.check(given)] == [False, False, True, True]
        size = len(PROSE)
        with Reader(tmp_path / "inside", Limits(batch_bytes=3 * size)) as small:
            found = list(small.check(given))
        assert [entry.refused for entry in found] == [False, False, False, True]
        assert "at a time" in found[3].problems[0].message

    def test_an_archive_keeps_nothing_else_out(self, tmp_path: Path) -> None:
        many = files.archive(tmp_path / "many", {f"{n}.md": PROSE for n in range(6)})
        given = [("many.zip", many), ("own.md", kept(tmp_path, "own", PROSE))]
        with Reader(tmp_path / "inside", Limits(batch_files=3)) as few:
            found = {entry.name: entry for entry in few.check(given)}
        assert not found["own.md"].refused
        assert sum(not entry.refused for entry in found.values()) == 3
        assert "4 of its 6 files are left out" in found["many.zip"].problems[0].message

    def test_what_takes_too_long_is_refused_with_its_name(self, tmp_path: Path) -> None:
        path = files.pdf(tmp_path / "a.pdf", [["Word " * 15] * 50 for _ in range(60)])
        with Reader(tmp_path / "inside", Limits()) as patient:
            (entry,) = patient.check([("slow.pdf", path)])
        with (
            Reader(tmp_path / "inside", Limits(seconds=0.05)) as hasty,
            pytest.raises(Refused, match=r"slow\.pdf: Reading it took longer than 0\.05 seconds"),
        ):
            hasty.read(entry)

    def test_what_takes_too_much_memory_is_refused_and_the_next_is_read(
        self, tmp_path: Path
    ) -> None:
        large = kept(tmp_path, "1", PROSE * 1_000_000)
        small = kept(tmp_path, "2", PROSE)
        limits = Limits(memory_bytes=150_000_000)
        with Reader(tmp_path / "inside", limits) as reader:
            first, second = reader.check([("large.md", large), ("small.md", small)])
            with pytest.raises(Refused, match=r"large\.md: Reading it took more memory"):
                reader.read(first)
            assert reader.read(second).text == PROSE.decode()

    def test_a_cancelled_reader_says_so(self, tmp_path: Path) -> None:
        import threading

        path = files.pdf(tmp_path / "a.pdf", [["Word " * 15] * 50 for _ in range(200)])
        with Reader(tmp_path / "inside", Limits()) as reader:
            (entry,) = reader.check([("slow.pdf", path)])
            timer = threading.Timer(0.2, reader.cancel)
            timer.start()
            with pytest.raises(TaskEnded, match="cancelled"):
                reader.read(entry)
            timer.join()
