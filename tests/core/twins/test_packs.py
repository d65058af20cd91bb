"""Packs: a rehearsal that reads one is not disturbed, and words that were taken out go with it."""

from __future__ import annotations

from pathlib import Path

from core.store import Store
from core.twins import Shelf, Twins, Workshop
from tests.core.twins.conftest import MONEY, MORNINGS, given

ADDRESS = "ada.brennan@example.org"


def test_a_pack_stays_as_long_as_a_version_rests_on_its_texts(
    twins: Twins, store: Store, workshop: Workshop, tmp_path: Path
) -> None:
    letter = f"{MONEY}\n\nWrite to me at {ADDRESS} first.\n"
    ref = twins.create("Ada Brennan").slug
    twins.train(ref, given(twins, ref, letter_md=letter), "keep", wait=True)
    shelf = Shelf(twins, store, workshop, tmp_path / "twins" / "packs")
    first = Path(shelf.packs({ref: 1})[ref].folder)
    twins.train(ref, given(twins, ref, mornings_md=MORNINGS), "keep", wait=True)
    assert ADDRESS in (first / "twin.json").read_text("utf-8")
    twins.train(ref, given(twins, ref, letter_md=letter), "drop", wait=True)
    assert not first.exists()
    anew = Path(shelf.packs({ref: 1})[ref].folder)
    assert anew != first and ADDRESS not in (anew / "twin.json").read_text("utf-8")
