"""Photograph the pages of the demo desk: `make screenshots` writes docs/screenshots.

Needs Chromium at /usr/bin/chromium, or where SKRANKE_CHROMIUM says.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
from playwright.sync_api import Browser, ViewportSize, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs/screenshots"
CHROMIUM = os.environ.get("SKRANKE_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAGES = {
    "list": "/tickets/1",
    "ticket": "/ticket/462?view=1",
    "dashboard": "/dashboard",
    "why": "/ticket/462/why",
    "priority": "/settings/priorities/3",
    "person": "/person/75",
    "search": "/search?q=heat",
}
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}


def photograph(browser: Browser, url: str, name: str, size: ViewportSize, *, dark: bool) -> None:
    """Every page in one size and one scheme of colours."""
    context = browser.new_context(
        base_url=url,
        viewport=size,
        color_scheme="dark" if dark else "light",
        locale="en-GB",
        timezone_id="Europe/Oslo",
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.screenshot(path=FOLDER / f"sign-in-{name}.png")
    page.fill("#user", "tje0")
    page.fill("#password", "Tje0")
    page.click("button.primary")
    for title, address in PAGES.items():
        page.goto(address)
        page.wait_for_selector("html[data-ready]", state="attached")
        if title == "ticket":
            page.wait_for_selector("#composer[data-ready]")
        page.screenshot(path=FOLDER / f"{title}-{name}.png")
    context.close()


def main() -> int:
    """Serve the demo desk, and photograph it in light, dark and on a phone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        command = [sys.executable, "-m", "skranke", "serve", "--demo", "--emulator", "--port", "0"]
        environment = {**os.environ, "SKRANKE_TIMEZONE": "Europe/Oslo"}
        with subprocess.Popen(
            [*command, "--data", data], stdout=subprocess.PIPE, text=True, env=environment
        ) as server:
            assert server.stdout
            try:
                url = server.stdout.readline().rpartition(" ")[2].strip()
                httpx.get(f"{url}/sign-in").raise_for_status()
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                    photograph(browser, url, "light", WIDE, dark=False)
                    photograph(browser, url, "dark", WIDE, dark=True)
                    photograph(browser, url, "phone", NARROW, dark=False)
                    browser.close()
            finally:
                server.terminate()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures are in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
