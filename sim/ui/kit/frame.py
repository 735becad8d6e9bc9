"""The frame of the page: top bar with views, language and colours; the side panel; panels and grids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import reacton.ipyvuetify as rv
import solara

from sim.ui.kit.part import part

Event = Callable[[Any], Any] | None


@part("frame.vue")
def TopBar(
    *,
    title: str = "",  # the product's name
    subtitle: str = "",  # the scenario's title, next to it
    document_title: str = "",  # of the browser's tab
    language: str = "id",  # also <html lang>
    languages: Sequence[Sequence[str]] = (),  # [["id", "Bahasa Indonesia"], ["en", "English"]]
    views: Sequence[Mapping[str, str]] = (),  # [{"id", "label", "icon"}]; icon is a name of assets/kit-icons.js
    view: str = "",  # id of the view shown
    changes: int = 0,  # levers and shocks that differ, shown on the phone's button
    running: Mapping[str, Any] = {},  # {"text": "Running 20 seeds", "share": 0.4, "cancel": True}, or {}
    announce: str = "",  # read out to those who do not see the page, when it changes
    query: str = "",  # the address after "?", written into the browser's address line
    push: int = 0,  # raise it to make the next query a new step of the back button; else it replaces
    copy_request: int = 0,  # raise it to copy the address to the clipboard
    side: bool = True,  # whether the view has a side panel (a button opens it on the phone)
    words: Mapping[str, str] = {},
    event_view: Event = None,  # id
    event_language: Event = None,  # code
    event_cancel: Event = None,  # None
    event_ready: Event = None,  # {"width": 390, "language": "id-ID", "origin": "http://127.0.0.1:8765"}, once
    event_address: Event = None,  # what stands after "?" when the back or forward button was used, with the "?"
    event_copied: Event = None,  # True when the address was copied, False when the browser refused
) -> None:
    """The sticky head of the page: also keeps the address line, the language of the document and what is announced."""


@solara.component
def Page(
    bar: solara.Element,
    main: Sequence[solara.Element] = (),
    side: Sequence[solara.Element] = (),
    side_label: str = "",
) -> None:
    """The whole page: the top bar, the panel at the side (a sheet from below on the phone), and the content."""
    content = rv.Html(tag="main", class_="bdg-main", attributes={"id": "main", "tabindex": "-1"}, children=list(main))
    parts = [content]
    if side:
        named = {"id": "side", "aria-label": side_label, "tabindex": "-1"}
        parts.insert(0, rv.Html(tag="aside", class_="bdg-side", attributes=named, children=list(side)))
    body = rv.Html(tag="div", class_="bdg-body" if side else "bdg-body bdg-alone", children=parts)
    rv.Html(tag="div", class_="bdg", children=[bar, body])


@solara.component
def Shown(name: str, children: Sequence[solara.Element] = ()) -> None:
    """One view, under its name (`data-shown`, by which tests see that it has come)."""
    rv.Html(tag="div", class_="bdg-view", attributes={"data-shown": name}, children=list(children))


@solara.component
def Panel(
    title: str, children: Sequence[solara.Element] = (), lead: str = "", wide: bool = False, level: int = 2
) -> None:
    """A framed part of a view with a heading. `lead`: one line under it. `wide`: takes the whole row of a grid."""
    head = [rv.Html(tag=f"h{level}", class_="bdg-h", children=[title])] if title else []
    note = [rv.Html(tag="p", class_="bdg-lead", children=[lead])] if lead else []
    rv.Html(tag="section", class_="bdg-panel bdg-wide" if wide else "bdg-panel", children=[*head, *note, *children])


@solara.component
def Grid(children: Sequence[solara.Element] = (), least: int = 420, split: bool = False) -> None:
    """Parts side by side as far as each gets `least` pixels. split: two parts, the first the larger."""
    rv.Html(
        tag="div",
        class_="bdg-grid bdg-split" if split else "bdg-grid",
        style_=f"--least: {least}px",
        children=list(children),
    )


@solara.component
def Words(text: str, kind: str = "") -> None:
    """A paragraph. kind: "" or "note" (small, quiet)."""
    rv.Html(tag="p", class_=f"bdg-p {kind}".strip(), children=[text])


@solara.component
def Row(children: Sequence[solara.Element] = ()) -> None:
    """Small parts in a row, each as wide as it is: the choices over a view."""
    rv.Html(tag="div", class_="bdg-row", children=list(children))
