"""Signing in and out by page: one arrives where one wanted to go."""

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from skranke.core.app_state import AppState
from skranke.core.errors import ApiError, NotSignedIn
from skranke.people.auth.sessions import (
    SESSION_COOKIE,
    close_session,
    delete_session_cookies,
    open_session,
    set_session_cookies,
)
from skranke.people.auth.sign_in import SignIn
from skranke.people.sql import connection
from skranke.web.i18n.catalogue import Translator, language_of
from skranke.web.page import Page, compressed, read_form, redirect
from skranke.web.rendering import ENVIRONMENT
from skranke.web.security import PAGE_HEADERS

TICKET = re.compile(r"/ticket/(\d{1,9})")
# an address of this desk: one slash, and nothing that a browser reads as another host
LOCAL = re.compile(r"/(?![/\\])[^\s\\]{0,2000}")


def destination(to: str) -> str:
    """Where a sign-in leads: an address of this desk, else the list."""
    return to if LOCAL.fullmatch(to) and not to.startswith("/sign-") else "/"


class Entrance:
    """The sign-in page of a desk."""

    def __init__(self, state: AppState, sign_in: SignIn) -> None:
        self.state = state
        self.sign_in = sign_in

    async def show(self, request: Request) -> Response:
        """`GET /sign-in`: the form; who is signed in already goes on."""
        to = destination(request.query_params.get("to", "/"))
        if session := request.cookies.get(SESSION_COOKIE, ""):
            try:
                await self.sign_in.session_user(session)
            except NotSignedIn:
                pass
            else:
                return RedirectResponse(to, 303, PAGE_HEADERS)
        return self._form(request, to)

    async def enter(self, request: Request) -> Response:
        """`POST /sign-in`: open a session; the form again, with the name, where that fails."""
        form = await read_form(request)
        to, name = destination(form.text("to")), form.text("user").strip()
        if request.headers.get("sec-fetch-site") == "cross-site":
            return self._form(request, to, name, "Sign in from a page of this desk.", 403)
        peer = request.client.host if request.client else ""
        try:
            account = await self.sign_in.with_password(name, form.text("password"), peer)
        except NotSignedIn:
            fault = "This name and password don’t belong together. Your name was kept."
            return self._form(request, to, name, fault, 401)
        except ApiError as error:
            return self._form(request, to, name, error.message, error.status)
        async with connection(self.state.pool) as db:
            now = self.state.clock.now()
            session, xsrf = await open_session(db, account.user.associate_id, now)
        response = RedirectResponse(to, 303, PAGE_HEADERS)
        set_session_cookies(response, session, xsrf, secure=request.url.scheme == "https")
        return response

    def _form(
        self, request: Request, to: str, name: str = "", error: str = "", status: int = 200
    ) -> Response:
        language = language_of("", request.headers.get("accept-language", ""))
        translate = Translator(language)
        ticket = TICKET.match(to)
        text = ENVIRONMENT.get_template("sign_in.html").render(
            _=translate,
            language=language,
            to=to,
            destination=translate("ticket #{id}", id=ticket[1]) if ticket else "",
            name=name,
            error=translate(error) if error else "",
            demo=self.state.settings.demo,
        )
        return compressed(request, text, status, {})


async def leave(page: Page) -> Response:
    """`POST /sign-out`: end the session, in every process at once."""
    await close_session(page.context.db, page.request.cookies.get(SESSION_COOKIE, ""))
    response = redirect("/sign-in")
    delete_session_cookies(response)
    return response
