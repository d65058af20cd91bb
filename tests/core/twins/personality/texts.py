"""Even prose, made up for the tests, into which sentences that tell something are mixed."""

from __future__ import annotations

import random

EVEN = """
The first part explains what the method does, and the second shows how to use it.
If the result is not what you expected, look at the list of known problems.
There are several ways to describe a change, but only one of them is used here.
It was written for readers who have some experience with the subject.
The change was made because the old form did not work for larger numbers.
You can give a name to each of the parts, or leave the name out.
They may also differ in size, although this has no effect on the outcome.
We have found that most of these cases are covered by a simple rule.
When the work was done, the members of the committee approved the report.
I would not recommend this for a new project, since it has some limits.
Each section begins with a short note about what has been added or removed.
This should be enough to understand the rest of the chapter.
Nobody knew at that time how much the new law would cost the public.
""".strip().split("\n")


def even(words: int, telling: tuple[str, ...] = (), share: float = 0.2, seed: int = 0) -> str:
    """Paragraphs of even sentences, a share of them replaced by telling ones."""
    drawn = random.Random(seed)
    paragraphs: list[str] = []
    while sum(len(one.split()) for one in paragraphs) < words:
        said = (
            drawn.choice(telling if telling and drawn.random() < share else EVEN) for _ in range(5)
        )
        paragraphs.append(" ".join(said))
    return "\n\n".join(paragraphs)
