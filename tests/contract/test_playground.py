"""``/playground``: how the page and its files are handed out."""

import re
from pathlib import Path

import httpx
import pytest

import cartesia_server
from cartesia_server.embedded import embedded
from cartesia_server.settings import Settings
from tests.contract.scripted import scripted_engines

FOLDER = Path(cartesia_server.__file__).parent / "playground"
FILES = sorted(path.name for path in FOLDER.iterdir())
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_served_as_what_it_is(http, name):
    answer = http.get(f"/playground/{name}")
    assert answer.content == (FOLDER / name).read_bytes()
    kinds = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg"}
    assert answer.headers["content-type"].startswith(kinds[name.rsplit(".", 1)[1]])
    assert answer.headers["x-content-type-options"] == "nosniff"
    head = http.head(f"/playground/{name}")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(answer.content))


def test_the_page_is_at_the_folder_and_its_name_leads_there(http):
    page = http.get("/playground/")
    assert page.text.startswith("<!doctype html>")
    leads = http.get("/playground")
    assert leads.is_redirect
    assert leads.headers["location"] == "playground/"  # relative: a proxy may serve it elsewhere


def test_the_page_allows_nothing_from_elsewhere_and_nothing_inline(http):
    policy = dict(
        rule.split(" ", 1)
        for rule in http.get("/playground/").headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["form-action"] == "'none'"
    assert not [rule for rule in policy.values() if "unsafe" in rule or "*" in rule]


def test_files_refer_to_each_other_alone():
    for name in FILES:
        text = (FOLDER / name).read_text(encoding="utf-8")
        wanted = re.findall(r'(?:from "\./|addModule\("|<.* (?:src|href)=")([^"#]+)"', text)
        assert set(wanted) <= set(FILES), name
        outside = [url for url in re.findall(r"https?://[\w.]+", text) if "www.w3.org" not in url]
        assert outside == [], name
        assert len(text.splitlines()) < 500, name


def test_a_file_that_the_browser_has_is_not_sent_again(http):
    first = http.get("/playground/app.js")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        again = http.get("/playground/app.js", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["content-security-policy"]
    assert http.get("/playground/app.js", headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "nothing.js",
        "../auth.py",
        "..%2fauth.py",
        "%2e%2e/auth.py",
        "..%5cauth.py",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "app.js%00",
        "",
    ],
)
def test_there_are_no_other_files(server, path):
    with httpx.Client() as client:
        address = httpx.URL(server).copy_with(raw_path=f"/playground/{path}".encode())
        answer = client.send(client.build_request("GET", address))
    assert answer.status_code == (404 if path else 200)
    assert "import" not in answer.text
    assert "root:" not in answer.text


def test_only_a_browser_is_led_to_the_page(http):
    for accept in ("*/*", "application/json", ""):
        answer = http.get("/", headers={"Accept": accept})
        assert answer.json()["ok"] is True
        assert "Accept" in answer.headers["vary"]
    led = http.get("/", headers=BROWSER)
    assert led.is_redirect
    assert led.headers["location"] == "playground/"
    assert "Accept" in led.headers["vary"]
    assert http.post("/playground/").status_code == 405


def test_it_can_be_turned_off(tmp_path):
    settings = Settings(threads=1, data_dir=tmp_path, playground=False)
    with (
        embedded(settings, engines=scripted_engines()) as url,
        httpx.Client(base_url=url) as http,
    ):
        for path in ("/playground", "/playground/", "/playground/app.js"):
            assert http.get(path).status_code == 404
        assert http.get("/", headers=BROWSER).json()["ok"] is True


def test_where_a_key_is_needed_the_page_is_public_and_the_api_is_not(tmp_path):
    settings = Settings(threads=1, data_dir=tmp_path, api_keys=("sk_one",))
    with (
        embedded(settings, engines=scripted_engines()) as url,
        httpx.Client(base_url=url) as http,
    ):
        for path in ("/playground/", "/playground/app.js"):
            assert http.get(path).status_code == 200
        for path in ("/voices", "/playgrounds", "/playground/../voices"):
            assert http.get(path).status_code == 401


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_what_is_written_can_be_read(scheme):
    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    roots = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", roots[scheme]))
    for text in ("ink", "quiet", "problem", "accent"):
        for ground in ("paper", "card"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert contrast(colours["ink"], colours["mark"]) >= 4.5
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    assert contrast(colours["on-accent"], colours["accent-strong"]) >= 4.5
    # Edges that tell where a field is.
    assert contrast(colours["field-line"], colours["card"]) >= 3
    assert contrast(colours["field-line"], colours["paper"]) >= 3
