"""Forms with files: streamed to the disk, under limits, whatever names and bytes they come with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path, PurePosixPath
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from hypothesis import given
from hypothesis import strategies as st

from api import problems
from api.layers import BODY, BodyLimit, Idempotency
from api.uploads import arrived, is_streamed, safe_name
from core.settings import Settings
from tests.api.conftest import V1, listening

SMALL = {"max_upload_files": 3, "max_upload_mb": 1, "max_recording_mb": 2}
Send = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def echo(home: Path) -> Iterator[httpx.Client]:
    """A server that tells what came: fields, and each file's name, size and hash."""
    app = FastAPI()
    problems.install(app)
    settings = Settings(home=home, **SMALL)

    @app.post("/")
    async def tell(request: Request) -> dict[str, Any]:
        assert BODY not in request.scope
        async with arrived(request, settings) as form:
            read = [(file.name, file.path.read_bytes()) for file in form.files]
            assert all(file.path.resolve().is_relative_to(home.resolve()) for file in form.files)
        files = [(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in read]
        return {"fields": form.fields, "files": files}

    with (
        listening(BodyLimit(app, 1_000, streamed=lambda _: True)) as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
def send(echo: httpx.Client, home: Path) -> Iterator[Send]:
    def sent(*files: tuple[str, bytes], status: int = 200, **fields: str) -> dict[str, Any]:
        parts = [("file", (name, data, "application/octet-stream")) for name, data in files]
        answer = echo.post("/", files=parts, data=fields)
        assert answer.status_code == status, answer.text
        return answer.json()

    yield sent
    assert not list((home / ".arriving").glob("*")), "something was left behind"


def test_files_arrive_as_they_were_sent(send: Send) -> None:
    big = bytes(range(256)) * 5_000
    found = send(("a.md", b"# A\r\n--not-the-end\r\n"), ("b/c.pdf", big), creator_id="maya")
    assert found["fields"] == {"creator_id": "maya"}
    assert [one[:2] for one in found["files"]] == [["a.md", 20], ["b/c.pdf", len(big)]]
    assert found["files"][1][2] == hashlib.sha256(big).hexdigest()


def test_a_file_before_its_fields_and_with_no_bytes(echo: httpx.Client) -> None:
    parts = [("file", ("empty.txt", b"")), ("creator_id", (None, "maya"))]
    assert echo.post("/", files=parts).json() == {
        "fields": {"creator_id": "maya"},
        "files": [["empty.txt", 0, hashlib.sha256(b"").hexdigest()]],
    }


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Users\\me\\notes.docx", "Users/me/notes.docx"),
        ("folder/./..//notes.md", "folder/notes.md"),
        ("..", "unnamed"),
        ("a\x00b\x1b[31m.md", "ab[31m.md"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("Größe – 日本.md", "Größe – 日本.md"),
    ],
)
def test_a_name_is_no_way_out(given_name: str, name: str) -> None:
    assert safe_name(given_name) == name


@given(st.text(max_size=1_000))
def test_every_name_is_one_below_its_folder(name: str) -> None:
    safe = PurePosixPath(safe_name(name))
    assert 0 < len(str(safe)) <= 400
    assert not safe.is_absolute() and ".." not in safe.parts and "\x00" not in str(safe)


def test_two_files_of_one_name_are_two(send: Send) -> None:
    found = send(("a.md", b"1"), ("a.md", b"2"), ("./a.md", b"3"))
    assert [one[0] for one in found["files"]] == ["a.md", "a (2).md", "a (3).md"]


def test_a_file_larger_than_any_may_be_is_not_written_beyond_that(send: Send) -> None:
    found = send(("long.txt", b"x" * 2_500_000), ("short.txt", b"y"))
    assert [one[1] for one in found["files"]] == [2_000_001, 1]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"data": {"creator_id": "maya"}}, "no form with files"),
        ({"files": {"file": (None, "text")}}, "no file in this form"),
        ({"content": b"{}", "headers": {"content-type": "application/json"}}, "no form"),
        ({"content": b"", "headers": {"content-type": "multipart/form-data"}}, "parts end"),
        (
            {"content": b"no form", "headers": {"content-type": "multipart/form-data; boundary=x"}},
            "cannot be read",
        ),
        (
            {
                "content": b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.md"\r\n'
                b"\r\nhalf of it",
                "headers": {"content-type": "multipart/form-data; boundary=x"},
            },
            "ends before its end",
        ),
        ({"files": {"file": ("", b"")}}, "no file"),
    ],
)
def test_what_is_no_form_with_files_is_refused(
    echo: httpx.Client, home: Path, sent: dict[str, Any], said: str
) -> None:
    answer = echo.post("/", **sent)
    assert answer.status_code == 422, answer.text
    assert said in answer.json()["detail"]
    assert not list((home / ".arriving").glob("*"))


def test_too_much_is_refused(send: Send) -> None:
    many = [(f"{number}.md", b"x") for number in range(4)]
    assert "3 files at most" in send(*many, status=413)["detail"]
    assert "10,000 bytes" in send(("a.md", b"x"), status=422, note="n" * 20_000)["detail"]
    fields = {f"field{number}": "x" for number in range(30)}
    assert "20 fields" in send(("a.md", b"x"), status=422, **fields)["detail"]


def test_a_declared_length_beyond_the_limit_is_refused_before_it_is_read(
    echo: httpx.Client,
) -> None:
    connection = HTTPConnection(echo.base_url.host, echo.base_url.port or 80)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Content-Length", "3000000000")
    connection.endheaders(b"--x\r\n")
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize(
    ("method", "path", "streamed"),
    [
        ("POST", f"{V1}/twins/maya/pieces", True),
        ("POST", f"{V1}/testing/creator-twin/upload-content", True),
        ("POST", f"{V1}/ai/documents/process", True),
        ("GET", f"{V1}/twins/maya/pieces", False),
        ("POST", f"{V1}/twins/maya/pieces/p-1", False),
        ("POST", f"{V1}/twins", False),
        ("POST", f"{V1}/flows/x/v1/twins/maya/pieces", False),
        ("POST", f"{V1}/ai/conversations", False),
    ],
)
def test_only_content_passes_the_usual_limit(method: str, path: str, streamed: bool) -> None:
    assert is_streamed({"method": method, "path": path, "root_path": "/api"}) is streamed


def test_the_usual_limit_holds_for_other_forms(client: httpx.Client) -> None:
    big = {"file": ("big.yaml", b"x" * 300_000)}
    assert client.post(f"{V1}/flows", files=big).status_code == 413
    upload = f"{V1}/testing/creator-twin/upload-content"
    lost = client.post(upload, files=big, data={"creator_id": "nobody at all"})
    assert lost.status_code == 404 and "nobody at all" in lost.json()["detail"]


def test_an_upload_with_a_key_happens_once() -> None:
    """The body is not read for that: its length stands for it."""
    calls: list[str] = []
    app = FastAPI()

    @app.post("/")
    async def count(request: Request) -> int:
        calls.append("once")
        return len(await request.body())

    stack = BodyLimit(Idempotency(app), 10, streamed=lambda _: True)
    with (
        listening(stack) as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        headers = {"idempotency-key": "one"}
        first = client.post("/", content=b"x" * 50, headers=headers)
        again = client.post("/", content=b"x" * 50, headers=headers)
        other = client.post("/", content=b"x" * 51, headers=headers)
    assert (first.json(), again.json(), len(calls)) == (50, 50, 1)
    assert other.status_code == 422
