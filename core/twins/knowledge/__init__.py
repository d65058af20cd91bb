"""What a creator's content says: cut, embedded, found again, with a threshold for "not in it"."""

from core.twins.knowledge.chroma import ChromaIndex
from core.twins.knowledge.chunking import chunks, passages
from core.twins.knowledge.content import Document, Prepared, prepare
from core.twins.knowledge.embedding import Embedder, Progress, RemoteEmbedder, ScriptedEmbedder
from core.twins.knowledge.knowledge import EXACT, Found, Hit, Knowledge, Sentence
from core.twins.knowledge.minilm import MiniLM
from core.twins.knowledge.spans import Span, sentences
from core.twins.knowledge.weights import Weights

__all__ = [
    "EXACT",
    "ChromaIndex",
    "Document",
    "Embedder",
    "Found",
    "Hit",
    "Knowledge",
    "MiniLM",
    "Prepared",
    "Progress",
    "RemoteEmbedder",
    "ScriptedEmbedder",
    "Sentence",
    "Span",
    "Weights",
    "chunks",
    "passages",
    "prepare",
    "sentences",
]
