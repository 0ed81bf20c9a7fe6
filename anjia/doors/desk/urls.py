"""Addresses of the desk. No name of a person ever stands in one."""

from __future__ import annotations

from django.urls import path

from anjia.casework.resources import views as resources
from anjia.doors.desk.views import (
    evidence,
    home,
    intake,
    lists,
    looking,
    matter,
    offices,
    opening,
    papers,
    playbooks,
    recusals,
    reference,
    same_person,
    signing,
    stationery,
    unusual,
    whereabouts,
)
from anjia.registry.posts import views as posts

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("new/", intake.intake, name="intake"),
    path("new/same/", lists.same, name="same"),
    path("new/<slug:name>/", opening.opening, name="intake-of"),
    path("duties/", lists.duties, name="duties"),
    path("below/", lists.below, name="below"),
    path("matters/", lists.matters, name="matters"),
    path("search/", lists.search, name="search"),
    path("find/", lists.find, name="find"),
    path("places/", lists.place_lookup, name="places"),
    path("m/<uuid:matter_id>/", matter.matter, name="matter"),
    path("m/<uuid:matter_id>/do/<slug:name>/", matter.do, name="do"),
    path("m/<uuid:matter_id>/same-person/", same_person.same_person_page, name="same-person"),
    path("m/<uuid:matter_id>/open/", looking.open_for, name="open"),
    path("m/<uuid:matter_id>/emergency/", looking.emergency, name="emergency"),
    path("m/<uuid:matter_id>/looked/", looking.looked, name="looked"),
    path("m/<uuid:matter_id>/paper/<uuid:file_id>/", matter.paper, name="paper"),
    path("m/<uuid:matter_id>/evidence/", evidence.evidence_page, name="evidence"),
    path("m/<uuid:matter_id>/papers/", papers.papers, name="papers"),
    path("m/<uuid:matter_id>/papers/<slug:name>/", papers.paper, name="letter"),
    path("m/<uuid:matter_id>/second/<uuid:question>/", papers.second, name="second"),
    path("m/<uuid:matter_id>/sign/<uuid:question>/", signing.sign, name="sign"),
    path("m/<uuid:matter_id>/where/<uuid:party_id>/", whereabouts.whereabouts, name="whereabouts"),
    path("m/<uuid:matter_id>/person/<uuid:party_id>/<slug:compartment>/", matter.person, name="person"),
    path("playbooks/", playbooks.playbooks, name="playbooks"),
    path("playbooks/health/", playbooks.health, name="playbook-health"),
    path("playbooks/<slug:name>/", playbooks.playbook, name="playbook"),
    path("rules/", reference.rules, name="rules"),
    path("rules/<str:rule_id>/", reference.rule, name="rule"),
    path("mediators/", resources.roster, name="mediators"),
    path("mediators/<uuid:post_id>/", resources.describe, name="mediator"),
    path("recusals/", recusals.recusals, name="recusals"),
    path("recusals/<uuid:wall_id>/lift/", recusals.lift, name="lift"),
    path("offices/", offices.offices, name="offices"),
    path("offices/<uuid:agency_id>/", offices.office, name="office"),
    path("leaving/<uuid:post_id>/", offices.leaving, name="leaving"),
    path("unusual/", unusual.unusual, name="unusual"),
    path("unusual/<uuid:line_id>/", unusual.line, name="unusual-line"),
    path("stationery/", stationery.stationery, name="stationery"),
    path("duty/", reference.roster, name="duty"),
    path("handover/", reference.handover, name="handover"),
    path("posts/", posts.my_posts, name="posts"),
    path("sign-out/", posts.sign_out, name="sign-out"),
]
