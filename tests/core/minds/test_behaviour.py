"""The behaviour model: the contract, and what a reader would recognise in the seven personas."""

from __future__ import annotations

import asyncio
import itertools
import math
import pickle
import re
import statistics
from collections import Counter
from collections.abc import Callable

import pytest

from core.domain.personas import Persona
from core.domain.reactions import Reaction
from core.domain.words import CHANNELS
from core.minds import BehaviourMind, Mind, load_parameters, load_phrases, unknown_words
from tests.core.minds.cast import MONDAY, SEVEN, Journey, copy_of, message, play_all, situation
from tests.core.minds.contract import QUESTIONS, MindContract

COPIES = 200
SPECIFICATION = re.compile(
    r"\b(formats?|minutes|integrat|calendar|stored|encrypted|requirements|API|group at most|export"
    r"|platform|access to the material|subtitles|offline|hours a week|schedule|delete my data"
    r"|resolution|iCal|PDF|time zone|miss a live|sign-on|enter in the exercises)",
    re.IGNORECASE,
)
PRICE = re.compile(r"\b(price|pricing|cost|costs|how much|pay|expensive|fees?|euros)\b", re.I)


def make() -> BehaviourMind:
    """The model as it is shipped."""
    return BehaviourMind(load_parameters(), load_phrases())


class TestContract(MindContract):
    def make(self) -> Mind:
        return make()


@pytest.fixture(scope="module")
def journeys() -> dict[str, list[Journey]]:
    """200 copies of each persona through the campaign, the coach's twin answering."""
    mind = make()
    return {name: play_all(mind, persona, COPIES) for name, persona in SEVEN.items()}


Measure = Callable[[Journey], float]
MEASURES: dict[str, Measure] = {
    "reply rate": lambda j: len(j.replies) / len(j.reactions),
    "words per reply": lambda j: _mean([len(text.split()) for text in j.texts]),
    "questions per reply": lambda j: _mean([text.count("?") for text in j.texts]),
    "opted out": lambda j: float(j.opted_out),
    "interested": lambda j: float(any(reply.intent == "interested" for reply in j.replies)),
    "prices asked": lambda j: sum(reply.intent == "price_question" for reply in j.replies),
    "specifications asked": lambda j: sum(len(SPECIFICATION.findall(text)) for text in j.texts),
}


def _mean(values: list[int]) -> float:
    return statistics.fmean(values) if values else math.nan


def interval(values: list[float]) -> tuple[float, float]:
    """A normal 95 % interval of a mean over contacts."""
    known = [value for value in values if value == value]
    centre = statistics.fmean(known)
    half = 1.96 * statistics.stdev(known) / math.sqrt(len(known))
    return centre - half, centre + half


def test_the_seven_are_pairwise_separable(journeys: dict[str, list[Journey]]) -> None:
    spans = {
        name: {m: interval([measure(j) for j in played]) for m, measure in MEASURES.items()}
        for name, played in journeys.items()
    }
    for one, two in itertools.combinations(spans, 2):
        apart = [
            m
            for m in MEASURES
            if spans[one][m][1] < spans[two][m][0] or spans[two][m][1] < spans[one][m][0]
        ]
        assert len(apart) >= 2, f"{one} and {two} differ in {apart} only"


def test_copies_of_one_persona_differ(journeys: dict[str, list[Journey]]) -> None:
    for name, played in journeys.items():
        rates = [MEASURES["reply rate"](journey) for journey in played]
        assert statistics.stdev(rates) > 0.08, name
        firsts = [j.replies[0].after for j in played if j.replies]
        assert statistics.stdev(map(math.log, firsts)) > 0.5, name


def test_the_same_copy_is_the_same_person_in_two_campaigns() -> None:
    persona, mind = SEVEN["chatty-cathy"], make()
    one = [len(j.replies) for j in play_all(mind, persona, 120, seed=1)]
    two = [len(j.replies) for j in play_all(mind, persona, 120, seed=2)]
    assert statistics.correlation(one, two) > 0.15


def _share(played: list[Journey], holds: Callable[[Journey], bool]) -> float:
    return sum(map(holds, played)) / len(played)


def _intents(played: list[Journey]) -> Counter[str]:
    return Counter(reply.intent for journey in played for reply in journey.replies)


def test_eddie_converts_quickly(journeys: dict[str, list[Journey]]) -> None:
    played = journeys["eager-eddie"]
    assert _share(played, lambda j: any(r.intent == "interested" for r in j.replies)) > 0.9
    first = [j.replies[0] for j in played if j.replies]
    assert statistics.median(reply.after for reply in first) < 3 * 3600
    assert _share(played, lambda j: any(r.clicked_after for r in j.reactions)) > 0.3


def test_sarah_objects_and_needs_several_touches(journeys: dict[str, list[Journey]]) -> None:
    played = journeys["skeptical-sarah"]
    intents = _intents(played)
    assert intents["objection"] / sum(intents.values()) > 0.35
    before = [
        next(at for at, reply in enumerate(j.replies) if reply.intent == "interested")
        for j in played
        if any(reply.intent == "interested" for reply in j.replies)
    ]
    assert len(before) / len(played) > 0.25
    assert statistics.median(before) >= 2


def test_bob_seldom_answers_and_never_at_length(journeys: dict[str, list[Journey]]) -> None:
    played = journeys["busy-bob"]
    sent = sum(len(j.reactions) for j in played)
    assert 0.08 < sum(len(j.replies) for j in played) / sent < 0.2
    assert max(len(text.split()) for j in played for text in j.texts) <= 6


def test_cathy_answers_at_length_and_asks(journeys: dict[str, list[Journey]]) -> None:
    texts = [text for journey in journeys["chatty-cathy"] for text in journey.texts]
    lengths = sorted(len(text.split()) for text in texts)
    assert lengths[len(lengths) // 20] >= 35
    assert lengths[-1] <= 80
    assert statistics.fmean(text.count("?") for text in texts) > 1.5


def test_carl_opts_out_early(journeys: dict[str, list[Journey]]) -> None:
    played = journeys["cold-carl"]
    assert _share(played, lambda j: j.opted_out) > 0.8
    reads = [sum(r.read_after is not None for r in j.reactions) for j in played if j.opted_out]
    assert sum(read <= 3 for read in reads) / len(reads) > 0.9
    assert {"opted out by link", "opted out by reply"} <= {
        "opted out by link" if reaction.unsubscribed_after is not None else "opted out by reply"
        for journey in played
        for reaction in journey.reactions
        if reaction.unsubscribed_after is not None
        or (reaction.reply and reaction.reply.intent == "opt_out")
    }


def test_carl_is_silent_after_he_opted_out() -> None:
    mind, carl = make(), SEVEN["cold-carl"]
    for number in range(40):
        memory: dict[str, object] = {}
        out = False
        for step in range(8):
            said = message("Which day suits you?", "sms", step_id=f"m{step}")
            reaction = asyncio.run(mind.react(situation(carl, said, number, memory=memory)))
            assert not (out and reaction.status == "answered")
            out = out or bool(reaction.reply and reaction.reply.intent == "opt_out")


def test_pam_asks_the_price_before_anything_else(journeys: dict[str, list[Journey]]) -> None:
    firsts = [j.replies[0] for j in journeys["price-conscious-pam"] if j.replies]
    share = sum(reply.intent == "price_question" for reply in firsts) / len(firsts)
    assert share > 0.85
    asked = [reply.text for reply in firsts if reply.intent == "price_question"]
    assert sum(bool(PRICE.search(text)) for text in asked) / len(asked) > 0.95


def test_pam_reacts_to_a_price_that_was_named() -> None:
    mind, pam = make(), SEVEN["price-conscious-pam"]
    said = message("The program costs €490. Shall I book a place for you?", "sms")
    found = Counter(
        reaction.reply.intent for reaction in reactions(mind, pam, said, 400) if reaction.reply
    )
    assert found["price_question"] < 0.05 * sum(found.values())
    assert found["objection"] + found["interested"] > 0.6 * sum(found.values())
    assert found["objection"] > 10 < found["interested"]


def test_tim_asks_for_specifications_then_goes_ahead(journeys: dict[str, list[Journey]]) -> None:
    played = journeys["technical-tim"]
    firsts = [j.texts[0] for j in played if j.texts]
    assert sum(bool(SPECIFICATION.search(text)) for text in firsts) / len(firsts) > 0.8
    for journey in played:
        intents = [reply.intent for reply in journey.replies]
        if "interested" in intents[1:2]:
            assert intents[0] == "question"
    assert _share(played, lambda j: any(r.intent == "interested" for r in j.replies)) > 0.4


def test_every_sentiment_occurs(journeys: dict[str, list[Journey]]) -> None:
    found = Counter(
        (reply.sentiment, reply.intent)
        for played in journeys.values()
        for journey in played
        for reply in journey.replies
    )
    for intent in ("objection", "opt_out", "not_interested"):
        assert found["negative", intent] > 0
    assert found["positive", "interested"] > 3 * found["neutral", "interested"]
    assert found["positive", "thanks"] > 0
    assert found["negative", "interested"] < 5


def reactions(mind: BehaviourMind, persona: Persona, said: object, copies: int) -> list[Reaction]:
    """First reactions of so many copies to one message."""
    return [
        asyncio.run(mind.react(situation(persona, said, number)))  # type: ignore[arg-type]
        for number in range(copies)
    ]


PLAIN = Persona(id="plain", name="Plain Pat")


def rates(**more: object) -> tuple[float, float]:
    """Read and reply rates of 600 middle people to one message."""
    body = str(more.pop("body", "We met at the fair. Which day suits you?"))
    channel = str(more.pop("channel", "sms"))
    found = reactions(make(), PLAIN, message(body, channel, **more), 600)
    read = sum(r.read_after is not None for r in found) / len(found)
    return read, sum(r.reply is not None for r in found) / len(found)


def test_it_reacts_to_what_how_and_when() -> None:
    read, reply = rates()
    assert rates(channel="email", subject="Hello")[0] < read
    assert rates(body="We met at the fair.")[1] < reply
    assert rates(body="We met at the fair. Which day suits you? " + "And more. " * 100)[1] < reply
    assert rates(sent_at=MONDAY - 6 * 3600)[0] < read
    assert rates(from_twin=True, answers=True)[1] > rates(from_twin=True, answers=False)[1] > reply
    assert rates(channel="email", subject="")[0] < rates(channel="email", subject="Hi Ana")[0]


def test_pressure_drives_people_away() -> None:
    mind = make()
    calm = message("The program starts on Monday. Shall I book a place?", "sms")
    loud = message("LAST CHANCE, ACT NOW!!! Only a few left, hurry! Shall I book?", "sms")
    intents = []
    for said in (calm, loud):
        found = [r.reply.intent for r in reactions(mind, PLAIN, said, 1500) if r.reply]
        intents.append((found.count("objection") + found.count("opt_out")) / len(found))
    assert intents[1] > intents[0]


def test_silence_tires() -> None:
    mind = make()
    said = message("Which day suits you?", "sms")
    rested, tired = 0, 0
    for number in range(500):
        met = situation(PLAIN, said, number)
        rested += asyncio.run(mind.react(met)).reply is not None
        again = situation(PLAIN, said, number, memory=dict(met.memory, unanswered=6))
        tired += asyncio.run(mind.react(again)).reply is not None
    assert tired < rested


def test_nothing_is_read_at_night() -> None:
    mind = make()
    for channel in CHANNELS:
        said = message("Hello?", channel, sent_at=MONDAY - 7 * 3600, subject="Hello")
        for reaction in reactions(mind, SEVEN["chatty-cathy"], said, 40):
            if reaction.read_after is not None:
                hour = ((said.sent_at + said.utc_offset + reaction.read_after) / 3600) % 24
                assert 3.5 < hour < 24


def test_delays_fit_the_channel() -> None:
    mind, eddie = make(), SEVEN["eager-eddie"]
    medians = {}
    for channel in ("sms", "whatsapp", "email"):
        found = reactions(mind, eddie, message("Hi, ready?", channel, subject="Hello"), 300)
        times = [reaction.reply.after for reaction in found if reaction.reply]
        medians[channel] = statistics.median(times)
        assert sum(time < 1.5 * 86_400 for time in times) / len(times) > 0.95
    assert max(medians["sms"], medians["whatsapp"]) < medians["email"]
    slow = reactions(mind, SEVEN["skeptical-sarah"], message("Hi, ready?", "sms"), 300)
    assert statistics.median(r.reply.after for r in slow if r.reply) > medians["sms"]


def test_words_of_a_custom_persona_count() -> None:
    parameters = load_parameters()
    own = Persona(
        id="own",
        name="Own",
        personality={"tone": "Sceptical", "response_length": "purple"},  # type: ignore[arg-type]
        behavior_traits=["asks price first", "collects stamps"],
    )
    assert unknown_words(own, parameters) == ("purple", "collects stamps")
    found = reactions(make(), own, message("Shall I book a place?", "sms"), 300)
    intents = Counter(reaction.reply.intent for reaction in found if reaction.reply)
    assert intents["price_question"] > 0.5 * sum(intents.values())


def test_changed_parameters_change_behaviour() -> None:
    silent = load_parameters().replace({"replying.channel.sms": -8.0})
    mind = BehaviourMind(silent, load_phrases())
    found = reactions(mind, SEVEN["eager-eddie"], message("Ready?", "sms"), 100)
    assert sum(reaction.reply is not None for reaction in found) < 20


def test_bounces_say_so() -> None:
    lost = BehaviourMind(load_parameters().replace({"delivery.bounce.sms": 1.0}), load_phrases())
    reaction = asyncio.run(lost.react(situation(PLAIN, message("Hi", "sms"))))
    assert (reaction.status, reaction.delivered_after, reaction.failure) == (
        "ignored",
        None,
        "bounced",
    )


def test_two_variants_meet_the_same_people() -> None:
    mind = make()
    one = reactions(mind, PLAIN, message("Which day suits you?", "sms"), 300)
    two = reactions(mind, PLAIN, message("Which time suits you?", "sms"), 300)
    same = sum((a.reply is None) == (b.reply is None) for a, b in zip(one, two, strict=True))
    assert same == 300


def test_a_link_with_the_contacts_id_comes_back_whole() -> None:
    mind, eddie = make(), SEVEN["eager-eddie"]
    links = set()
    for number in range(60):
        person = copy_of(eddie, number)
        said = message(f"Book here: https://x.example/{person.id}?a=1", "sms")
        reaction = asyncio.run(mind.react(situation(eddie, said, number)))
        if reaction.link:
            assert reaction.link == f"https://x.example/{person.id}?a=1"
            links.add(reaction.link)
    assert len(links) > 5


def test_members_answer_a_check_in_and_buy_nothing() -> None:
    mind = make()
    said = message("Week 2 check-in: how did the exercise go?", questions=QUESTIONS)
    for name in ("eager-eddie", "price-conscious-pam", "technical-tim", "chatty-cathy"):
        found = [r.reply for r in reactions(mind, SEVEN[name], said, 200) if r.reply]
        assert sum(reply.intent in ("other", "thanks") for reply in found) > 0.5 * len(found), name
        given = [reply.answers["mood"] for reply in found if reply.answers]
        assert len(set(given)) > 3
        assert None in given


def test_reasons_are_plain_sentences(journeys: dict[str, list[Journey]]) -> None:
    for played in journeys.values():
        for reaction in (r for journey in played for r in journey.reactions):
            text = reaction.reasoning
            assert text[0].isupper()
            assert text.endswith(".")
            assert len(text) < 260
            assert not re.search(r"[_{}]|  |\bNone\b", text), text


def test_a_mind_can_be_sent_to_another_process() -> None:
    mind = make()
    met = message("Which day suits you?", "sms")
    twin = pickle.loads(pickle.dumps(mind))
    one, two = (reactions(m, SEVEN["eager-eddie"], met, 20) for m in (mind, twin))
    assert one == two


def test_sarah_is_the_source_documents() -> None:
    sarah = SEVEN["skeptical-sarah"]
    assert sarah.description == "A busy professional who needs convincing"
    assert sarah.personality.model_dump() == {
        "tone": "skeptical",
        "response_length": "short",
        "decision_speed": "slow",
        "objection_likelihood": "high",
    }
    assert sarah.demographics == {
        "age_range": "35-45",
        "occupation": "Marketing Manager",
        "location": "Urban",
        "income": "High",
    }
    assert sarah.behavior_traits == [
        "asks_questions_before_buying",
        "compares_competitors",
        "values_reviews",
        "responds_slowly",
    ]


def test_the_seven_have_the_sources_names() -> None:
    assert sorted(persona.name for persona in SEVEN.values()) == [
        "Busy Bob",
        "Chatty Cathy",
        "Cold Carl",
        "Eager Eddie",
        "Price-Conscious Pam",
        "Skeptical Sarah",
        "Technical Tim",
    ]
    assert all(persona.id == name for name, persona in SEVEN.items())
