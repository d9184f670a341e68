"""Users, organizations and roles."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.models.common import Day, Fields, Input, Moment
from db.states import Role

OneLine = Annotated[str, Field(max_length=254)]


class RoleOut(BaseModel):
    id: Role = Field(examples=["lender"])
    rank: int = Field(description="From 1: each role may what those below it may.", examples=[2])
    description: str = Field(examples=["Hands out and takes back."])


class Suspended(BaseModel):
    since: datetime
    until: datetime | None = Field(description="UTC; null: without an end.")
    reason: str


class UserOut(BaseModel):
    """A member of the organization. Moments are in UTC."""

    id: int
    organization_id: int
    name: str = Field(examples=["Kari Nordmann"])
    first_name: str = Field(examples=["Kari"])
    last_name: str = Field(examples=["Nordmann"])
    username: str | None = Field(examples=["kari"])
    email: str | None = Field(examples=["kari@example.org"])
    phone: str | None = Field(examples=["+47 99 88 77 66"])
    membership_id: str | None
    postal_code: str | None
    city: str | None
    born_on: date | None
    other_id: str | None
    note: str | None = Field(description="What admins noted; null for others.")
    role: Role
    active: bool = Field(description="A member now: begun, not ended, not suspended.")
    active_from: datetime | None
    active_until: datetime | None
    suspended: Suspended | None
    in_chat: bool = Field(description="The bot can write to them.")
    fields: dict[str, str] = Field(description="The organization's own fields, by label.")


class OwnPatch(Input):
    """Details that members change themselves; what is left out stays, null clears it."""

    first_name: OneLine | None = None
    last_name: OneLine | None = None
    email: OneLine | None = None
    phone: OneLine | None = None


class Profile(OwnPatch):
    """Details of a member; what is left out stays, null clears it."""

    username: OneLine | None = None
    membership_id: OneLine | None = None
    postal_code: OneLine | None = None
    city: OneLine | None = None
    born_on: Day | None = None
    other_id: OneLine | None = None
    note: Annotated[str, Field(max_length=500)] | None = Field(default=None, description="For admins.")


class UserIn(Profile):
    """A new member. They get an invite link of their own, in `invite_link`."""

    first_name: OneLine = Field(examples=["Ola"])
    role: Role = Field(default=Role.USER, description="At most your own.")
    active_from: Moment | None = None
    active_until: Moment | None = None
    fields: Fields = Field(default={})


class SuspensionIn(Input):
    reason: str = Field(default="", max_length=300)
    until: Moment | None = None


class UserPatch(Profile):
    role: Role | None = Field(default=None, description="At most your own; null stays as it is.")
    active_from: Moment | None = None
    active_until: Moment | None = Field(default=None, description="When the membership ends; null: never.")
    suspended: SuspensionIn | None = Field(default=None, description="Null ends a suspension.")
    fields: Fields = Field(default={})


class UserPut(Profile):
    """A member as a whole: what is left out is cleared. `suspended` stays as it is where it is left out."""

    first_name: OneLine = Field(examples=["Ola"])
    role: Role = Field(description="At most your own.")
    active_from: Moment | None = None
    active_until: Moment | None = None
    suspended: SuspensionIn | None = Field(default=None, description="Null ends a suspension.")
    fields: Fields = Field(default={})


class NewUser(UserOut):
    invite_link: str | None = Field(
        description="Opens the bot as this member. Shown once: null where a request is answered again."
    )


class InviteIn(Input):
    """A link for new people: how often it can be used, and for how many days."""

    role: Role = Field(default=Role.USER, description="At most your own.")
    uses: int = Field(default=1, ge=1, le=500)
    days: int = Field(default=14, ge=1, le=366)


class InviteOut(BaseModel):
    invite_link: str | None = Field(description="Shown once: null where a request is answered again.")


class TokenOut(BaseModel):
    """One of your tokens, without its secret. Moments in UTC."""

    id: int
    name: str = Field(examples=["Kiosk"])
    role: Role = Field(description="The most that it may do.")
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = Field(description="When it was used last, to the hour.")


class OrganizationOut(BaseModel):
    id: int
    name: str = Field(examples=["Fjellklubben"])
    number: str | None
    email: str | None
    phone: str | None
    address: str | None
    postal_code: str | None
    city: str | None
    other_id: str | None
    comment: str | None
    fields: dict[str, str] = Field(description="Its own fields, by label.")
    timezone: str = Field(examples=["Europe/Oslo"])
    language: str = Field(examples=["nb"])
    closed: bool
    your_role: Role | None = Field(description="Your role there.")


class _OrganizationDetails(Input):
    """The optional details of an organization, new or changed."""

    number: OneLine | None = None
    email: OneLine | None = None
    phone: OneLine | None = None
    address: Annotated[str, Field(max_length=500)] | None = None
    postal_code: OneLine | None = None
    city: OneLine | None = None
    other_id: OneLine | None = None
    comment: Annotated[str, Field(max_length=1000)] | None = None


_Language = Annotated[str, Field(pattern="^(en|nb)$")]


class OrganizationPatch(_OrganizationDetails):
    """Changes; a value that is left out stays, null clears an optional detail."""

    name: OneLine | None = None
    fields: Fields = Field(default={})
    timezone: OneLine | None = None
    language: _Language | None = None


class OrganizationIn(_OrganizationDetails):
    """A new organization."""

    name: OneLine
    timezone: OneLine = Field(examples=["Europe/Oslo"])
    language: _Language = "en"


class PolicyOut(BaseModel):
    """The rules of the organization; hours and days are whole numbers, times of day are local."""

    rules: dict[str, Any] = Field(examples=[{"longest_days": 30, "hand_out_at": "08:00:00"}])


class PolicyPatch(Input):
    """Rules to set; null goes back to the default. Rules that there are not: 422."""

    rules: dict[Annotated[str, Field(max_length=40)], Any] = Field(
        max_length=60, examples=[{"longest_days": 14}]
    )
