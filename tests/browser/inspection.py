"""What must hold of every page: measured in the browser (look.md 13 of the design)."""

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe().axe_script
RUN_AXE = "options => axe.run(options).then(results => results.violations)"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A colour that is on its way to another one is neither.
SETTLED = "Promise.allSettled(document.getAnimations().map(each => each.finished)).then(() => {})"
SMALLEST_TARGET = 24  # CSS pixels
THINNEST_RING = 3

# Controls, block links, and telephone numbers in a row of their own; a link within a sentence may
# be as low as its line (WCAG 2.5.8).
SMALL_TARGETS = """
smallest => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter(e => e.checkVisibility({visibilityProperty: true}))
  .filter(e => getComputedStyle(e).display !== "inline" || e.matches(":is(dd, td) a[href^='tel:']"))
  .filter(e => !e.matches(".skip, .vh, [type=hidden]"))
  .map(e => {
    // A checkbox or a radio button may be pressed on its label.
    const box = (["checkbox", "radio"].includes(e.type) && e.closest("label") || e).getBoundingClientRect();
    return [e, box.width, box.height];
  })
  .filter(([, width, height]) => width > 0 && (width < smallest || height < smallest))
  .map(([e, width, height]) => `${e.outerHTML.slice(0, 80)} ${width}×${height}`)
"""
# Text that does not fit where it stands and is cut off there; what is one pixel wide is for
# the ear.
CUT_TEXT = """
() => [...document.querySelectorAll("body *")]
  .filter(e => e.clientWidth > 1 && !e.closest("svg") && e.checkVisibility())
  .filter(e => ["hidden", "clip"].includes(getComputedStyle(e).overflowX))
  .filter(e => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
  .map(e => e.outerHTML.slice(0, 80))
"""
RING = """
() => {
  const e = document.activeElement, style = getComputedStyle(e);
  const width = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  return {tag: e.tagName, html: e.outerHTML.slice(0, 80), width};
}
"""


def violations(page: Page, rules: Sequence[str] = (*WCAG, "best-practice")) -> list[str]:
    """What axe-core finds: by default WCAG A to 2.2 AA and its own best practices."""
    page.wait_for_load_state()  # a click returns when the next page begins, not when it is there
    page.evaluate(SETTLED)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(RUN_AXE, {"runOnly": list(rules), "resultTypes": ["violations"]})
    return [
        f"{page.url}: {rule['id']} {node['html'][:120]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def small_targets(page: Page) -> list[str]:
    return list(page.evaluate(SMALL_TARGETS, SMALLEST_TARGET))


def cut_text(page: Page) -> list[str]:
    return list(page.evaluate(CUT_TEXT))


def stops_without_ring(page: Page, most: int = 60) -> list[str]:
    """The tab stops, up to ``most``, that show no focus ring of at least three pixels."""
    without = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(RING)
        if stop["tag"] == "BODY":
            break
        if stop["width"] < THINNEST_RING:
            without.append(f"{page.url}: {stop['html']} {stop['width']}px")
    return without
