"""Code lists (代码表): the closed answers that fields, figures and rules use, with labels and sources.

>>> from anjia.law import codes
>>> codes.book()["relation"].label("spouse", "zh")
'配偶'
"""

from anjia.law.codes.book import Code, CodeBook, CodeList, book, check, load
from anjia.law.codes.reading import Finding, LawFileError

__all__ = ["Code", "CodeBook", "CodeList", "Finding", "LawFileError", "book", "check", "load"]
