"""How the page looks: the house's colours, light and dark, and on paper."""

from __future__ import annotations

LOOK = """
:root { --paper: #FBFAF6; --panel: #F2F0E7; --ink: #1E2420; --quiet: #6B726C; --line: #DFDCCF;
  --green: #1F6B4A; --ochre: #C98A1B; --plum: #7A4E7E; --slate: #3C6E91; --brick: #B3402F }
@media screen and (prefers-color-scheme: dark) {
  :root { --paper: #111714; --panel: #19211D; --ink: #E8EBE6; --quiet: #9AA39C; --line: #2C3831;
    --green: #5CC596; --ochre: #E0B04B; --plum: #B58ABA; --slate: #7FB0D3; --brick: #E07F6D } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.55 Inter, system-ui,
  -apple-system, "Segoe UI", Roboto, Helvetica, sans-serif; font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere }
main { max-width: 54rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
h1, h2 { font-family: Fraunces, Georgia, "Times New Roman", serif; font-weight: 560;
  line-height: 1.2; text-wrap: balance }
h1 { font-size: 1.55rem; margin: .2rem 0 .6rem } h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem }
h3 { font-size: 1rem; margin: 0 0 .2rem }
p { margin: .4rem 0 } ul { margin: .4rem 0; padding-inline-start: 1.2rem } li { margin: .3rem 0 }
.facts, .quiet, footer, figcaption + svg + .quiet { color: var(--quiet); font-size: .85rem }
.about { font-weight: 600; color: var(--quiet) }
.answer { border-inline-start: 5px solid var(--slate); padding-inline-start: .9rem }
.answer.winner { border-color: var(--green) } .answer.harm, .answer.broken {
  border-color: var(--brick) } .answer.keep_going { border-color: var(--ochre) }
.notice { border: 1px solid var(--line); border-inline-start: 4px solid var(--slate);
  border-radius: .6rem; padding: .7rem .9rem; margin: .6rem 0; break-inside: avoid }
.notice.stop { border-inline-start-color: var(--brick) }
.notice.warning { border-inline-start-color: var(--ochre) } .fix { color: var(--quiet) }
dl { display: grid; grid-template-columns: minmax(8rem, 12rem) 1fr; gap: .3rem 1rem;
  margin: .8rem 0 }
dt { color: var(--quiet) } dd { margin: 0 }
.wide { overflow-x: auto; margin: .8rem 0 }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
caption { text-align: start; font-weight: 600; padding: .4rem 0 }
th, td { text-align: end; padding: .4rem .7rem; border-bottom: 1px solid var(--line);
  vertical-align: top } thead th { color: var(--quiet); font-weight: 500 }
th:first-child, td:first-child { text-align: start; padding-inline-start: 0 }
.w2 :is(th, td):nth-child(2), .w3 :is(th, td):nth-child(3), .w4 :is(th, td):nth-child(4),
.w5 :is(th, td):nth-child(5), .w6 :is(th, td):nth-child(6), .w7 :is(th, td):nth-child(7) {
  text-align: start }
tbody th { font-weight: 600 } tr { break-inside: avoid }
th, td { overflow-wrap: break-word; min-width: 4.5rem } tbody th { min-width: 8rem }
td { max-width: 26rem }
figure { margin: 1rem 0; break-inside: avoid } figcaption { font-weight: 600 }
svg { display: block; width: 100%; height: auto; margin: .4rem 0 }
svg text { fill: var(--ink); font-size: 13px } svg .tick { fill: var(--quiet); font-size: 12px }
.grid { stroke: var(--line) } .zero { stroke: var(--quiet); stroke-dasharray: 4 3 }
.least { fill: var(--panel) } .wide.unclear, .thick.unclear { stroke: var(--slate) }
.wide.better, .thick.better { stroke: var(--green) }
.wide.worse, .thick.worse { stroke: var(--brick) }
line.wide { stroke-width: 1.6 } line.thick { stroke-width: 5; stroke-linecap: round }
.dot.unclear { fill: var(--slate) } .dot.better { fill: var(--green) }
.dot.worse { fill: var(--brick) } .band { fill: var(--slate); opacity: .16 }
.inner { fill: var(--slate); opacity: .28 }
.course { fill: none; stroke: var(--slate); stroke-width: 2.2 }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .8rem }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr } dt { margin-top: .4rem }
  svg { min-width: 34rem } figure { overflow-x: auto } }
@media print { main { max-width: none; padding: 0 } body { font-size: 10.5pt }
  h2, caption, figcaption { break-after: avoid } .wide, figure { overflow: visible }
  th, td { padding: .25rem .4rem; min-width: 0; max-width: none } table { font-size: 9pt } }
@page { margin: 16mm }
"""
