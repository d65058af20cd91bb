"""The same questions, answered by a store."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.errors import BadInput
from core.domain.experiments import Data
from core.experiments import StoredReadings, analyse
from core.store import Store, TableOrigin
from tests.support.made_readings import AT, PAIRED, design_of


def stored(tmp_path: Path) -> StoredReadings:
    rows = [f"p{at},{'ab'[at % 2]},{int(at % 10 < 3)}" for at in range(400)]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(["unit,variant,did", *rows]))
    store = Store.in_memory()
    dataset = store.datasets.add_file(path, "rows", "csv")
    return StoredReadings(store.participants, TableOrigin(dataset.id))


def test_a_table_is_analysed_from_its_rows(tmp_path: Path) -> None:
    analysis = analyse(design_of(data=Data()), stored(tmp_path), at=AT)
    assert analysis.participants == {"a": 200, "b": 200}
    assert [arm.count for arm in analysis.metrics[0].arms] == [80, 40]


def test_only_a_rehearsal_has_pairs(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Only a rehearsal"):
        analyse(design_of(assignment=PAIRED), stored(tmp_path), at=AT)
