"""Spam risk: a calibrated probability times 100, learned, for many messages at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from core.domain.messages import MessageDraft
from core.messages.features import LONGEST, Text, seen
from core.messages.shapes import shape_features
from core.messages.weights import SHAPE_WEIGHT, Weights, shipped_weights

SPAM = 50.0
"""Above this risk a message is called spam: more likely so than not."""
MOST = 100.0
_DECIMALS = 1
_SHARE, _CORES = 500, 2


def text_of(message: MessageDraft) -> Text:
    """The message as the model reads it."""
    email = message.channel == "email"
    return Text(email, (message.subject or "") if email else "", message.body)


def spam_risks(
    messages: Sequence[MessageDraft], weights: Weights | None = None
) -> NDArray[np.float64]:
    """The risk of each message, 0 to 100."""
    odds = log_odds([text_of(message) for message in messages], weights or shipped_weights())
    return np.round(MOST / (1 + np.exp(-odds)), _DECIMALS)


def log_odds(texts: Sequence[Text], weights: Weights) -> NDArray[np.float64]:
    """The log-odds that each text is spam; many of them are weighed on two cores."""
    shares = [texts[first : first + _SHARE] for first in range(0, len(texts), _SHARE)]
    if len(shares) < 2:
        return _log_odds(texts, weights)
    with ThreadPoolExecutor(_CORES) as pool:
        return np.concatenate(list(pool.map(lambda share: _log_odds(share, weights), shares)))


def _log_odds(texts: Sequence[Text], weights: Weights) -> NDArray[np.float64]:
    side = np.fromiter((text.email for text in texts), np.int64, len(texts))
    odds: NDArray[np.float64] = weights.start[side].astype(float)
    odds += shape_odds(texts, weights, side).sum(axis=1)
    for view, found in seen(texts):
        adds = weights.speaks(view, weights.weigh(view, found), side)
        odds += np.bincount(found.message, adds, len(texts))
    return odds


def shape_odds(
    texts: Sequence[Text], weights: Weights, side: NDArray[np.int64]
) -> NDArray[np.float32]:
    """What each shape adds to the log-odds of each text."""
    rows = shape_features(
        [text.subject[:LONGEST].encode("utf-8", "replace") for text in texts],
        [text.body[:LONGEST].encode("utf-8", "replace") for text in texts],
    )
    return rows * weights.shapes[side] * (SHAPE_WEIGHT * weights.slope[side])[:, None]
