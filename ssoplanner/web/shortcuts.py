"""The keys that lead to pages, and those of a grid. static/js/shortcuts.js listens to the first."""

# After g, by the URL name of the page in the menu on the left.
PAGE_KEYS = {
    "plan": "h",
    "roadmap": "r",
    "agencies": "a",
    "services": "s",
    "systems": "y",
    "kpis": "k",
    "shifts": "f",
    "raid": "d",
    "xray": "x",
    "people": "p",
    "history": "i",
    "jobs": "e",
    "figures": "w",
    "plan_settings": "t",
}
# After g too, for what stands in the bar.
TASKS_KEY = "m"
GRID_KEYS = (
    (("Arrows",), "move"),
    (("Shift", "Arrows"), "choose a block"),
    (("Enter",), "change the cell; so does typing"),
    (("Esc",), "leave it as it was"),
    (("Tab",), "go on to the cell after it"),
    (("Esc", "Tab"), "leave the grid"),
    (("Delete",), "empty the block"),
    (("Ctrl", "C"), "copy; X cuts, V pastes, also from and to Excel"),
    (("Ctrl", "Z"), "take back; Y does it again"),
)
