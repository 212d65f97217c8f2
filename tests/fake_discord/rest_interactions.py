"""REST routes with which the bot answers interactions: the callback, then edits, follow-ups and deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .basics import Json, now
from .constants import EPHEMERAL, LOADING, SENDABLE_FLAGS, CallbackType, Code, CommandType, InteractionType, MessageType
from .errors import ApiError
from .interaction import Interaction
from .message import Message
from .message_limits import check_choices, check_message
from .routes import Answer, Call, route

if TYPE_CHECKING:
    from .rest import Rest

USER_INSTALL_FOLLOWUPS = 5
WEBHOOK_CALLS = 5
WEBHOOK_SECONDS = 2.0
MESSAGE_KEYS = ("content", "embeds", "components", "attachments", "flags", "allowed_mentions")

REPLIES = frozenset({CallbackType.MESSAGE, CallbackType.DEFERRED_MESSAGE})
UPDATES = frozenset({CallbackType.DEFERRED_UPDATE, CallbackType.UPDATE_MESSAGE})
CALLBACKS = {
    InteractionType.COMMAND: REPLIES,
    InteractionType.COMPONENT: REPLIES | UPDATES,
    InteractionType.AUTOCOMPLETE: frozenset({CallbackType.AUTOCOMPLETE_RESULT}),
}


def post_callback(fake: Rest, call: Call) -> Answer:
    """The first answer."""
    interaction_id, token = call.ids
    interaction = fake.interactions.get(token)
    if interaction is None or interaction.id != interaction_id:
        raise ApiError(404, Code.UNKNOWN_INTERACTION, "Unknown interaction")
    try:
        _check_callback(interaction, call)
        _accept_callback(fake, interaction, call)
    except ApiError as error:
        _refused(interaction, error)
        raise
    if call.query.get("with_response", "").lower() not in ("1", "true"):
        return Answer(204)
    return Answer(200, _callback_response(interaction))


def _refused(interaction: Interaction, error: ApiError) -> None:
    interaction.errors.append((error.status, error.code, str(error)))
    interaction.note(f"refused: {error.status} {error.code}")


def _check_callback(interaction: Interaction, call: Call) -> None:
    if interaction.expired:
        raise ApiError(404, Code.UNKNOWN_INTERACTION, "Unknown interaction")
    if interaction.callback is not None:
        raise ApiError(400, Code.ALREADY_ACKNOWLEDGED, "Interaction has already been acknowledged.")
    kind, data = call.body.get("type"), call.body.get("data") or {}
    if kind not in CALLBACKS[interaction.type]:
        message = f"Callback type {kind} is not valid for this {interaction.type.name} interaction"
        errors = {"type": {"_errors": [{"code": "INTERACTION_CALLBACK_TYPE_INVALID", "message": message}]}}
        raise ApiError(400, Code.INVALID_FORM, "Invalid Form Body", errors)
    if kind == CallbackType.AUTOCOMPLETE_RESULT:
        check_choices(data.get("choices") or [], interaction.option_type)
    else:
        # A defer carries no message; an update is an edit: neither is empty.
        check_message(data, ("data",), edit=kind != CallbackType.MESSAGE, files=len(call.files))


def _accept_callback(fake: Rest, interaction: Interaction, call: Call) -> None:
    kind, data = call.body["type"], call.body.get("data") or {}
    if kind in REPLIES:
        deferred = kind == CallbackType.DEFERRED_MESSAGE
        flags = data.get("flags") or 0
        interaction.message = fake.add_message(
            interaction.payload["channel_id"],
            {} if deferred else data,
            author=fake.bot_user,
            files=call.files,
            flags=(flags & EPHEMERAL) | LOADING if deferred else flags & SENDABLE_FLAGS,
            kind=_reply_type(interaction),
            interaction=interaction,
            replies_to=interaction.source,
        )
    elif kind in UPDATES and interaction.source is not None:
        interaction.message = interaction.source
        if kind == CallbackType.UPDATE_MESSAGE:
            fake.edit_message(interaction.source, data, call.files)
    else:
        interaction.choices = data.get("choices") or []
    interaction.callback = call.body
    interaction.acked_at = call.received
    interaction.note(f"callback {CallbackType(kind).name}")
    interaction.acked.set()
    if not interaction.deferred:
        interaction.settle(call.received)


def _reply_type(interaction: Interaction) -> MessageType:
    if interaction.type == InteractionType.COMPONENT:
        return MessageType.REPLY
    slash = interaction.payload["data"]["type"] == CommandType.CHAT_INPUT
    return MessageType.CHAT_INPUT_COMMAND if slash else MessageType.CONTEXT_MENU_COMMAND


def _callback_response(interaction: Interaction) -> Json:
    out: Json = {"interaction": {"id": interaction.id, "type": int(interaction.type)}}
    message = interaction.message
    if message is not None:
        out["interaction"] |= {
            "response_message_id": message.id,
            "response_message_loading": message.loading,
            "response_message_ephemeral": message.ephemeral,
        }
        if not interaction.deferred:
            out["resource"] = {"type": interaction.callback_type, "message": message.raw}
    return out


def _webhook(fake: Rest, call: Call) -> Interaction:
    """The interaction whose token the call carries."""
    app_id, token = call.ids[:2]
    interaction = fake.interactions.get(token)
    if interaction is None or app_id != fake.app_id:
        raise ApiError(401, Code.INVALID_TOKEN, "Invalid Webhook Token")
    error = None
    if now() - interaction.dispatched > fake.token_ttl:
        error = ApiError(401, Code.INVALID_TOKEN, "Invalid Webhook Token")
    elif interaction.callback is None:
        error = ApiError(404, Code.UNKNOWN_WEBHOOK, "Unknown Webhook")
    if error:
        _refused(interaction, error)
        raise error
    return interaction


def _webhook_message(fake: Rest, call: Call, interaction: Interaction) -> Message:
    message_id = call.ids[2]
    message = interaction.message if message_id == "@original" else fake.messages.get(message_id)
    if message is None or message.deleted or message.channel_id != interaction.payload["channel_id"]:
        error = ApiError(404, Code.UNKNOWN_MESSAGE, "Unknown Message")
        _refused(interaction, error)
        raise error
    return message


def post_followup(fake: Rest, call: Call) -> Answer:
    interaction = _webhook(fake, call)
    headers = fake.limits.take(f"webhook/{interaction.token}", WEBHOOK_CALLS, WEBHOOK_SECONDS)
    try:
        check_message(call.body, files=len(call.files))
        message = _add_followup(fake, interaction, call)
    except ApiError as error:
        _refused(interaction, error)
        raise
    interaction.settle()
    return Answer(200, message.raw, headers)


def _add_followup(fake: Rest, interaction: Interaction, call: Call) -> Message:
    waiting = interaction.message
    if waiting is not None and waiting.loading and waiting is not interaction.source:
        # The first follow-up after a defer becomes the reply.
        fake.edit_message(waiting, {key: call.body[key] for key in MESSAGE_KEYS if key in call.body}, call.files)
        interaction.note("follow-up fills the deferred reply")
        return waiting
    if interaction.user_installed and len(interaction.followups) >= USER_INSTALL_FOLLOWUPS:
        text = "This interaction has hit the maximum number of follow up messages."
        raise ApiError(400, Code.TOO_MANY_FOLLOWUPS, text)
    message = fake.add_message(
        interaction.payload["channel_id"],
        call.body,
        author=fake.bot_user,
        files=call.files,
        flags=(call.body.get("flags") or 0) & SENDABLE_FLAGS,
        kind=MessageType.REPLY,
        interaction=interaction,
    )
    interaction.followups.append(message)
    interaction.note("follow-up")
    return message


def get_reply(fake: Rest, call: Call) -> Answer:
    return Answer(200, _webhook_message(fake, call, _webhook(fake, call)).raw)


def patch_reply(fake: Rest, call: Call) -> Answer:
    interaction = _webhook(fake, call)
    message = _webhook_message(fake, call, interaction)
    headers = fake.limits.take(f"webhook/{interaction.token}", WEBHOOK_CALLS, WEBHOOK_SECONDS)
    try:
        fake.edit_message(message, call.body, call.files)
    except ApiError as error:
        _refused(interaction, error)
        raise
    interaction.note("edit")
    interaction.settle()
    return Answer(200, message.raw, headers)


def delete_reply(fake: Rest, call: Call) -> Answer:
    interaction = _webhook(fake, call)
    _webhook_message(fake, call, interaction).deleted = True
    interaction.note("delete")
    interaction.settle()
    return Answer(204)


ROUTES = (
    route("POST", "/interactions/{id}/{token}/callback", post_callback),
    route("POST", "/webhooks/{app}/{token}", post_followup),
    route("GET", "/webhooks/{app}/{token}/messages/{message}", get_reply),
    route("PATCH", "/webhooks/{app}/{token}/messages/{message}", patch_reply),
    route("DELETE", "/webhooks/{app}/{token}/messages/{message}", delete_reply),
)
