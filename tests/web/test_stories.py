"""What an agent does all day, in a real browser against a served desk with a mail server."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import ServedDesk, Visitor

pytestmark = pytest.mark.xdist_group("web")


def test_an_answer_by_keys_is_called_back_and_then_reaches_the_customer(
    desk: ServedDesk, visit: Visitor
) -> None:
    ticket_id = desk.make_ticket("The pump is cold", "Nothing <b>warm</b> since Sunday.")
    page = visit("anna", f"/ticket/{ticket_id}")
    expect(page.locator("h1")).to_have_text("The pump is cold")
    expect(page.locator(".msg.newest .mail")).to_contain_text("Nothing <b>warm</b> since Sunday.")
    page.wait_for_selector("#composer[data-ready]")
    page.keyboard.press("r")
    page.keyboard.type("Hello Kari, please press the red button.")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator(".sending")).to_be_visible()
    page.click("#toasts >> text=Undo")
    expect(page.locator("#rich")).to_contain_text("please press the red button")
    assert desk.ticket(ticket_id)["NumMessages"] == 1
    page.focus("#rich")
    page.keyboard.press("Control+Shift+Enter")
    mail = desk.mail.wait_for("The pump is cold")
    assert "kari@fjord.example" in str(mail["To"])
    assert "please press the red button" in str(mail.get_body(("plain",)))
    expect(page.locator(".msg .mail").last).to_contain_text("please press the red button")
    expect(page.locator("#ticket-header")).to_contain_text("Closed")
    ticket = desk.ticket(ticket_id)
    assert ticket["BaseStatus"] == "Closed"
    assert ticket["RepliedAt"] > ticket["CreatedAt"][:4]


def test_a_draft_outlives_its_browser(desk: ServedDesk, visit: Visitor) -> None:
    ticket_id = desk.make_ticket("A draft to be kept")
    page = visit("anna", f"/ticket/{ticket_id}")
    page.wait_for_selector("#composer[data-ready]")
    page.set_input_files(
        "#attach", {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"a plan"}
    )
    expect(page.locator("#draft-files")).to_contain_text("plan.txt")
    page.click("#rich")
    page.keyboard.type("Half a sentence that")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    page.context.close()
    other = visit("anna", f"/ticket/{ticket_id}", viewport={"width": 1280, "height": 800})
    other.wait_for_selector("#composer[data-ready]")
    expect(other.locator("#rich")).to_contain_text("Half a sentence that")
    expect(other.locator("#draft-files")).to_contain_text("plan.txt")
    colleague = visit("bo", f"/ticket/{ticket_id}")
    colleague.wait_for_selector("#composer[data-ready]")
    expect(colleague.locator("#rich")).not_to_contain_text("Half a sentence")


def test_reading_a_ticket_begins_no_draft(desk: ServedDesk, visit: Visitor) -> None:
    ticket_id = desk.make_ticket("Only read")
    page = visit("anna", f"/ticket/{ticket_id}")
    page.wait_for_selector("#composer[data-ready]")
    with page.expect_request(lambda request: request.url.endswith("/present"), timeout=60_000):
        pass  # some twenty seconds: long after a draft would have been saved
    page.goto("/tickets/1")
    assert desk.call(f"Ticket/{ticket_id}/Draft", user="anna") == []


def test_a_killed_server_loses_nothing_and_the_page_goes_on(
    desk: ServedDesk, visit: Visitor
) -> None:
    ticket_id = desk.make_ticket("The server dies")
    page = visit("anna", f"/ticket/{ticket_id}")
    page.wait_for_selector("#composer[data-ready]")
    page.click("#rich")
    page.keyboard.type("Before the fall. ")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    desk.stop(kill=True)
    page.keyboard.type("And after it.")
    expect(page.locator("#saved")).to_contain_text("Kept in this browser")
    desk.start()
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    [draft] = desk.call(f"Ticket/{ticket_id}/Draft", user="anna")
    assert "Before the fall. And after it." in draft["HtmlBody"]
    expect(page.locator("#offline")).to_be_hidden()
    page.focus("#rich")
    page.keyboard.press("Control+Enter")
    assert "And after it." in str(desk.mail.wait_for("The server dies").get_body(("plain",)))


def test_a_merged_tickets_draft_moves_along(desk: ServedDesk, visit: Visitor) -> None:
    stays, goes = desk.make_ticket("It stays"), desk.make_ticket("It goes")
    page = visit("anna", f"/ticket/{goes}")
    page.wait_for_selector("#composer[data-ready]")
    page.click("#rich")
    page.keyboard.type("Carried over")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    page.goto(f"/ticket/{goes}/merge")
    page.fill("#into", str(stays))
    page.click("form.block button[class*=primary]")
    page.wait_for_url(f"**/ticket/{stays}")
    page.wait_for_selector("#composer[data-ready]")
    expect(page.locator("#rich")).to_have_text("Carried over")


def test_two_on_one_ticket_see_each_other_and_no_draft_is_touched(
    desk: ServedDesk, visit: Visitor
) -> None:
    ticket_id = desk.make_ticket("Two at once")
    page = visit("anna", f"/ticket/{ticket_id}")
    page.wait_for_selector("#composer[data-ready]")
    page.click("#rich")
    page.keyboard.type("I am writing this")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    other = visit("bo", f"/ticket/{ticket_id}")
    expect(other.locator("#present")).to_contain_text("Anna Agent is writing")
    expect(page.locator("#present")).to_contain_text("Bo Berg is looking")
    desk.say(ticket_id, "One more thing: it smells.")
    expect(page.locator(".msg .mail").last).to_contain_text("it smells")
    expect(page.locator("#newer")).to_be_visible()
    expect(page.locator("#rich")).to_have_text("I am writing this")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#send")).to_contain_text("Send anyway")
    expect(page.locator(".sending")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".sending")).to_be_visible()


def test_many_are_closed_at_once_and_brought_back(desk: ServedDesk, visit: Visitor) -> None:
    ids = [desk.make_ticket(f"One of many, {n}") for n in range(6)]
    page = visit("anna", "/tickets/1")
    for ticket_id in ids:
        page.check(f"input[name=ticket][value='{ticket_id}']", force=True)
    expect(page.locator("#bulk-count")).to_have_text(re.compile("^6 "))
    page.locator("body").press("e")
    expect(page.locator(f"#row-{ids[0]}")).to_have_count(0)
    assert {desk.ticket(i)["BaseStatus"] for i in ids} == {"Closed"}
    page.click("#toasts >> text=Undo")
    expect(page.locator("#toasts")).to_contain_text("Undone")
    expect(page.locator(f"#row-{ids[-1]}")).to_be_visible()
    assert {desk.ticket(i)["BaseStatus"] for i in ids} == {"Active"}


def test_a_property_changes_in_place_and_a_colleague_sees_it(
    desk: ServedDesk, visit: Visitor
) -> None:
    ticket_id = desk.make_ticket("Whose is it?")
    other = visit("bo", f"/ticket/{ticket_id}")
    page = visit("anna", f"/ticket/{ticket_id}")
    page.locator("body").press("w")
    page.click("#ticket-header .menu[open] >> text=Bo Berg")
    expect(page.locator("#ticket-header .props")).to_contain_text("Bo Berg")
    expect(other.locator("#ticket-header .props")).to_contain_text("Bo Berg")
    page.click("#toasts >> text=Undo")
    expect(page.locator("#ticket-header .props")).to_contain_text("Anna Agent")
    page.locator("body").press("w")
    page.click("#ticket-header .menu[open] >> text=Nobody")
    expect(page.locator("#ticket-header .props")).to_contain_text("Nobody")


def test_without_scripts_one_reads_answers_and_closes(desk: ServedDesk, visit: Visitor) -> None:
    ticket_id = desk.make_ticket("No scripts here")
    visit("anna")  # signs in where scripts run
    context = visit.browser.new_context(base_url=desk.url, java_script_enabled=False)
    visit.contexts.append(context)
    context.add_cookies(desk.cookies["anna"])
    page = context.new_page()
    page.goto("/tickets/1")
    page.click("text=No scripts here")
    expect(page.locator(".msg .mail").last).to_contain_text("It is cold.")
    page.fill("#editor", "Plain and simple.")
    page.click("#send-close")
    expect(page.locator(".sending")).to_be_visible()
    mail = desk.mail.wait_for("No scripts here")
    assert "Plain and simple." in str(mail.get_body(("plain",)))
    assert desk.ticket(ticket_id)["BaseStatus"] == "Closed"


def test_a_reader_is_offered_nothing_that_would_fail(desk: ServedDesk, visit: Visitor) -> None:
    ticket_id = desk.make_ticket("Only to be read")
    page = visit("rita", f"/ticket/{ticket_id}")
    expect(page.locator("h1")).to_have_text("Only to be read")
    expect(
        page.locator("#composer, .menu .panel button[name=value], input[type=checkbox]")
    ).to_have_count(0)
    expect(page.locator("[data-key=q], [data-key=c]")).to_have_count(0)


def test_a_stranger_finds_a_closed_category_nowhere(desk: ServedDesk, visit: Visitor) -> None:
    ticket_id = desk.make_ticket("Zebra payroll secret", Category={"TicketCategoryId": 2})
    own = visit("anna", f"/ticket/{ticket_id}")
    expect(own.locator("h1")).to_have_text("Zebra payroll secret")
    page = visit("sten", "/search?q=zebra")
    visit.faults.clear()
    for path in (f"/palette?q={ticket_id}", "/palette?q=zebra", "/search?q=zebra", "/tickets/3"):
        answer = page.request.get(path)
        assert answer.ok
        assert "payroll secret" not in answer.text()
    assert page.request.get(f"/ticket/{ticket_id}").status == 404
    assert page.request.get(f"/ticket/{ticket_id}/thread").status == 404
    assert ticket_id not in page.request.get("/live/since?after=1").json()["tickets"]


def test_on_a_phone_one_answers_with_a_photo(desk: ServedDesk, visit: Visitor) -> None:
    ticket_id = desk.make_ticket("From a phone")
    page = visit(
        "anna", "/tickets/1", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page.tap("text=From a phone")
    page.wait_for_selector("#composer[data-ready]")
    photo = b"\x89PNG\r\n\x1a\n" + b"0" * 99
    page.set_input_files("#attach", {"name": "unit.png", "mimeType": "image/png", "buffer": photo})
    expect(page.locator("#draft-files")).to_contain_text("unit.png")
    page.tap("#rich")
    page.keyboard.type("See the photo.")
    page.tap("#send")
    mail = desk.mail.wait_for("From a phone")
    assert [part.get_filename() for part in mail.iter_attachments()] == ["unit.png"]
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert desk.ticket(ticket_id)["NumMessages"] == 2


def test_two_readers_see_one_ticket_in_their_own_words_and_times(
    desk: ServedDesk, visit: Visitor
) -> None:
    ticket_id = desk.make_ticket("In two languages")
    oslo = visit("anna", f"/ticket/{ticket_id}", locale="nb-NO", timezone_id="Europe/Oslo")
    york = visit("bo", f"/ticket/{ticket_id}", locale="en-US", timezone_id="America/New_York")
    oslo.reload()  # the zone is known from the second page on
    york.reload()
    expect(oslo.locator("#side")).to_contain_text("Opprettet")
    expect(york.locator("#side")).to_contain_text("Created")
    exact = "#side time >> nth=-1"
    there, here = (page.get_attribute(exact, "title") or "" for page in (oslo, york))
    assert there != here
    assert there.split(",")[1] != here.split(",")[1]
    instants = {page.get_attribute(exact, "datetime") for page in (oslo, york)}
    assert len(instants) == 1


def test_everything_is_reached_by_keys(desk: ServedDesk, visit: Visitor) -> None:
    first, second = desk.make_ticket("Keys, the first"), desk.make_ticket("Keys, the second")
    page = visit("anna", "/tickets/1")
    page.keyboard.press("?")
    expect(page.locator("#keys[open] kbd").first).to_have_text("j")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type(str(second))
    expect(page.locator("#palette-hits [aria-selected=true]")).to_contain_text("Keys, the second")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/ticket/{second}")
    page.wait_for_selector("#composer[data-ready]")
    page.locator("body").press("b")
    expect(page.locator("#ticket-header .pill")).to_contain_text("Postponed")
    page.keyboard.press("z")
    expect(page.locator("#ticket-header .props")).to_contain_text("Open")
    page.goto("/tickets/1")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.focus(f"#row-{first} a")
    page.keyboard.press("x")
    expect(page.locator("#bulk-count")).to_have_text("1 selected")
    page.goto("/settings")
    page.go_back()
    expect(page.locator(f"#row-{first} input")).to_be_checked()
