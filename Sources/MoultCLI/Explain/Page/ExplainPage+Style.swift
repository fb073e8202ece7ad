extension ExplainPage {
  private static let light = """
    --paper:#ffffff;--page:#faf9f7;--ink:#1c1d20;--soft:#5b5e66;--rule:#e4e2dd;--base:#a9a8a4;\
    --accent:#1d5aa3;--s0:#1d5aa3;--s1:#c2560a;--plus:#b3261e;--minus:#1d5aa3
    """

  /// The style sheet of the page, with colors for light and dark. It contains no character that must be escaped in
  /// markup.
  static let style = """

    :root{color-scheme:light dark;\(light)}
    @media (prefers-color-scheme:dark){:root{--paper:#1a1d22;--page:#131519;--ink:#e8e7e3;--soft:#a4a7ae;--rule:#2c3037;\
    --base:#5d626b;--accent:#84b8f2;--s0:#7db4f2;--s1:#f29a55;--plus:#ff8a7a;--minus:#7db4f2}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);line-height:1.5;\
    font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
    main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 3rem}
    h1{font-size:1.8rem;margin:.5rem 0}h2{font-size:1.25rem;margin:0 0 .5rem}h3{font-size:1rem;margin:1rem 0 .3rem}
    section{background:var(--paper);border:1px solid var(--rule);border-radius:8px;padding:1.2rem;margin:1.2rem 0}
    section p{max-width:46rem}
    code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.88em;overflow-wrap:anywhere}
    pre{background:var(--page);border:1px solid var(--rule);border-radius:6px;padding:.6rem .8rem;white-space:pre-wrap}
    .row{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start;margin:.8rem 0}
    figure{margin:0}figcaption{font-size:.85rem;color:var(--soft);margin-bottom:.25rem;font-variant-numeric:tabular-nums}
    .panel{flex:1 1 10rem;max-width:13rem}.panel.mask{flex-basis:15rem;max-width:17rem}
    .panel.chart{flex:1 1 18rem;max-width:27rem}.panel.feature{flex:0 1 5.6rem;min-width:3.9rem}.panel.answer{flex:1 1 17rem;max-width:24rem}
    .pair{display:grid;grid-template-columns:2fr 3fr;gap:.8rem;align-items:start}
    svg{display:block;width:100%;height:auto;margin-bottom:.5rem}svg.pixels{border:1px solid var(--rule)}
    svg text{font-size:11px;fill:var(--soft);font-variant-numeric:tabular-nums}
    .paper{fill:var(--paper)}.track{fill:var(--rule)}.bar,.unit,.first{fill:var(--s0)}.second{fill:var(--s1)}
    .silent{fill:var(--rule)}.dropped{fill:none;stroke:var(--base);stroke-width:.8}.dot{fill:var(--base)}
    .grid{stroke:var(--rule)}.target{stroke:var(--soft);stroke-dasharray:4 3}
    .error{stroke-width:2}.error.first{stroke:var(--s0)}.error.second{stroke:var(--s1)}
    .curve{fill:none;stroke:var(--s1);stroke-width:2}.curve.dotted{stroke:var(--s0);stroke-dasharray:2 4;stroke-linecap:round}
    .gap{fill:var(--s1);fill-opacity:.14}
    .i1,.i2,.i3,.i4{fill:var(--ink)}.p1,.p2,.p3,.p4{fill:var(--plus)}.m1,.m2,.m3,.m4{fill:var(--minus)}
    .i1,.p1,.m1{fill-opacity:.25}.i2,.p2,.m2{fill-opacity:.5}.i3,.p3,.m3{fill-opacity:.75}
    .legend{font-size:.85rem;color:var(--soft)}
    .key{display:inline-block;width:.75rem;height:.75rem;margin-left:.5rem;vertical-align:-.05rem;border-radius:2px}
    .key.unit,.key.first{background:var(--s0)}.key.second{background:var(--s1)}.key.silent{background:var(--rule)}
    .key.dropped{border:1px solid var(--base)}
    .wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
    th,td{padding:.25rem .7rem;text-align:right;border-bottom:1px solid var(--rule);white-space:nowrap}
    th{font-weight:600;color:var(--soft)}th:first-child{text-align:left;padding-left:0}
    .player{border:1px solid var(--rule);border-radius:6px;padding:.2rem .9rem;margin:.8rem 0;background:var(--page)}
    .player input{vertical-align:middle;width:11rem;max-width:60%;accent-color:var(--accent)}
    .player output{font-variant-numeric:tabular-nums}button{font:inherit;padding:.15rem .7rem}
    .grid-units{display:grid;grid-template-columns:repeat(16,1fr);gap:3px;max-width:22rem}
    .grid-units i{aspect-ratio:1;border:1px solid var(--base);border-radius:2px}.grid-units i.on{background:var(--s0);border-color:var(--s0)}
    @media print{:root{color-scheme:light;\(light)}body{background:#ffffff}figure,tr{break-inside:avoid}\
    h2,h3{break-after:avoid}.key{print-color-adjust:exact;-webkit-print-color-adjust:exact}.wide{overflow:visible}\
    .player{display:none}}

    """
}
