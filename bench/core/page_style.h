/* SPDX-License-Identifier: MIT */
/* The style sheet of the page of results: light and dark, and for narrow screens. */
#ifndef BENCH_PAGE_STYLE_H
#define BENCH_PAGE_STYLE_H

static const char page_style[] =
    ":root{color-scheme:light dark;--paper:#fff;--ink:#1c2128;--soft:#5b6470;--grid:#e3e7ec;"
    "--s0:#7a828e;--s1:#4d5560;--s2:#a3abb5;--s3:#d1495b;--s4:#e0762b;--s5:#0b62c4;--s6:#0e8a95;"
    "--s7:#7a4fc4;--s8:#4d8a12;--s9:#b0308f;--s10:#a68a00;--s11:#7a4a1e}\n"
    "@media(prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e6eaef;--soft:#9aa4b0;"
    "--grid:#2c333b;"
    "--s0:#a5adb8;--s1:#d3d8de;--s2:#77808b;--s3:#ff8a97;--s4:#ffb07a;--s5:#62a8ff;--s6:#4fd0da;"
    "--s7:#bfa0ff;--s8:#a5d65a;--s9:#f38bd8;--s10:#f0d64a;--s11:#c9976a}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;padding:1rem;max-width:76rem;background:var(--paper);color:var(--ink);"
    "font:15px/1.5 system-ui,sans-serif}\n"
    "h1{font-size:1.5rem;margin:.3rem 0}h2{font-size:1.2rem;margin:2rem 0 .4rem}"
    "h3{font-size:1rem;margin:1.4rem 0 .3rem}p{margin:.3rem 0;color:var(--soft);max-width:46rem}\n"
    ".charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));"
    "gap:.8rem}\n"
    "svg{display:block;width:100%;height:auto}\n"
    "svg text{font:10.5px system-ui,sans-serif;fill:var(--soft)}"
    "svg .title{font-size:12px;font-weight:600;fill:var(--ink)}"
    ".y{text-anchor:end}.x,.label{text-anchor:middle}\n"
    ".grid{stroke:var(--grid);stroke-width:1}"
    ".line{fill:none;stroke:currentColor;stroke-width:1.8;stroke-linejoin:round}"
    "circle{fill:currentColor}\n"
    ".s5 .line{stroke-width:2.8}\n"
    "ul{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin:0;padding:.5rem 0;"
    "position:sticky;top:0;background:var(--paper);font-size:.9rem}"
    "li::before{content:'';display:inline-block;width:1.1em;height:.28em;margin-right:.4em;"
    "vertical-align:.25em;background:currentColor}li span{color:var(--ink)}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem;margin:.3rem 0}"
    "dd{margin:0;color:var(--soft)}\n"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "th,td{padding:.2rem .6rem;border-bottom:1px solid var(--grid);text-align:right;"
    "white-space:nowrap}th:first-child,td:first-child{text-align:left;padding-left:0}"
    "th{font-weight:600;color:var(--soft)}\n"
    /* The name of a row takes a line of its own, above the figures. */
    "@media(max-width:48rem){ul{gap:0 .8rem;font-size:.75rem;position:static}"
    "table,tbody{display:block}tr{display:grid;"
    "grid-template-columns:2.8rem repeat(calc(var(--figures) - 1),minmax(0,1fr));"
    "border-bottom:1px solid var(--grid)}"
    "th,td{border:0;padding:.1rem 0 .1rem "
    ".3rem;font-size:.72rem}th{white-space:normal;font-size:.66rem}"
    "td:first-child{grid-column:1/-1;padding:.25rem 0 0;font-size:.85rem;white-space:normal}"
    "th:first-child{display:none}td:nth-child(2),th:nth-child(2){text-align:left;padding-left:0}}"
    "\n";

#endif
