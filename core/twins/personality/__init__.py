"""A creator's personality: Big Five with wide intervals and the sentences for and against."""

from core.twins.personality.estimating import (
    CAUTION,
    ENOUGH_WORDS,
    EXPLAINED,
    SOURCE,
    estimate_traits,
)
from core.twins.personality.evidence import Embedder, Evidence
from core.twins.personality.items import Inventory, Item, shipped_inventory
from core.twins.personality.model import ACCURACY, Accuracy
from core.twins.personality.rating import (
    RATED,
    Complete,
    RatedItem,
    Ratings,
    rate_items,
    score_items,
)

__all__ = [
    "ACCURACY",
    "CAUTION",
    "ENOUGH_WORDS",
    "EXPLAINED",
    "RATED",
    "SOURCE",
    "Accuracy",
    "Complete",
    "Embedder",
    "Evidence",
    "Inventory",
    "Item",
    "RatedItem",
    "Ratings",
    "estimate_traits",
    "rate_items",
    "score_items",
    "shipped_inventory",
]
