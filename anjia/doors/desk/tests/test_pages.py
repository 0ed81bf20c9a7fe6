"""Every page of the desk opens for whom it is made, tells others nothing, and stays within its statements."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Matter
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, STORY, WHERE, World
from anjia.foundation.events.models import Access

PLAIN = ["", "new/", "duties/", "duties/?which=triage", "below/", "matters/", "together/",
         "ledgers/", "week/", "books/", "ledgers/cases/", "copies/",
         "search/", "playbooks/", "playbooks/dv-case/",
         "playbooks/health/", "rules/",
         "rules/order.decide/?start=2026-03-18T10:05", "duty/", "handover/", "posts/"]  # fmt: skip


@pytest.mark.parametrize("path", PLAIN)
@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_page_opens_in_both_languages(signed_in: SignIn, path: str, lang: str) -> None:
    join = "&" if "?" in path else "?"
    response = signed_in("county").get(f"/desk/{path}{join}lang={lang}")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", PLAIN)
def test_stranger_is_sent_to_sign_in(signed_in: SignIn, path: str) -> None:
    from django.test import Client

    response = Client().get(f"/desk/{path}")
    assert response.status_code == 302
    assert "sign-in" in response["Location"]


def test_matter_page_shows_who_by_when_and_her_word(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    text = signed_in("county").get(f"/desk/m/{m}/").content.decode()
    for words in (NAME, HIS_NAME, PHONE, STORY, "由本人决定", "下一步", "谁来办"):
        assert words in text
    assert WHERE not in text


@pytest.mark.parametrize("who", ["other", "police", "street", "leader", "sysadmin"])
def test_matter_that_is_not_theirs_looks_like_none(world: World, signed_in: SignIn, who: str) -> None:
    m = world.responding()
    client = signed_in(who)
    there = client.get(f"/desk/m/{m}/")
    nowhere = client.get(f"/desk/m/{uuid.uuid4()}/")
    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content


def test_city_sees_progress_without_names(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    client = signed_in("city")
    for path in (f"/desk/m/{m}/", "/desk/below/"):
        text = client.get(path).content.decode()
        assert not [c for c in (NAME, HIS_NAME, PHONE, STORY) if c in text]


def test_move_form_keeps_what_was_typed_when_something_is_wrong(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    typed = {
        "request": "请出警并告知权利",
        "urgency": "urgent",
        "key": uuid.uuid4().hex,
        "ver": world.row(m).ver,
    }
    response = signed_in("county").post(f"/desk/m/{m}/do/refer_police/", typed)
    text = response.content.decode()
    assert response.status_code == 422
    assert "请出警并告知权利" in text
    assert "这一项要填" in text


def test_refusal_says_why_and_keeps_the_words(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    typed = {"request": "请出警", "agency": world.offices["police"].id, "ver": world.row(m).ver}
    response = signed_in("county").post(f"/desk/m/{m}/do/refer_police/", typed)
    assert response.status_code == 422
    assert "她没有同意" in response.content.decode()
    assert Matter.objects.filter(parent=m).count() == 0


def test_what_a_step_is_about_is_asked_for_beside_the_question(world: World, signed_in: SignIn) -> None:
    m, client = world.responding(), signed_in("county")
    about = {"record_person": "complained", "correction_wish": "correct", "wrong_words": "我没有这样说"}
    missing = client.post(f"/desk/m/{m}/do/ask_correction/", {**about, "ver": world.row(m).ver})
    text = missing.content.decode()
    assert missing.status_code == 422
    assert "哪一条经过" in text[text.index('role="alert"') :][:600]  # in our words, not the field's name
    assert "我没有这样说" in text
    nothing = client.get(f"/desk/m/{m}/do/decide_correction/").content.decode()
    assert "现在没有可以选的" in nothing
    assert "哪一条经过" not in nothing


def test_two_at_once_are_asked_and_nothing_is_lost(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    ver = world.row(m).ver
    signed_in("officer").post(f"/desk/m/{m}/do/note/", {"words": "我先记的", "ver": ver, "key": "a" * 32})
    second = signed_in("county").post(
        f"/desk/m/{m}/do/note/", {"words": "我后记的", "ver": ver, "key": "b" * 32}
    )
    text = second.content.decode()
    assert second.status_code == 409
    for words in ("我先记的", "我后记的", "用我的", "用他的", "两份都留"):
        assert words in text


def test_intake_saves_and_a_double_click_is_one_matter(world: World, signed_in: SignIn) -> None:
    client = signed_in("county")
    typed = {"key": uuid.uuid4().hex, "channel": "call", "name": NAME, "phone": PHONE, "facts": STORY}
    first, second = client.post("/desk/new/", typed), client.post("/desk/new/", typed)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Matter.objects.count() == 1
    same = client.post("/desk/new/same/", {"phone": PHONE}).content.decode()
    assert NAME in same


def test_a_blank_intake_is_no_case_and_a_refusal_says_why(world: World, signed_in: SignIn) -> None:
    client = signed_in("county")
    blank = client.post("/desk/new/", {"key": uuid.uuid4().hex, "channel": "call"})
    assert (blank.status_code, Matter.objects.count()) == (422, 0)
    assert "还没有写任何内容" in blank.content.decode()
    key = uuid.uuid4().hex
    client.post("/desk/new/", {"key": key, "channel": "call", "facts": STORY})
    other = client.post("/desk/new/", {"key": key, "channel": "call", "facts": STORY + "又一句"})
    assert (other.status_code, Matter.objects.count()) == (422, 1)
    assert 'role="alert"' in other.content.decode()
    assert "又一句" in other.content.decode()  # what was typed is still there


def test_what_is_typed_at_the_intake_stands_in_no_address(world: World, signed_in: SignIn) -> None:
    client = signed_in("county")
    assert client.get("/desk/new/same/", {"phone": PHONE}).status_code == 405
    assert 'hx-post="/desk/new/same/"' in client.get("/desk/new/").content.decode()


def test_whereabouts_ask_for_a_purpose_and_show_once(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    her = next(p for p in world.page("county", m).people if p.role == "asking")
    url = f"/desk/m/{m}/where/{her.id}/"
    for stale in (signed_in("county"), signed_in("county", "one-click")):
        assert stale.get(url)["Location"].startswith("/desk/step-up/")
        assert stale.post(url, {"purpose": "visit", "words": "今晚要转移"}).status_code == 302
    client = signed_in("county", "totp")
    assert WHERE not in client.get(url).content.decode()
    assert client.post(url, {"purpose": "", "words": ""}).status_code == 422
    import anjia.law.codes as codes

    purpose = next(iter(codes.book()["whereabouts-purpose"].codes))
    shown = client.post(url, {"purpose": purpose, "words": "今晚要转移"})
    assert WHERE in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    looked = client.get(f"/desk/m/{m}/looked/").content.decode()
    assert "今晚要转移" in looked


def test_village_has_one_column_and_at_most_three_cards(world: World, signed_in: SignIn) -> None:
    m = world.responding(decisions=Decisions(tell_community=True))
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    world.does("county", "invite_village", m, "03-11 09:00")
    world.does("county", "plan_visit", m, "03-11 09:10", visit_whom="complained", visit_way="agreed_place",
               visit_task="讲清告诫书")  # fmt: skip
    client = signed_in("village")
    home = client.get("/desk/").content.decode()
    assert home.count('class="a-big"') == 1
    page = client.get(f"/desk/m/{m}/").content.decode()
    assert "讲清告诫书" in page
    assert not [c for c in (PHONE, STORY, WHERE) if c in home + page]
    done = client.post(
        f"/desk/m/{m}/do/village_visit_done/", {"visit_found": "safe", "ver": world.row(m).ver}
    )
    assert done.status_code == 302


def test_paper_is_saved_never_shown_inline(world: World, signed_in: SignIn) -> None:
    from anjia.engine.matters.tests.world import paper

    m = world.responding()
    world.does("county", "attach", m, "03-11 09:00", files=[paper()])
    page = world.page("county", m)
    response = signed_in("county").get(f"/desk/m/{m}/paper/{page.files[0]['id']}/")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert signed_in("court").get(f"/desk/m/{m}/paper/{page.files[0]['id']}/").status_code == 404


def statements(client: object, path: str) -> int:
    """Statements of one request; writing the access row counts as one (it is gathered in production)."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200  # type: ignore[attr-defined]
    words = [q["sql"] for q in caught.captured_queries]
    reads = [w for w in words if w.lstrip().upper().startswith("SELECT")]
    return len(reads) + any("events_access" in w for w in words)


def test_statements_do_not_grow_with_rows(world: World, signed_in: SignIn) -> None:
    client = signed_in("county")
    m = world.responding()
    one = {p: statements(client, p) for p in ("/desk/duties/", "/desk/matters/", f"/desk/m/{m}/")}
    for n in range(4):
        world.help_wanted(when=f"03-1{n} 10:00", phone=f"1000000000{n}")
    five = {p: statements(client, p) for p in one}
    assert five == one
    assert one["/desk/duties/"] <= 4
    assert one["/desk/matters/"] <= 4
    assert one[f"/desk/m/{m}/"] <= 12


def written(client: object, path: str, typed: dict[str, object]) -> int:
    """Statements of one posted form that was taken. Savepoint and release stand for BEGIN and COMMIT here."""
    client.cookies["c"] = token = "c" * 32  # type: ignore[attr-defined]
    with CaptureQueriesContext(connection) as caught:
        response = client.post(path, {"csrfmiddlewaretoken": token, **typed})  # type: ignore[attr-defined]
    assert response.status_code == 302
    return len(caught)


INTAKE = {
    "channel": "call", "name": "周晓兰", "phone": "10013500034", "sex": "female", "age_band": "30-39",
    "safe_when": "工作日中午", "their_name": "丁海峰", "relation": "spouse", "facts": "他动手打人。",
    "dv_forms": ["physical"], "urgency": "soon", "reporter": "self",
}  # fmt: skip


def test_a_form_costs_a_fixed_number_of_statements(world: World, signed_in: SignIn) -> None:
    client = signed_in("county")
    intake_most, move_most = (8, 8) if connection.vendor == "postgresql" else (15, 12)
    place = world.row(world.help_wanted().matter).township
    counts = []
    for n in range(4):
        typed = {**INTAKE, "residence": place, "key": f"{n:032d}"}
        counts.append([written(client, "/desk/new/", typed)])
        m = Matter.objects.latest("id").id
        typed = {"first_or_repeat": "first", "urgency": "soon", "ver": 1, "key": f"{n:031d}a"}
        counts[n].append(written(client, f"/desk/m/{m}/do/accept_in/", typed))
        # one that writes her words down, meets a duty and begins one
        typed = {"was_alone": "yes", "call_words": "她说再想几天", "ver": 2, "key": f"{n:031d}b"}
        counts[n].append(written(client, f"/desk/m/{m}/do/call_safe/", typed))
    # The first of a process also asks which offices answer for the place.
    assert counts[1] == counts[2] == counts[3]  # however many there are already
    assert max(intake for intake, _, _ in counts) <= intake_most
    assert max(max(moves) for _, *moves in counts) <= move_most


def test_list_reading_is_one_row_that_names_the_matters(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    before = Access.objects.count()
    signed_in("county").get("/desk/duties/")
    row = Access.objects.latest("at", "id")
    assert Access.objects.count() == before + 1
    assert (row.how, str(m) in row.matters) == ("list", True)


def test_a_paper_is_checked_then_printed_with_its_number(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    child = world.does("county", "apply_order", m, "03-12 09:00", urgent="no").child
    world.does(
        "county", "packet", child, "03-12 09:30", urgent="no", who_applies="herself", measures_sought=["no_violence"],
        evidence_kinds=["statement"], facts=f"他打人。现在住{WHERE}。",
    )  # fmt: skip
    client = signed_in("county")
    assert "保护令申请书" in client.get(f"/desk/m/{child}/papers/").content.decode()
    url = f"/desk/m/{child}/papers/order-application/"
    check = client.get(url).content.decode()
    assert "这份材料将交给【法院】,其中不含现住址" in check
    assert "移出" in check
    assert client.post(url, {"words-facts": f"他打人。现在住{WHERE}。"}).status_code == 422
    struck = client.post(url, {"words-facts": f"他打人。现在住{WHERE}。", "strike": "facts"}).content.decode()
    assert WHERE not in struck
    sheet = client.post(url, {"words-facts": "他打人。"})
    text = sheet.content.decode()
    assert sheet.status_code == 200
    assert NAME in text
    assert WHERE not in text
    assert PHONE not in text
    assert f"{world.row(child).number}-01" in text
    assert "no-store" in sheet["Cache-Control"]


def test_a_helping_office_sees_where_she_is_once_after_a_second_person_agreed(
    world: World, signed_in: SignIn
) -> None:
    m = world.responding(decisions=Decisions(tell_police=True))
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    m = world.refers(m, "refer", "police", "03-11 09:00")
    her = next(p for p in world.page("police", m).people if p.role == "asking")
    url = f"/desk/m/{m}/where/{her.id}/"
    police = signed_in("police", "totp")
    assert url in police.get(f"/desk/m/{m}/").content.decode()
    asking = {"purpose": "danger_now", "words": "今晚有人在门口"}
    assert police.post(url, asking).status_code == 302
    assert "已经请承办单位" in police.get(url).content.decode()
    papers = f"/desk/m/{m}/papers/"
    stale = signed_in("officer")
    waiting = stale.get(papers).content.decode()
    assert "今晚有人在门口" in waiting
    action = re.search(r'action="(/desk/m/[^"]+/second/[^"]+)"', waiting)
    assert action
    assert "/step-up/" in stale.post(action[1])["Location"]
    assert signed_in("officer", "totp").post(action[1]).status_code == 302
    assert "/step-up/" in signed_in("police").get(url)["Location"]
    shown = police.post(url, asking)
    assert WHERE in shown.content.decode()
    assert shown["Refresh"].startswith("60;")
    again = police.post(url, asking)
    assert WHERE not in again.content.decode()
