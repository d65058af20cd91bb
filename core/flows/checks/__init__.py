"""The catalogue of checks: one file a check, and one line in this list."""

from __future__ import annotations

from core.flows.checks.bad_config import BadConfig
from core.flows.checks.bad_subject import BadSubject
from core.flows.checks.base import Check, Family
from core.flows.checks.condition_always_true import ConditionAlwaysTrue
from core.flows.checks.condition_error import ConditionError
from core.flows.checks.condition_never_true import ConditionNeverTrue
from core.flows.checks.duplicate_id import DuplicateId
from core.flows.checks.infinite_loop import InfiniteLoop
from core.flows.checks.missing_opt_out import MissingOptOut
from core.flows.checks.missing_step import MissingStep
from core.flows.checks.no_exit import NoExit
from core.flows.checks.orphan_step import OrphanStep
from core.flows.checks.quiet_hours import QuietHours
from core.flows.checks.reply_without_wait import ReplyWithoutWait
from core.flows.checks.shadowed_branch import ShadowedBranch
from core.flows.checks.sms_segments import SmsSegments
from core.flows.checks.spam_risk import SpamRisk
from core.flows.checks.tone_issue import ToneIssue
from core.flows.checks.too_frequent import TooFrequent
from core.flows.checks.unknown_template_variable import UnknownTemplateVariable
from core.flows.checks.unknown_type import UnknownType
from core.flows.checks.unset_variable import UnsetVariable, fix_unset
from core.flows.checks.view import FlowView, Thresholds
from core.flows.checks.whatsapp_window import WhatsAppWindow

CHECKS: tuple[Check, ...] = (
    # structure
    MissingStep(),
    DuplicateId(),
    UnknownType(),
    BadConfig(),
    OrphanStep(),
    InfiniteLoop(),
    NoExit(),
    # logic
    ConditionError(),
    ConditionNeverTrue(),
    ConditionAlwaysTrue(),
    ShadowedBranch(),
    UnsetVariable(),
    UnknownTemplateVariable(),
    ReplyWithoutWait(),
    # messages
    SpamRisk(),
    ToneIssue(),
    SmsSegments(),
    MissingOptOut(),
    BadSubject(),
    QuietHours(),
    TooFrequent(),
    WhatsAppWindow(),
)
"""Every check, family by family, in the order in which the catalogue shows them."""

__all__ = ["CHECKS", "Check", "Family", "FlowView", "Thresholds", "fix_unset"]
