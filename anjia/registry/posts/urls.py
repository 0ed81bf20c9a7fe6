"""Addresses of the sign-in page and the post switcher; mounted below the desk."""

from __future__ import annotations

from django.urls import path

from anjia.registry.posts import views
from anjia.registry.posts.second.views import door, issuing, mine

app_name = "posts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/second/", door.second, name="second"),
    path("sign-in/first/", door.first_factor, name="first-factor"),
    path("sign-in/later/", door.later, name="later"),
    path("sign-in/password/", door.choose_password, name="own-password"),
    path("sign-in/recover/", door.recover, name="recover"),
    path("sso/", door.returned, name="sso"),
    path("my-sign-in/", mine.my_sign_in, name="my-sign-in"),
    path("my-sign-in/password/", mine.password, name="password"),
    path("my-sign-in/add/", mine.add_factor, name="add-factor"),
    path("my-sign-in/<uuid:factor_id>/remove/", mine.remove_factor, name="remove-factor"),
    path("my-sign-in/end/", mine.end_sessions, name="end-sessions"),
    path("step-up/", mine.step_up, name="step-up"),
    path("colleagues/", mine.colleagues, name="colleagues"),
    path("accounts/", issuing.accounts, name="accounts"),
    path("pledge/", views.pledge, name="pledge"),
    path("stay/", mine.stay, name="stay"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("posts/", views.my_posts, name="my-posts"),
    path("posts/particulars/", views.particulars, name="particulars"),
    path("posts/<uuid:post_id>/switch/", views.switch, name="switch"),
]
