"""Prompts over the content: made from what is there, varied, the same each time."""

from __future__ import annotations

from core.domain.twins import Methodology, Node, Phrase, PieceText, Profile, TwinVersion
from core.twins.trying.content import PROMPTS, content_probes
from core.twins.trying.material import frequent_words, headings, plain, questions
from core.twins.trying.words import overlap, stems
from tests.core.twins.trying.scripted import NOON

PROSE = (
    "You sit down in the evening and write what the day was spent on, one line for each hour. " * 3
)
NODES = (
    Node(id="n-1", kind="concept", name="the keel hour", weight=0.9),
    Node(id="n-2", kind="exercise", name="the stall count", weight=0.8),
    Node(id="n-3", kind="principle", name="Count first", says="Count before you cut.", weight=0.7),
    Node(id="n-4", kind="concept", name="slack water", weight=0.6),
)


def version(**changes: object) -> TwinVersion:
    values: dict[str, object] = {"twin_id": "t-1", "number": 1, "made_at": NOON, "why": "trained"}
    return TwinVersion(**{**values, **changes})  # type: ignore[arg-type]


def texts(**named: str) -> dict[str, PieceText]:
    return {name: PieceText(id=name, text=text) for name, text in named.items()}


def faq(count: int) -> str:
    words = "market boat kettle ladder window garden letter button harbour pencil".split()
    asked = [f"### How do I mend my {word} {other}?" for word in words for other in words[:3]]
    return "\n\n".join(f"{question}\n\n{PROSE}" for question in asked[:count])


def test_headings_and_the_contents_own_questions_become_prompts() -> None:
    content = texts(
        a=f"# The keel hour\n\n{PROSE}\n\n## Left over is not a time\n\n{PROSE}",
        b=f"# Answers\n\n{PROSE * 9}\n\n### Do I have to get up early?\n\n{PROSE}",
    )
    probes = content_probes(version(), content)
    found = {(probe.source, probe.about) for probe in probes}
    assert ("heading", "The keel hour") in found
    assert ("heading", "Left over is not a time") in found
    assert ("question", "Do I have to get up early?") in found
    asked = next(probe for probe in probes if probe.source == "question")
    assert asked.text == "Do I have to get up early?"
    assert all(probe.group == "content" for probe in probes)


def test_the_method_is_asked_about_in_the_words_that_fit_its_kind() -> None:
    content = texts(a=" ".join([PROSE] * 20))
    probes = content_probes(version(methodology=Methodology(nodes=NODES)), content)
    by_source = {probe.source: probe for probe in probes if probe.source != "word"}
    assert "the keel hour" in by_source["concept"].text or "slack" in by_source["concept"].text
    assert by_source["exercise"].text == "How do I do the stall count?"
    assert "“Count before you cut.”" in by_source["principle"].text
    concepts = [probe.text for probe in probes if probe.source == "concept"]
    assert len({text.split(" the keel")[0].split(" slack")[0] for text in concepts}) == 2


def test_a_name_is_asked_about_as_the_content_writes_it() -> None:
    names = ("Keel hour", "Slack water", "Timber Hill")
    nodes = tuple(Node(id=f"n-{name}", kind="concept", name=name) for name in names)
    said = "We lay the keel hour first. Then slack water comes. On Timber Hill it rains. "
    probes = content_probes(
        version(methodology=Methodology(nodes=nodes)), texts(a=said + " ".join([PROSE] * 20))
    )
    assert {probe.about for probe in probes if probe.source == "concept"} == {
        "the keel hour",
        "slack water",
        "Timber Hill",
    }


def test_phrases_of_meaning_are_asked_about_and_turns_of_speech_are_not() -> None:
    phrases = tuple(
        Phrase(text=text, count=5, per_10k_words=5, usual_per_10k_words=0)
        for text in ("hands on the wood", "and that is the", "passing the ladle")
    )
    content = texts(a=" ".join([PROSE] * 20))
    probes = content_probes(version(profile=Profile(words=900, phrases=phrases)), content)
    assert [one.about for one in probes if one.source == "phrase"] == [
        "hands on the wood",
        "passing the ladle",
    ]


def test_the_same_content_gives_the_same_prompts_in_whatever_order_it_comes() -> None:
    content = texts(a=faq(12), b=f"# Slack water\n\n{PROSE}", c=f"# The ladle\n\n{PROSE}")
    turned = dict(reversed(content.items()))
    assert content_probes(version(), content) == content_probes(version(), turned)
    assert len({probe.id for probe in content_probes(version(), content)}) == len(
        content_probes(version(), content)
    )


def test_there_are_never_more_than_thirty_and_few_over_little_content() -> None:
    assert len(content_probes(version(), texts(a=faq(30), b=" ".join([PROSE] * 200)))) <= PROMPTS
    little = f"# The keel hour\n\n{PROSE}\n\n# Slack water\n\n{PROSE}\n\n# The ladle\n\n{PROSE}"
    assert 1 <= len(content_probes(version(), texts(a=little))) <= 2
    assert content_probes(version(), texts(a="Hello there.")) == ()
    assert content_probes(version(), {}) == ()


def test_no_two_prompts_are_about_the_same() -> None:
    content = texts(
        a=f"# The keel hour\n\n{PROSE}\n\n## The keel hours\n\n{PROSE}",
        b="\n\n".join([PROSE] * 20),
    )
    probes = content_probes(version(methodology=Methodology(nodes=NODES)), content)
    about = [stems(probe.about) for probe in probes]
    pairs = [(a, b) for at, a in enumerate(about) for b in about[:at]]
    assert all(overlap(a, b) < 0.6 for a, b in pairs)
    assert sum("keel" in probe.about.lower() for probe in probes) == 1


def test_every_piece_has_its_turn() -> None:
    content = texts(
        **{
            name: "\n\n".join(f"# {name.title()} of the {word}\n\n{PROSE}" for word in FAR)
            for name in ("boats", "kettles", "ladders")
        }
    )
    first = [probe.about.split()[0] for probe in content_probes(version(), content)[:3]]
    assert sorted(first) == ["Boats", "Kettles", "Ladders"]


FAR = "harbour garden window market pencil letter".split()


def test_furniture_is_no_heading() -> None:
    names = ("Contents", "IV", "Chapter 12", "Introduction", "BY ADA LOVELACE", "2024", "The end")
    for name in names:
        assert list(headings(f"{name}\n\n{PROSE}")) == [], name
        assert list(headings(f"# {name}\n\n{PROSE}")) == [], name
    assert list(headings("# Lonely\n\nNothing here.")) == []
    assert list(headings(f"THE DAILY MIRACLE\n\n{PROSE}")) == ["The daily miracle"]
    assert list(headings(f"A sentence that stands alone.\n\n{PROSE}")) == []


def test_headings_lose_their_numbers_and_their_markup() -> None:
    assert plain("Chapter 3: The **keel** hour") == "The keel hour"
    assert plain("2.1 Left over is not a time") == "Left over is not a time"
    assert plain("Week one: count") == "Week one: count"
    assert plain("Ten minutes of quiet") == "Ten minutes of quiet"


def test_a_question_in_passing_is_not_what_people_ask() -> None:
    assert questions(f"And who was right?\n\n{PROSE}") == []
    assert questions(f"### And who was it?\n\n{PROSE}") == []
    assert questions("### Where do I begin with the count?\n\nThere.") == []
    listed = "\n\n".join(f"How do I mend a {word}?\n\n{PROSE}" for word in FAR)
    assert len(questions(listed)) == len(FAR)


def test_frequent_words_are_those_of_a_subject() -> None:
    about = "\n\n".join(["The harbour is quiet. We see the harbour and the harbour sees us."] * 5)
    aside = "\n\n".join([f"Somebody went to the {word} with another letter." for word in FAR * 5])
    assert frequent_words(texts(a=f"{about}\n\n{aside}"), 1) == ["harbour"]
