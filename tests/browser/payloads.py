"""Texts that want to be more than text, and texts that are hard to draw."""

from itertools import product

_VECTORS = [
    "<script>{js}</script>",
    "<img src=x onerror={js}>",
    "<svg onload={js}>",
    "<svg><script>{js}</script></svg>",
    "<iframe srcdoc='<script>{js}</script>'></iframe>",
    "<body onload={js}>",
    "<details open ontoggle={js}>x</details>",
    "<input autofocus onfocus={js}>",
    "<a href='javascript:{js}'>x</a>",
    "[x](javascript:{js})",
    "[x](JaVaScRiPt:{js})",
    "[x](&#106;avascript:{js})",
    "[x](data:text/html,<script>{js}</script>)",
    "[x](vbscript:{js})",
    '[x](https://a.b/" onclick="{js})',
    '![x](x" onerror="{js})',
    "`<img src=x onerror={js}>`",
    "```html\n<script>{js}</script>\n```",
    "> <img src=x onerror={js}>",
    "- <svg onload={js}>",
    "**<img src=x onerror={js}>**",
    "@<img src=x onerror={js}>",
    "https://a.b/<script>{js}</script>",
    'https://a.b/"onmouseover="{js}',
    "<math><mi xlink:href='javascript:{js}'>x</mi></math>",
    "<style>@import 'javascript:{js}'</style>",
    "<meta http-equiv=refresh content='0;javascript:{js}'>",
    "<template><script>{js}</script></template>",
    "{{{{constructor.constructor('{js}')()}}}}",
    "${{{js}}}",
]
_CALLS = [
    "alert(1)",
    "alert`1`",
    "window.alert(document.cookie)",
    "top['al'+'ert'](1)",
    "[1].map(alert)",
    "\\u0061lert(1)",
    "eval('alert(1)')",
    "setTimeout('alert(1)')",
    "fetch('/api/v1/users/me').then(alert)",
    "Function('alert(1)')()",
]


def payloads() -> list[str]:
    """300 of them, each another."""
    return [vector.format(js=call) for vector, call in product(_VECTORS, _CALLS)]


_ZALGO = "".join(chr(0x300 + number) for number in range(80))

_BIDI = (
    "\u202eabc\u202c \u2066\u2067\u2068\u05e9\u05dc\u05d5\u05dd\u2069 "
    "\u0645\u0631\u062d\u0628\u0627 1234 \u200f\u200e"
)

ODDITIES = {
    "a word of 16 KiB": "a" * 16_384,
    "bidi": _BIDI * 60,
    "code fences": "```\n" * 4_000,
    "deep emphasis": "*_" * 4_000 + "x" + "_*" * 4_000,
    "deep lists": "\n".join("  " * (depth % 40) + "- x" for depth in range(300)),
    "deep quotes": "> " * 4_000 + "x",
    "links": "[x](https://a.b) " * 900,
    "open brackets": "[" * 16_000,
    "open marks": "**" * 8_000,
    "ten thousand emoji": "😀" * 4_090,
    "families": "👨‍👩‍👧‍👦" * 650,
    "zalgo": ("z" + _ZALGO) * 100,
    "mentions": "@a " * 5_000,
    "new lines": "x\n" * 8_000,
    "nothing visible": "\u200b\u200c\u200d\ufeff x",
}
