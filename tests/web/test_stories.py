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
