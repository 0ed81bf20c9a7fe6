"""A household's address brought down to its door: what two people share who live behind one door.

An address that does not reach a door, or is an institution's, has no such form: half a village or a whole
dormitory would count as one household.
"""

from __future__ import annotations

import re

#: Many live, work or lie there who have nothing to do with each other.
INSTITUTIONS = (
    "宿舍", "医院", "卫生", "学校", "中学", "小学", "大学", "学院", "幼儿园", "公司", "工厂", "厂区", "工地", "单位",
    "派出所", "公安", "法院", "检察院", "司法", "监狱", "看守所", "部队", "营区", "妇联", "政府", "民政", "救助", "安置",
    "庇护", "福利", "敬老", "养老", "护理院", "宾馆", "酒店", "旅馆", "旅社", "招待所", "民宿", "集体户", "中心", "服务站",
    "村委会", "居委会", "商场", "市场", "养殖场",
)  # fmt: skip
DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
NUMERAL = re.compile(r"[〇零一二两三四五六七八九十百]+(?=(?:幢|栋|座|号|单元|室|户|组|队|楼|层|$))")
ABOVE_TOWNSHIP = re.compile(
    r"^(?:中国)?(?:[^\d省]{1,6}?省)?(?:[^\d市区县]{1,6}?市)?(?:[^\d市区县]{1,7}?(?:[市县]|(?<![小社园])区))?"
)
TOWNSHIP = re.compile(r"^[^\d]{1,8}?(?:街道|镇|乡)")
BLOCK = re.compile(r"(?:幢|栋|座|号楼|楼|单元|层|组|队)")
#: A flat: a building and a number in it. A house: a village or group and its number.
FLAT = re.compile(r"^(?P<place>\D+)(?P<door>\d+(?:-\d+)+)$")
HOUSE = re.compile(r"^(?P<place>\D*(?:村|庄|巷|弄|里)\D*)(?P<door>\d+(?:-\d+)*)$")


def home(value: str) -> str:
    """One spelling of a door; "" where the address does not say which door, or no household stands behind it."""
    text = re.sub(r"[\s,，。.、;；()（）【】\[\]]", "", value)
    if any(word in text for word in INSTITUTIONS):
        return ""
    text = NUMERAL.sub(lambda m: str(number(m[0])), text)
    text = ABOVE_TOWNSHIP.sub("", text, count=1)
    township = TOWNSHIP.match(text)
    rest = text[township.end() :] if township else text
    rest = re.sub(r"(?:室|户|号)$", "", rest)
    rest = re.sub(r"号(?=\d)", "-", BLOCK.sub("-", rest)).replace("#", "-")
    rest = re.sub(r"-+", "-", re.sub(r"[—–~_/]", "-", rest)).strip("-")
    rest = re.sub(r"(?<=\D)-(?=\D)|(?<=\D)-(?=\d)", "", rest)
    if flat := FLAT.match(rest):
        in_village = "村" in flat["place"] and not flat["place"].endswith(("新村", "小区"))
        return door(flat, township[0] if township else "", needs_township=in_village)
    house = HOUSE.match(rest)
    return door(house, township[0] if township else "", needs_township=True) if house else ""


def door(found: re.Match[str], township: str, *, needs_township: bool) -> str:
    """Villages of one name stand in many townships: there the township belongs to the door."""
    if needs_township and not township:
        return ""
    return f"{township if needs_township else ''}{found['place']}{found['door']}"


def number(text: str) -> int:
    """A Chinese numeral up to 999: 十二 is 12, 二〇三 is 203."""
    if not re.search("[十百]", text):
        return int("".join(str(DIGITS[c]) for c in text))
    total = last = 0
    for c in text:
        if c in DIGITS:
            last = DIGITS[c]
        else:
            total += (last or 1) * (100 if c == "百" else 10)
            last = 0
    return total + last
