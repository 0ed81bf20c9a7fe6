"""Addresses of the sign-in page and the post switcher; mounted below the desk."""

from __future__ import annotations

from django.urls import path

from anjia.registry.posts import views

app_name = "posts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("posts/", views.my_posts, name="my-posts"),
    path("posts/<uuid:post_id>/switch/", views.switch, name="switch"),
]
