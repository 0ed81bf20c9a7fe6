"""The offices that were asked for help on the night and after the conference: each accepts once and replies once."""

from __future__ import annotations

from anjia.demo.telling import Telling


def night_partners(s: Telling) -> None:
    """Shelter, police and the appraiser, who first sends the letter back: the police must commission him."""
    s.asks(
        "hanjiang",
        "refer_shelter",
        "2026-03-15 09:16",
        "shelter",
        "shelter",
        urgency="very_urgent",
        needs=["shelter"],
        request="已凌晨入住,一大一小。证件和告知书上午补。",
    )
    s.does("hanjiang", "accept", "2026-03-15 09:17", on="shelter", behalf="shelter")
    s.does(
        "hanjiang",
        "give_reply",
        "2026-03-15 11:00",
        on="shelter",
        behalf="shelter",
        outcome="admitted",
        document_on="2026-03-15",
        reply_text="已入住,安全告知书已签,身份证明已补。",
    )
    s.asks(
        "hanjiang",
        "refer_police",
        "2026-03-15 11:10",
        "police",
        "police",
        urgency="soon",
        needs=["police"],
        request="请提供出警记录,并依法处理。",
    )
    s.does("police", "accept", "2026-03-15 11:40", on="police", contact_person="秦勇")
    s.does(
        "police",
        "give_reply",
        "2026-03-16 17:40",
        on="police",
        outcome="warning_letter",
        police_outcome="warning_letter",
        document_no="扬邗公柳告〔2026〕演017号",
        document_on="2026-03-16",
        reply_text="已受理、取证,出具告诫书并当面宣读。",
    )
    s.asks(
        "hanjiang",
        "refer_hospital",
        "2026-03-15 11:20",
        "appraisal",
        "appraiser",
        urgency="soon",
        needs=["appraisal"],
        request="请作伤情鉴定,本人今天方便。",
    )
    s.does(
        "hanjiang",
        "return_back",
        "2026-03-15 15:00",
        on="appraisal",
        behalf="appraiser",
        return_reason="incomplete",
        return_words="缺派出所的鉴定委托书,拿到后请再发来。",
    )


def conference_partners(s: Telling) -> None:
    """What the conference gave out: the appraisal goes on, the school watches, relief is paid."""
    s.does(
        "hanjiang",
        "resend",
        "2026-03-16 09:00",
        on="appraisal",
        urgency="soon",
        what_changed="派出所的鉴定委托书已附上。",
    )
    s.does("hanjiang", "accept", "2026-03-16 10:30", on="appraisal", behalf="appraiser")
    s.does(
        "hanjiang",
        "give_reply",
        "2026-03-18 09:00",
        on="appraisal",
        behalf="appraiser",
        outcome="opinion_issued",
        injury="slight",
        document_on="2026-03-18",
        reply_text="颈部软组织挫伤、左眶周皮下出血,轻微伤。",
    )
    s.asks(
        "hanjiang",
        "refer_school",
        "2026-03-16 16:30",
        "school",
        "teacher",
        urgency="soon",
        request="请管好接送名单,多留心孩子情绪,别的不用问。",
    )
    s.writes("school", "referral-letter", "2026-03-16 16:50")
    s.answers("school", "accept", "2026-03-17 08:10")
    s.answers("school", "give_reply", "2026-03-18 16:00", choice="school_arranged")
    s.asks(
        "hanjiang",
        "refer_civil_affairs",
        "2026-03-16 16:40",
        "relief",
        "relief",
        urgency="soon",
        needs=["money"],
        request="请先行临时救助。",
    )
    s.writes("relief", "referral-letter", "2026-03-16 16:55")
    s.answers("relief", "accept", "2026-03-17 09:40")
    s.answers("relief", "give_reply", "2026-03-18 15:00", choice="relief_given")
