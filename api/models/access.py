"""Signing in."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from api.models.common import Input, RowId
from db.states import Role

Name = Annotated[str, Field(min_length=1, max_length=254, description="A username or email address.")]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=200)]
NewPassword = Annotated[SecretStr, Field(min_length=10, max_length=200)]


class LoginIn(Input):
    username: Name = Field(examples=["kari"])
    password: Secret
    organization_id: RowId | None = Field(
        default=None, description="Needed where the same name and password are known in several."
    )


class LoginOut(BaseModel):
    """A token for `Authorization: Bearer`; it ends by itself."""

    token: str
    token_type: str = "Bearer"
    role: Role
    user_id: int
    organization_id: int
    expires_at: datetime


class QrIn(Input):
    name: str = Field(
        default="", max_length=60, description="What asks, as the member reads it.", examples=["Front desk"]
    )


class QrOut(BaseModel):
    """Show `link` as a QR code, or `svg` as it is; ask with `secret` whether it is confirmed."""

    link: str = Field(examples=["https://t.me/equiplib_bot?start=l_Zm9v"])
    svg: str = Field(description="The link as a QR code.")
    secret: str
    expires_at: datetime


class QrSecret(Input):
    secret: Annotated[str, Field(min_length=1, max_length=100)]


class Waiting(BaseModel):
    """Nobody has confirmed it yet: ask again in some seconds."""

    waiting: bool = True


class AskIn(Input):
    username: Name
    organization_id: RowId | None = None


class PasswordByCode(Input):
    code: Annotated[str, Field(min_length=1, max_length=100, description="From the chat.")]
    new_password: NewPassword


class PasswordIn(Input):
    """The present password, or where there is none a code from the chat (`/token`, Password)."""

    current_password: Secret | None = None
    code: Annotated[str, Field(max_length=100)] | None = None
    new_password: NewPassword
