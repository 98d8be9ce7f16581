"""The style sheet of the HTML page."""

STYLE = """
:root { color-scheme: light dark; --ink: #1d2430; --quiet: #5c6675; --page: #f6f7f9; --card: #fff; --edge: #dde1e7;
  --code: #f2f4f7; --mark: #ffe3a3; --error: #b3261e; --warning: #8a5a00; --note: #1a5fb4; --add: #e4f5e6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --quiet: #9aa5b4; --page: #14181e; --card: #1c222a;
  --edge: #313a46; --code: #12161b; --mark: #6b4e00; --error: #ff8a80; --warning: #ffca6b; --note: #8ab8ff;
  --add: #17331c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { margin: 0; font-size: 1.6rem; }
h2 { margin: 2rem 0 .25rem; font-size: 1.2rem; overflow-wrap: anywhere; }
h3 { margin: 0; font-size: 1rem; font-weight: 600; overflow-wrap: anywhere; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
.quiet, footer { color: var(--quiet); font-weight: 400; }
.counts { margin: .25rem 0; }
.badge { display: inline-block; padding: 0 .5em; border-radius: 1em; border: 1px solid currentColor;
  font-size: .8rem; font-weight: 600; }
.badge.error { color: var(--error); } .badge.warning { color: var(--warning); } .badge.note { color: var(--note); }
nav ul, ul.plain { padding: 0; list-style: none; }
nav li, .plain li { padding: .15rem 0; overflow-wrap: anywhere; }
.plain li { padding: .4rem 0; }
a { color: var(--note); }
article { margin: .75rem 0; padding: .9rem 1rem; background: var(--card); border: 1px solid var(--edge);
  border-left-width: 4px; border-radius: 6px; }
article.error { border-left-color: var(--error); } article.warning { border-left-color: var(--warning); }
article.note { border-left-color: var(--note); }
code, pre { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { background: var(--code); padding: .1em .3em; border-radius: 4px; overflow-wrap: anywhere; }
pre { margin: .5rem 0; padding: .5rem 0; background: var(--code); border-radius: 6px; overflow-x: auto; }
pre .line { display: block; padding-right: 1rem; min-height: 1.5em; }
pre i { display: inline-block; min-width: 3.2rem; padding: 0 .8rem 0 .5rem; text-align: right; color: var(--quiet);
  font-style: normal; user-select: none; }
pre.snippet { padding: .5rem .8rem; background: var(--add); }
mark { background: var(--mark); color: inherit; border-radius: 2px; }
.rule, .jobs { color: var(--quiet); font-size: .9rem; }
.rule { white-space: nowrap; }
.job { display: inline-block; padding: 0 .5em; background: var(--code); border-radius: 4px; color: var(--ink); }
.chain { display: flex; flex-wrap: wrap; gap: .5rem 1.6rem; margin: .6rem 0; padding: 0; list-style: none; }
.chain li { position: relative; padding: .3rem .6rem; border: 1px solid var(--edge); border-radius: 6px;
  font-size: .9rem; overflow-wrap: anywhere; }
.chain li:not(:last-child)::after { content: "→"; position: absolute; right: -1.3rem; top: .3rem;
  color: var(--quiet); }
details { margin-top: .5rem; } summary { cursor: pointer; color: var(--quiet); }
footer { margin: 2rem 0 1rem; font-size: .85rem; }
@media (max-width: 36rem) { body { padding: .6rem; } article { padding: .7rem; } pre i { min-width: 2.2rem; }
  .chain { flex-direction: column; gap: 1.4rem; }
  .chain li:not(:last-child)::after { content: "↓"; right: auto; left: .8rem; top: auto; bottom: -1.4rem; } }
"""
