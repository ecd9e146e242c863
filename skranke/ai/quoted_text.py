"""Where a mail's own words end: what stands above a quotation, and below a farewell.

In the words of the mail programs in thirteen languages. Each is looked for in one line
at a time, whose length is bounded, since a pattern holds up the whole process while it
looks; docs/decisions/0012-ai.md on why this is no library's.
"""

import re
from collections.abc import Sequence

WROTE_LINE = re.compile(
    r"\b(wrote|skrev|kirjoitti|schrieb|schreef|a écrit|escribió|ha scritto"
    r"|napisał(\(a\)|a)?|escreveu)\b.*:$",
    re.IGNORECASE,
)
FROM_LINE = re.compile(
    r"\W{0,4}(from|fra|frå|från|lähettäjä|von|van|de|da|od)\W{0,3}:", re.IGNORECASE
)
OTHER_HEADER_LINE = re.compile(
    r"\W{0,4}(sent|date|to|cc|subject|sendt|dato|til|emne|skickat|datum|till|ämne"
    r"|kopia|lähetetty|päivämäärä|vastaanottaja|aihe|gesendet|an|betreff|verzonden|aan"
    r"|onderwerp|envoyé|à|objet|enviado( el)?|fecha|para|asunto|inviato|data|oggetto"
    r"|wysłano|do|temat|enviad[ao] em|assunto|kopi|reply-to)\W{0,3}:",
    re.IGNORECASE,
)
ORIGINAL_MESSAGE_LINE = re.compile(
    r"[-_ ]{2,}(original message|opprinnelig melding|opphavleg melding"
    r"|oprindelig meddelelse|ursprungligt meddelande|alkuperäinen viesti"
    r"|ursprüngliche nachricht|oorspronkelijk bericht|message d.origine"
    r"|mensaje original|messaggio originale|wiadomość oryginalna|mensagem original)",
    re.IGNORECASE,
)
FORWARDED_LINE = re.compile(
    r"\W{0,12}(begin forwarded message|forwarded message|videresendt"
    r"|vidaresend|vidarebefordrat|välitetty viesti|edelleenlähetetty|weitergeleitete"
    r"|doorgestuurd bericht|message transféré|mensaje reenviado|messaggio inoltrato"
    r"|przekazana wiadomość|mensagem encaminhada)",
    re.IGNORECASE,
)
FAREWELL_LINE = re.compile(
    r"((with )?(best|kind|warm|many)( regards| wishes|est regards)|kindest regards"
    r"|regards|yours (sincerely|faithfully)|cheers|(med )?(venn?lig|beste|vennleg) "
    r"h(ils|els)(en|ing)|med venlig hilsen|mvh|vh|hilsen|helsing|venlig hilsen"
    r"|(med )?(vänlig|vänliga|bästa) hälsning(ar)?|hälsningar"
    r"|ystävällisin terveisin|(parhain )?terveisin|yst\. terv\.|terv\."
    r"|mit freundlichen grüßen|(viele|beste|freundliche|liebe) grüße|mfg|lg"
    r"|met vriendelijke groet(en)?|(vriendelijke )?groet(en|jes)?|mvg"
    r"|(bien )?cordialement|bien à vous|salutations( distinguées)?|sincères salutations"
    r"|(un )?saludos?( cordiale?s?)?|un cordial saludo|atentamente"
    r"|cordiali saluti|distinti saluti|saluti"
    r"|(z )?pozdrawiam|pozdrowienia|z poważaniem|z wyrazami szacunku"
    r"|(com os melhores |melhores )?cumprimentos|atenciosamente|abraços?)"
    r"[ ,.!-]*$",
    re.IGNORECASE,
)
PHONE_SIGNATURE = re.compile(
    r"(sent from (my|outlook|mail)|get outlook for|sendt fra (min|mi|mit|outlook)"
    r"|skickat från (min|outlook)|lähetetty (\w+ )?(iphonesta|puhelimesta|laitteesta)"
    r"|von meinem .* gesendet|gesendet mit|verzonden vanaf|verstuurd vanaf"
    r"|envoyé (de|depuis) mon|enviado desde mi|inviato da|wysłane z|enviado do meu)",
    re.IGNORECASE,
)


def begins_quotation(lines: Sequence[str], place: int) -> bool:
    """Whether a quoted message starts here, by what mail programs put above one."""
    line = lines[place]
    if ORIGINAL_MESSAGE_LINE.match(line):
        return True
    if any(map(str.isdigit, line)):
        below = "".join(lines[place + 1 : place + 2])  # a long one goes on there
        goes_on = not any(map(str.isdigit, below)) and WROTE_LINE.search(below)
        return bool(WROTE_LINE.search(line) or goes_on) or is_head(lines, place)
    return is_head(lines, place)


def is_head(lines: Sequence[str], place: int) -> bool:
    """Whether sender and date of a mail stand here, one below the other."""
    below = lines[place + 1 : place + 4]
    return bool(FROM_LINE.match(lines[place])) and any(map(OTHER_HEADER_LINE.match, below))


def is_signature_start(line: str) -> bool:
    """Whether what follows is a signature: its rule, a farewell, or a phone's boast."""
    return bool(line.rstrip() == "--" or FAREWELL_LINE.match(line) or PHONE_SIGNATURE.match(line))
