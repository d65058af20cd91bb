import asyncio
from collections import Counter
import orjson, pytest
from hypothesis import HealthCheck, given, settings
from tests.core.rehearsal.test_director import script, people, PERSONAS
from tests.core.rehearsal import test_report_sums as S
from core.rehearsal import Stage, Reports
from tests.support.flow_documents import flow_documents
from tests.support.synthetic import Theatre

@pytest.fixture(scope="module")
def theatre(tmp_path_factory):
    made = Theatre(tmp_path_factory.mktemp("real"), personas=tuple(p.name for p in PERSONAS.values()), copies=2)
    yield made
    made.close()

@settings(deadline=None,max_examples=40,phases=[__import__("hypothesis").Phase.generate],suppress_health_check=list(HealthCheck))
@given(document=flow_documents())
def test_real(theatre, document):
    version=theatre.write_flow(document)
    t=asyncio.run(Stage(script(document)).play(people()))
    rows=t.to_pylist()
    run=theatre.keep(rows,14,version=version)
    rows=theatre.rows[run.id]
    rep=Reports(theatre.store,theatre.compiled); r=rep.report(run.id)
    S.steps_add_up(r,rows); S.people_add_up(r,rows); S.messages_add_up(r,rows); S.every_list_agrees(rep,r,rows)
    for p in people(): rep.transcript(run.id,p.id)
    b"".join(rep.export(run.id,"md")); b"".join(rep.export(run.id,"junit"))

import core.flows.messaging as M
orig=M._schedule
def patched(contact, message, reaction):
    n=contact.visits[message.step_id]; add=contact.agenda.add
    class A:
        def add(self, moment, h):
            h.payload={**(h.payload or {}),"visit":n}; add(moment,h)
    real=contact.agenda; contact.agenda=A()
    try: orig(contact,message,reaction)
    finally: contact.agenda=real
M._schedule=patched
