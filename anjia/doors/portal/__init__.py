"""The residents' site: one neutral place with eight equal tiles, of which help is one.

No cookie, no storage, no script needed; nothing of a page is kept anywhere. Nobody is signed in here, so
there is no ambient authority that a forged form could borrow: what a form may do it carries itself, in a
sealed ticket (see `tickets`). The views are therefore exempt from CSRF tokens, which would need a cookie.
"""
