"""Plain text parts as people read them: RFC 3676 lines joined, calendars summed up."""

import re

QUOTES = re.compile(r"(>*)[ ]?")
CALENDAR_FOLD = re.compile(r"\r?\n[ \t]")
CALENDAR_LINE = re.compile(r"^([A-Z-]+)((?:;[^:\r\n]*)?):(.*)$", re.MULTILINE)
PARTICIPATION = re.compile(r"PARTSTAT=([A-Z-]+)", re.IGNORECASE)
ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentatively accepted"}


def normalise_lines(text: str) -> str:
    """Text whose lines end in LF, whatever they ended in."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unflow(text: str, *, delete_space: bool) -> str:
    """Text of format=flowed with its soft line breaks taken out.

    Source: RFC 3676, section 4. `delete_space` is its DelSp=yes.
    """
    paragraphs: list[tuple[int, list[str]]] = []
    is_open = False
    for line in text.split("\n"):
        depth, rest = _quoted(line)
        is_flowed = rest.endswith(" ") and rest != "-- "
        bare = rest[:-1] if is_flowed and delete_space else rest
        if is_open and paragraphs[-1][0] == depth and rest != "-- ":
            paragraphs[-1][1].append(bare)
        else:
            paragraphs.append((depth, [bare]))
        is_open = is_flowed
    return "\n".join(
        ">" * depth + (" " if depth else "") + "".join(pieces) for depth, pieces in paragraphs
    )


def _quoted(line: str) -> tuple[int, str]:
    found = QUOTES.match(line)
    assert found  # it matches nothing at least
    return len(found[1]), line[found.end() :]


def calendar_summary(text: str) -> str:
    """What an invitation or an answer to one says, on one line: `accepted: Board meeting`."""
    lines = CALENDAR_FOLD.sub("", text)
    method = summary = answer = ""
    for name, parameters, value in CALENDAR_LINE.findall(lines[: 256 * 1024]):
        if name == "METHOD":
            method = value.strip().upper()
        elif name == "SUMMARY":
            summary = summary or re.sub(r"\\(.)", r"\1", value.strip())
        elif name == "ATTENDEE" and (found := PARTICIPATION.search(parameters)):
            answer = answer or ANSWERS.get(found[1].upper(), "")
    kinds = {"REPLY": answer or "answered", "CANCEL": "cancelled"}
    return f"{kinds.get(method, 'invitation')}: {summary or 'no subject'}"
