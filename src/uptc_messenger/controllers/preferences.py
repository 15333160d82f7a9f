"""What is one's own in a chat, over HTTP: preferences, and the draft."""

from litestar import Controller, put

from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Transaction
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import WireChatId
from uptc_messenger.models.chats import Draft, Preferences, PreferencesPut
from uptc_messenger.services.chats import drafts, preferences
from uptc_messenger.services.chats.access import require_member


class PreferencesController(Controller):
    path = "/chats/{chat_id:str}"
    tags = ("chats",)

    @put("/preferences", operation_id="set_preferences")
    async def set_preferences(
        self, chat_id: WireChatId, data: PreferencesPut, principal: Principal, backend: Backend
    ) -> Preferences:
        """Set how loud the chat is for me, and where it stands in my list."""

        def run(tx: Transaction) -> Preferences:
            return preferences.put(tx, require_member(tx, principal.user_id, chat_id), data)

        return await backend.database.write(run)

    @put("/draft", operation_id="save_draft")
    async def save_draft(
        self, chat_id: WireChatId, data: Draft, principal: Principal, backend: Backend
    ) -> Draft:
        """Keep what I have begun to write, for all my devices; an empty text clears it."""

        def run(tx: Transaction) -> Draft:
            return drafts.put(tx, require_member(tx, principal.user_id, chat_id), data)

        return await backend.database.write(run)
