"""What a sandbox consists of: the utility, its customers, its third parties, and what they agreed on.

All instants are aware datetimes in UTC; secrets that a client shows again (codes, tokens, cookies) appear
only as hashes. No behaviour beyond look-ups inside a record.
"""

from mock_server.core.records.authorizations import (
    Authorization,
    AuthorizationRequest,
    Channel,
    Code,
    Collection,
    Frequency,
    Meter,
    Outcome,
    PushedRequest,
    Token,
    TokenClass,
)
from mock_server.core.records.clients import (
    AuthMethod,
    Client,
    KeySet,
    Mode,
    Particulars,
    ScopeOfUse,
    UsedAssertion,
)
from mock_server.core.records.customers import (
    Account,
    Customer,
    Exchange,
    Flaw,
    Flow,
    LastBill,
    LookUp,
    Service,
)
from mock_server.core.records.events import Attempt, Bulk, Event, Notification, ParcelKind, Webhook
from mock_server.core.records.faults import (
    LARGEST_WAIT_MS,
    Drip,
    Fault,
    FaultEffect,
    FaultMatch,
    FaultPlan,
    FaultPreset,
    FaultSurface,
    WebhookFault,
)
from mock_server.core.records.forms import Form, Referral, Template
from mock_server.core.records.made_up import CustomerKind, Material, Place, UsualService
from mock_server.core.records.people import BrowserSession, Person, SessionKind
from mock_server.core.records.places import Address, Climate, Utility
from mock_server.core.records.sandbox import AutoApproval, CallCount, DemoRun, Message, SandboxState, Snapshot
from mock_server.core.records.sign_on import SigningKey, SignOnCode, SignOnSession
from mock_server.core.records.tariffs import ServiceKind, Tariff, TariffPrice, Tax, Tier, Window

__all__ = [
    "LARGEST_WAIT_MS",
    "Account",
    "Address",
    "Attempt",
    "AuthMethod",
    "Authorization",
    "AuthorizationRequest",
    "AutoApproval",
    "BrowserSession",
    "Bulk",
    "CallCount",
    "Channel",
    "Client",
    "Climate",
    "Code",
    "Collection",
    "Customer",
    "CustomerKind",
    "DemoRun",
    "Drip",
    "Event",
    "Exchange",
    "Fault",
    "FaultEffect",
    "FaultMatch",
    "FaultPlan",
    "FaultPreset",
    "FaultSurface",
    "Flaw",
    "Flow",
    "Form",
    "Frequency",
    "KeySet",
    "LastBill",
    "LookUp",
    "Material",
    "Message",
    "Meter",
    "Mode",
    "Notification",
    "Outcome",
    "ParcelKind",
    "Particulars",
    "Person",
    "Place",
    "PushedRequest",
    "Referral",
    "SandboxState",
    "ScopeOfUse",
    "Service",
    "ServiceKind",
    "SessionKind",
    "SignOnCode",
    "SignOnSession",
    "SigningKey",
    "Snapshot",
    "Tariff",
    "TariffPrice",
    "Tax",
    "Template",
    "Tier",
    "Token",
    "TokenClass",
    "UsedAssertion",
    "UsualService",
    "Utility",
    "Webhook",
    "WebhookFault",
    "Window",
]
