"""Every write to agencies, accounts, posts, rosters and sessions."""

from anjia.registry.posts.actions.accounts import (
    add_account,
    change_password,
    declare_relative,
    end_post,
    give_pledge,
    give_post,
    set_contact,
    set_language,
    set_particulars,
    set_password,
    shut_account,
)
from anjia.registry.posts.actions.agencies import (
    add_agency,
    close_agency,
    follow_management,
    found_city,
    set_mode,
    set_public_details,
)
from anjia.registry.posts.actions.burdens import cap_burden
from anjia.registry.posts.actions.factors import add_factor, note_use, recover, remove_factor, vouch
from anjia.registry.posts.actions.issuing import (
    choose_password,
    issue_password,
    issue_password_again,
    open_account,
)
from anjia.registry.posts.actions.rosters import add_shift, answer_swap, ask_swap, remove_shift
from anjia.registry.posts.actions.sessions import (
    end_sessions,
    forget_old_sessions,
    keep_in_session,
    prove,
    read_news,
    sign_in,
    sign_out,
    switch_post,
)
from anjia.registry.posts.actions.stopping import reopen_agency, stop_agency

__all__ = [
    "add_account",
    "add_agency",
    "add_factor",
    "add_shift",
    "answer_swap",
    "ask_swap",
    "cap_burden",
    "change_password",
    "choose_password",
    "close_agency",
    "declare_relative",
    "end_post",
    "end_sessions",
    "follow_management",
    "forget_old_sessions",
    "found_city",
    "give_pledge",
    "give_post",
    "issue_password",
    "issue_password_again",
    "keep_in_session",
    "note_use",
    "open_account",
    "prove",
    "read_news",
    "recover",
    "remove_factor",
    "remove_shift",
    "reopen_agency",
    "set_contact",
    "set_language",
    "set_mode",
    "set_particulars",
    "set_password",
    "set_public_details",
    "shut_account",
    "sign_in",
    "sign_out",
    "stop_agency",
    "switch_post",
    "vouch",
]
