"""May: he is heard and asks what is kept of him; the county lets the relief office read what it needs, for a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from anjia.demo.telling import Telling
from anjia.engine.matters.models import Party
from anjia.foundation.core.clock import SHANGHAI

HE_ASKED = {"record_person": "complained", "requested_on": "2026-05-08"}


def his_side(s: Telling) -> None:
    """Heard at the counter, never before her; one thing put right, one refused; his own particulars given on paper."""
    s.does(
        "hanjiang",
        "hear_complained",
        "2026-05-06 15:00",
        heard_on="2026-05-06",
        heard_way="office",
        heard_words="他说那晚喝多了,不记得按过她脖子;愿意戒酒,想见孩子。",
    )
    him = str(Party.objects.get(matter=s.matter, role="complained").id)
    s.does(
        "hanjiang",
        "ask_correction",
        "2026-05-08 10:00",
        event=him,
        correction_wish="correct",
        wrong_words="他三月起不跑长途了,在货运站装卸。",
        **HE_ASKED,
    )
    s.does("hanjiang", "ask_access", "2026-05-08 10:10", **HE_ASKED)
    s.does(
        "hanjiang",
        "correct",
        "2026-05-11 09:00",
        party=him,
        compartment="identity",
        base="1",
        reason="他出示了货运站的劳动合同。",
        **{"party-their_occupation": "货运站装卸工"},
    )
    s.does(
        "hanjiang",
        "decide_correction",
        "2026-05-11 09:20",
        event=s.last("ask_correction"),
        correction_decision="corrected",
        correction_answer="职业已按他的劳动合同改好。",
        answer_way="in_person",
    )
    s.does(
        "hanjiang",
        "answer_access",
        "2026-05-12 15:00",
        event=s.last("ask_access"),
        access_decision="given",
        access_answer="给了他本人信息清单,只有他自己的几项。",
        answer_way="in_person",
    )
    s.does(
        "hanjiang",
        "ask_correction",
        "2026-05-13 10:00",
        event=s.last("open"),
        correction_wish="remove",
        wrong_words="他要求把她说的经过删掉。",
        **HE_ASKED,
    )
    s.does(
        "hanjiang",
        "decide_correction",
        "2026-05-14 10:00",
        event=s.last("ask_correction"),
        correction_decision="disputed",
        correction_answer="她说的话不由别人改写,已标明他有异议。",
        answer_way="in_person",
    )


def let_read(s: Telling) -> None:
    """Relief is paid on the name and what happened, with her consent; taken back when it is paid."""
    s.does(
        "hanjiang",
        "grant_access",
        "2026-05-15 09:30",
        agency=str(s.city.agency("relief").id),
        grant_opens=["label", "narrative"],
        grant_purpose="relief",
        grant_until="2026-07-31",
        grant_ground="consent",
        consent_by="herself",
        consent_on="2026-05-14",
        consent_way="safe_call",
        reason="临时救助要核对情况,不要她再讲一遍。",
    )


def still_reads(s: Telling, now: datetime) -> None:
    """Legal aid reads the papers for a month: a grant that runs, to be seen and taken back by whoever tries the demo."""
    day = now.astimezone(SHANGHAI) - timedelta(days=2)
    s.does(
        "hanjiang",
        "grant_access",
        f"{day:%Y-%m-%d} 14:00",
        agency=str(s.city.agency("lawyer").id),
        grant_opens=["label", "narrative", "evidence"],
        grant_purpose="legal",
        grant_until=f"{day + timedelta(days=30):%Y-%m-%d}",
        grant_ground="consent",
        consent_by="herself",
        consent_on=f"{day:%Y-%m-%d}",
        consent_way="safe_call",
        reason="抚养费变更要起诉,不要她再讲一遍。",
    )
