/* SPDX-License-Identifier: MIT */
/* The style sheet of the page of results: light and dark, and for narrow screens. */
#ifndef BENCH_PAGE_STYLE_H
#define BENCH_PAGE_STYLE_H

static const char page_style[] =
    ":root{color-scheme:light dark;--paper:#fff;--ink:#1c2128;--soft:#5b6470;--grid:#e3e7ec;"
    "--good:#1a7f37;--bad:#b42318;"
    "--s0:#7a828e;--s1:#4d5560;--s2:#a3abb5;--s3:#d1495b;--s4:#0b62c4;--s5:#0e8a95;--s6:#7a4fc4;"
    "--s7:#4d8a12;--s8:#b0308f;--s9:#b57700;--s10:#7a4a1e}\n"
    "@media(prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e6eaef;--soft:#9aa4b0;"
    "--grid:#2c333b;--good:#56d364;--bad:#ff8a80;"
    "--s0:#a5adb8;--s1:#d3d8de;--s2:#77808b;--s3:#ff8a97;--s4:#62a8ff;--s5:#4fd0da;--s6:#bfa0ff;"
    "--s7:#a5d65a;--s8:#f38bd8;--s9:#f5c04a;--s10:#c9976a}}\n"
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
    ".s4 .line{stroke-width:2.8}\n"
    "ul{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin:0;padding:.5rem 0;"
    "position:sticky;top:0;background:var(--paper);font-size:.9rem}"
    "li::before{content:'';display:inline-block;width:1.1em;height:.28em;margin-right:.4em;"
    "vertical-align:.25em;background:currentColor}li span{color:var(--ink)}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "th,td{padding:.2rem .6rem;border-bottom:1px solid var(--grid);text-align:right;"
    "white-space:nowrap}th:first-child,td:first-child{text-align:left;padding-left:0}"
    "th{font-weight:600;color:var(--soft)}.met{color:var(--good)}.missed{color:var(--bad)}\n"
    "@media(max-width:36rem){ul{gap:0 .8rem;font-size:.75rem}table{font-size:.85rem}"
    "th,td{padding:.2rem .35rem}td:first-child{white-space:normal;min-width:8rem}}\n";

#endif
