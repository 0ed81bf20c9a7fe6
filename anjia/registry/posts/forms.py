"""What is typed to sign in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """Login name and password. Lengths are bounded so that nobody makes us hash a novel."""

    login = forms.CharField(
        label=_("账号"),
        max_length=60,
        error_messages={"required": _("请填写账号。")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "class": "a-input",
            }
        ),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=128,
        strip=False,
        error_messages={"required": _("请填写密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "a-input"}),
    )
