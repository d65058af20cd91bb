"""The methodology map: a creator's concepts, principles and exercises, and how they hang together.

``find_method`` finds it in the content, offline; ``ask_for_method`` asks a language model and
believes only what it can quote. The rest corrects it by hand, each function giving a new method.
"""

from core.twins.methodology.asking import Complete, ask_for_method
from core.twins.methodology.checking import checked
from core.twins.methodology.corrections import (
    add_link,
    add_node,
    change_node,
    merge_nodes,
    remove_link,
    remove_node,
    rename_node,
    restore_node,
)
from core.twins.methodology.finding import find_method
from core.twins.methodology.order import order_of

__all__ = [
    "Complete",
    "add_link",
    "add_node",
    "ask_for_method",
    "change_node",
    "checked",
    "find_method",
    "merge_nodes",
    "order_of",
    "remove_link",
    "remove_node",
    "rename_node",
    "restore_node",
]
