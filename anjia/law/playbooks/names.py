"""The guards and effects a playbook may name, with typed parameters, and the lists the catalogue leans on.

A room registers the code under the same name; a test holds its registry against this list. A parameter
type with a trailing "?" may be left out. Types: field (asked by the move), grade, party, role, duty, instrument,
text (any word), band.
"""

from __future__ import annotations

GUARDS: dict[str, dict[str, str]] = {
    # her three decisions: her own yes, or the asked fields disclosure_ground + ground_words + told_her_first
    "consent.community": {},
    "consent.police": {},
    # only when the way is "door" and she is among those visited (no fields given: always)
    "consent.visit": {"way": "field?", "whom": "field?"},
    # by the kind of the agency chosen in `agency`: police asks consent.police, village consent.community
    "consent.by_kind": {},
    "contact.allowed": {},  # not inside a do-not-contact window, not by a channel she refused
    "no_mediation_of_violence": {"issue": "field?"},  # refused with a live warning letter or order
    # where violence is reported, no mediator is asked by the ordinary way: only by a move that guards against it
    "mediation.by_kind": {},
    "children.ended": {},  # every child matter has ended or was detached with a reason
    "grade.at_least": {"grade": "grade"},  # as grave or graver: at least 2 = grade 1 or 2
    "grade.at_most": {"grade": "grade"},  # no graver: at most 2 = grade 2, 3 or none yet
    "grade.covers_risk": {"grade": "grade?", "field": "field?"},  # never milder than the risk band asks for
    "risk.assessed": {},  # a risk assessment was recorded
    "has_party": {"party": "party"},
    "protected_person": {},  # a child, or special protection recorded: the duty to report exists
    "role.bound": {"role": "role"},
    "role.unbound": {"role": "role"},
    "answer.yes": {"field": "field"},  # that yes_no field of this move is yes
    "paper.attached": {},  # a file comes with this move, or one was attached before
    "same_case.linked": {},  # linked as the same case to an open matter
    "duty.open": {"duty": "duty"},  # that duty is owed now
    "duty.settled": {"duty": "duty"},  # that duty is owed no longer
    "codes.include": {
        "field": "field",
        "mark": "text?",
    },  # every code of the list, or every one with that mark
    "accused.apart": {},  # the agency chosen is not the office complained of
    # while one of that procedure still runs, another is not begun; one that ended without result is no bar
    "none_running": {"playbook": "text"},
    "first_of_kind": {},  # the case has had no earlier one of this procedure that took effect
    "happened": {"move": "move"},  # that move was made in this matter before
    # the code in `field` allows, in its attribute `mark`, the code in `to`; nothing given: nothing to fit
    "code.fits": {"field": "field", "to": "field", "mark": "text"},
    # the date in `field` is not after the date the matter keeps under `end`
    "date.before_end": {"field": "field", "end": "text"},
    # so many visits in a row without violence since the last reset, counted from the matter's own events;
    # the place's version of `rule` says, by having the variant `first_counts`, whether the first visit counts
    "visits.clean": {
        "visit": "move",
        "found": "text",
        "resets": "moves",
        "times": "text",
        "rule": "text",
        "first_counts": "text",
    },
    "visits.untold": {
        "told": "move"
    },  # a visit of which only the day was told, by that move, waits for how it was
    "emergency.owed": {},  # an emergency opening waits for this office's review
    "duty.pausable": {},  # the rule of the aimed duty lists the ground (a house rule may always pause)
    "duty.extendable": {},  # the rule of the aimed duty lists the ground for extending
    # 销毁清册
    "records.due": {},  # everything on the list may still be destroyed
    "signed.by_another": {"moves": "text"},  # none of these steps was done by the person who signs now
    # mediation
    "violence.not_told": {},  # nobody has ever told of violence or fear in this matter, reopened or not
    "agreement.not_for_punishment": {
        "field": "field"
    },  # 治安管理处罚法 9: no agreement instead of punishment
    "confirm.items": {"field": "field", "agreed": "text"},  # agreed before, and such as a court may confirm
    "mediator.fit": {"field": "field?"},  # in office, within the term, no kin of a party, nobody objected
    # rounds of 平安家庭推选
    "recognition.basis": {},  # the basis holds today and until the round closes; no other round is open here
    "recognition.all_ended": {},  # every application of the round has its result
}

EFFECTS: dict[str, dict[str, str]] = {
    # scores the answers <prefix><item>, stores score, override and judgement apart; sets the risk band
    "risk.record": {"instrument": "instrument", "prefix": "text", "judgement": "field"},
    "grade.set": {"grade": "grade?", "field": "field?"},
    # binds the role to the agency in `field`, else by kind and place, and writes the seat; bound: no change
    "role.bind": {"role": "role", "field": "field?"},
    # done bit by bit: the duty stays owed until this move has named every code that has the mark
    "duty.until_all": {"duty": "duty", "field": "field", "mark": "text"},
    # an attempt outside the hours she called safe, or by a way she refused, is none: the duty stays as it was
    "contact.attempt": {"duty": "duty"},
    # what she is told lies ready behind her receipt; by text message she is only asked to look, where she agreed
    "resident.lay_ready": {},
    # a longer time for one duty, on a ground its rule lists
    "duty.extend": {"duty": "duty", "ground": "text"},
    "duty.pause": {"duty": "duty", "ground": "text"},  # its time stands still; twice is once
    "duty.resume": {"duty": "duty", "move": "move"},  # its time goes on; `move` as below
    "duty.runs_out": {"duty": "duty", "move": "move"},  # when its time is over, the clock makes that move
    # a colleague with an interest no longer sees this family's matters
    "staff.recuse": {"field": "field"},
    # numbers a report that was sent; its wording is frozen from then on
    "report.number": {"stage": "text", "corrects": "field?"},
    "role.release": {"role": "role"},  # ends the seat; open duties of the role climb to the holder
    "children.let_go": {},  # referrals go on for themselves, so that an end that cannot wait does not wait
    "records.list": {
        "field": "field"
    },  # freezes which matters the list names; refuses what may not stand there
    "records.erase": {},  # destroys the keys of what the list names
    "mediator.appoint": {"field": "field"},  # the matter and its duties are that person's
    "mediator.exclude": {"field": "field"},  # that person is never appointed in this matter again
    # rounds of 平安家庭推选
    "recognition.begin": {},  # from now on it is found by its office
    "recognition.follow": {"what": "text"},  # ask | list | publish: every application follows, seconds later
    "recognition.set_aside": {"field": "field"},  # refuses numbers that are no application of this round
}

BINDS = "role.bind"  # the two effects the checker has to understand
RELEASES = "role.release"

#: Effects whose parameter `move` the clock makes when the time of their duty is over.
RUN_OUT = frozenset({"duty.runs_out", "duty.resume"})
#: Steps that the house itself takes because of a step in a matter beside this one, by procedure.
FOLLOWING = {
    "household-recognition": frozenset({"list_it", "publish", "leave_out"}),
    "dv-case": frozenset({"recognition_asked"}),
}

#: Whom her three decisions and the ban on mediating violence are about, by kind of agency.
POLICE_KINDS = frozenset({"police_station", "police_bureau"})
COMMUNITY_KINDS = frozenset({"village_committee", "governance_center"})
MEDIATION_KINDS = frozenset({"mediation_committee"})
FEDERATION_KINDS = frozenset({"federation", "rights_station"})
GRADES = ("1", "2", "3")
