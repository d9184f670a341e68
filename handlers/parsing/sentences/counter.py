"""Sentences of a lender at the counter: `give Kari a rope until sunday`, `Ola is back with the stove`.

They tell a form from others, not yet a member from a thing: whoever looks them up knows which are there.
"""

import re
from dataclasses import dataclass

from handlers.parsing.date_vocabulary import NUMBERS, any_of
from handlers.parsing.sentences import courtesy


@dataclass(frozen=True)
class Handing:
    """A hand-over as it was said: `what` to or from `who`, or `both`, where only names tell them apart.

    `gives`: it begins with `give` or the like, which nobody says of anything else.
    """

    is_back: bool
    what: str = ""
    who: str = ""
    both: str = ""
    gives: bool = False


_GIVE = (
    r"(?:(?:please|pls|plz|can you|could you|can we|i(?:[’']ll| will| want to|[’']m going to)|kan du|kan vi)"
    r" )?(?:give|giving|hand(?:ing)?(?: out)?|lend(?:ing)?(?: out)?|loan|issue|check out|gi|gir"
    r"|lån(?:er)? ut"
    r"|lei(?:er)? ut|lever(?:er)? ut|gib|verleihe?)(?! (?:back|tilbake|zurück)\b)"
)
_WHO = r"(?P<who>[^\W\d][^\d,;]*?)"
_WHAT = r"(?P<what>.+)"
_SAID = r"(?!(?:is|are|er|ist|has|have|har|when|når) )(?P<what>.+?)"
_IS = r"(?:is|are|er|ist|sind)"
_BACK = r"(?:back|tilbake|inn|returned|levert(?: (?:tilbake|inn))?|innlevert|zurück|in again)"
_HAS = r"(?:is |has |have )?"
_BROUGHT = rf"{_HAS}(?:brought|brings|bringing|gave|gives|giving|handed|handing)"
_TAKE_BACK = (
    r"(?:(?:i |we |jeg |vi )?(?:(?:tak(?:e|ing)|took) back|(?:received|got)(?= .* from ))"
    r"|(?:tar?|tok) (?:imot|i mot|tilbake)|(?:check|book)(?:ed|ing)? in|sjekk(?:er)? inn)"
)
_GOT = (
    r"(?:(?:i |we |jeg |vi )?(?:have |har )?(?:got|received|return|returned|collected|fikk|fått|mottok"
    r"|mottatt"
    r"|mottar|tok imot|tatt imot|lever|innlevert))"
)
_GETS = (
    r"(?:(?:wants?|needs|would like|is here) to (?:borrow|have|get|rent|take|pick up|collect|fetch)"
    r"|gets|got|takes|took|has taken|is taking|borrows|borrowed|får|fikk|tar|tok|har tatt|låner|lånte"
    r"|wants|needs|would like|is here for|is (?:borrowing|getting|having|taking|picking up"
    r"|collecting|fetching)|(?:has )?picked up|picks up|collect(?:ed|s)|fetches"
    r"|er her for å (?:hente|låne)|(?:skal|vil|må) (?:ha|låne|få|hente)|trenger|treng|ønsker|henter"
    r"|(?:har )?hentet"
    r"|bekommt|nimmt|braucht|möchte)"
)
_FORMS = tuple(
    (is_back, re.compile(form, re.IGNORECASE))
    for is_back, form in (
        (True, rf"{_WHAT} (?:from|fra|frå|von) {_WHO} (?:{_IS} )?{_BACK}"),
        (
            True,
            rf"{_WHO} (?:{_IS} |came |comes |kom |kommer )?(?:back|in|tilbake|inn|zurück) (?:with|med"
            rf"|mit) {_WHAT}",
        ),
        (True, rf"{_WHAT} (?:came |kom )?(?:back|tilbake|inn|in) (?:from|fra|frå|von) {_WHO}"),
        (True, rf"{_GOT} {_SAID}(?: back| tilbake| inn)? (?:from|fra|frå|von) {_WHO}"),
        (True, rf"{_WHO} {_BROUGHT} back {_WHAT}"),
        (True, rf"{_WHO} {_BROUGHT} {_WHAT} back"),
        (True, rf"{_WHO} (?:is |has |have )?return(?:ed|s|ing) {_WHAT}"),
        (True, rf"{_WHO} (?:har levert|leverte|leverer)(?: (?:tilbake|inn))? {_WHAT}"),
        (True, rf"{_WHO} {_HAS}(?:handed|gave|sent|brought) (?:in|back) {_WHAT}"),
        (True, rf"{_WHO} {_HAS}(?:delivered|delivers|dropped off) {_WHAT}"),
        (True, rf"{_WHO} (?:kom|kommer|har kommet)(?: tilbake)? med {_WHAT}"),
        (True, rf"{_WHO} (?:bringt|brachte|hat) {_WHAT} (?:zurück|zurückgebracht)"),
        (True, rf"{_WHO} {_HAS}(?:brought|brings) {_WHAT}"),
        (True, rf"{_TAKE_BACK} {_WHAT} (?:from|fra|frå|von) {_WHO}"),
        (True, rf"{_TAKE_BACK} {_WHAT}"),
        (True, rf"{_WHO}(?:[’']s|s[’']?| sitt| sin| si| sine) {_WHAT} {_IS} {_BACK}"),
        (True, rf"{_SAID} {_IS} {_BACK}"),
        (
            True,
            rf"{_SAID} (?:(?:has|have) (?:been )?(?:returned|come back|brought back|handed in)|(?:came"
            rf"|come|comes) (?:back|in)"
            r"|(?:er |har )?(?:kommet|kom|kommer|blitt levert|ble levert|levert|innlevert)(?: (?:tilbake"
            r"|inn))?"
            r"|back|returned|tilbake)",
        ),
        (False, rf"{_GIVE} {_WHAT} (?:to|til|an) {_WHO}"),
        (False, rf"{_GIVE} (?P<both>.+)"),
        (False, rf"lån {_WHAT} til {_WHO}"),
        (False, r"lån (?P<both>.+)"),
        (False, rf"{_WHO} {_GETS} {_WHAT}"),
    )
)
_FOR = re.compile(rf"{_WHAT} (?:for|til|für|an) {_WHO}", re.IGNORECASE)
_BEGINS = re.compile(rf"{_GIVE}\b", re.IGNORECASE)
_ARTICLE = re.compile(
    r"(?:(?:the|a|an|one|his|her|their|my|our|this|that|these|those|some|all|et|en|ei|det|den|de|der|die|das"
    r"|ein|eine|einen) )+",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?P<before>.+?)[, ]+(?:(?:until|till|(?:fr[ae]m )?til(?: og med)?|bis|by|due|back by|to"
    rf"|(?:for|i)(?= (?:\d|{any_of(NUMBERS)})\b)) "
    r"|(?=ut (?:uka|uken|veka)))(?P<when>\S.*)",
    re.IGNORECASE,
)
_NO_END = re.compile(
    r"(?P<before>.+?)[, ]+(?:(?:until|till|til|inntil|for) (?:further notice|videre|vidare)|bis auf weiteres"
    r"|indefinitely|på ubestemt tid)",
    re.IGNORECASE,
)
_MORE = re.compile(r"[,;.](?= )| (?:but|with|and|men|med|og|aber|mit|und) ", re.IGNORECASE)

PRONOUNS = {
    *("i", "we", "he", "she", "they", "it", "you", "me", "us", "him", "her", "them", "who", "everybody"),
    *("jeg", "eg", "vi", "me", "han", "hun", "ho", "de", "du", "meg", "oss", "ham", "henne", "dem", "hvem"),
    *("ich", "wir", "er", "sie", "mir", "uns", "ihm", "ihr", "ihnen", "wer"),
}
"""Words in the place of a name that are none."""


def handings(text: str, *, is_lent: bool = False) -> list[Handing]:
    """Return all ways to read the text as a hand-over, the likeliest first; none without such a form.

    `is_lent`: a last day was said, without which nobody means a hand-over by `a rope for Kari`.
    """
    plain = courtesy.plainly(text)
    found = []
    for is_back, form in _FORMS:
        if match := form.fullmatch(plain):
            said = match.groupdict()
            what = without_article(said.get("what") or "")
            gives = _BEGINS.match(plain) is not None
            found.append(Handing(is_back, what, said.get("who") or "", said.get("both") or "", gives))
    if is_lent and (match := _FOR.fullmatch(plain)):
        found.append(Handing(is_back=False, what=without_article(match["what"]), who=match["who"]))
    return found


def without_article(words: str) -> str:
    """Return `rope` of `the rope`."""
    return _ARTICLE.sub("", words, count=1) if _ARTICLE.match(words) else words


def untils(text: str) -> list[tuple[str, str]]:
    """Return the splits of a text into what is before and after `until` or the like, the latest first."""
    found, begin = [], 0
    while match := _UNTIL.fullmatch(text, begin):
        found.append((text[: match.end("before")], match["when"]))
        begin = match.start("when")
    return found[::-1]


def without_end(text: str) -> str:
    """Return what is before `until further notice` at the end of a text; empty without that."""
    match = _NO_END.fullmatch(text)
    return match["before"] if match else ""


def beginnings(text: str) -> list[str]:
    """Return what is before each comma or `but`, the longest first: `the tent is back, a pole is broken`."""
    return [text[: match.start()] for match in _MORE.finditer(text)][::-1]


def named_before_article(words: str) -> tuple[str, str]:
    """Divide `Per Hansen a rope` into the name and the thing; both empty without an article between them."""
    tokens = words.split()
    for count in range(1, len(tokens) - 1):
        if _ARTICLE.match(f"{tokens[count]} "):
            return " ".join(tokens[:count]), " ".join(tokens[count:])
    return "", ""
