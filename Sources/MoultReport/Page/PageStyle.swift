extension ReportStyle {
  /// The style sheet of a page, without colors and charts.
  static let page = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,\
    "Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
    main,header,footer{max-width:1120px;margin:0 auto;padding:0 32px}
    header{padding-top:56px}
    .brand{display:flex;align-items:center;gap:10px;color:var(--accent);font-weight:600;font-size:14px;\
    letter-spacing:.04em}
    .brand svg{width:22px;height:22px;fill:none;stroke:currentColor;stroke-width:1.7;stroke-linecap:round;\
    stroke-linejoin:round}
    h1{font-size:38px;line-height:1.15;letter-spacing:-.02em;font-weight:650;margin:18px 0 10px;text-wrap:balance}
    .meta{color:var(--soft);margin:0;display:flex;flex-wrap:wrap;gap:4px 18px;font-size:15px}
    .state{color:var(--accent);font-weight:600}.state.bad{color:var(--warn)}
    .headline{font-size:21px;line-height:1.45;margin:26px 0 0;max-width:44em;text-wrap:pretty}
    .figures{display:grid;grid-template-columns:repeat(4,1fr);margin:36px 0 0;border-top:2px solid var(--ink)}
    .figures div{padding:18px 20px 4px 0}
    .figures dt{font-size:44px;line-height:1.1;letter-spacing:-.03em;font-weight:300;white-space:nowrap}
    .figures dt small{font-size:.5em;letter-spacing:0;margin-left:.18em;font-weight:400}
    .figures dd{margin:8px 0 0;color:var(--soft);font-size:14px;line-height:1.4;max-width:24em}
    nav{margin:34px 0 0;display:flex;flex-wrap:wrap;gap:6px 22px;font-size:14px}
    a{color:var(--accent);text-underline-offset:3px;text-decoration-thickness:1px}
    section{margin:64px 0 0}
    h2{font-size:24px;letter-spacing:-.012em;font-weight:650;margin:0;padding-top:18px;border-top:1px solid var(--rule)}
    h3{font-size:15px;font-weight:650;margin:0 0 4px}
    .lead{margin:6px 0 26px;color:var(--soft);max-width:44em;text-wrap:pretty}
    .grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:28px;align-items:start}
    figure,.card{margin:0;background:var(--paper);border:1px solid var(--rule);border-radius:10px;\
    padding:20px 22px 14px;min-width:0}
    .wide{grid-column:1/-1}
    figcaption{margin:0 0 12px}figcaption p{margin:0;color:var(--soft);font-size:14px;line-height:1.45}
    .chart{display:block;width:100%;height:auto;max-width:600px;margin:0 auto}
    details{margin:12px 0 0;font-size:14px}
    summary{cursor:pointer;color:var(--accent);padding:4px 0}
    .scroll{overflow-x:auto;max-height:420px;overflow-y:auto;margin:6px 0}
    table{border-collapse:collapse;font-size:14px;line-height:1.35;min-width:100%;overflow-wrap:normal}
    th{text-align:left;font-weight:600;color:var(--soft);padding:6px 16px 6px 0;border-bottom:1px solid var(--base);\
    vertical-align:bottom}
    td{padding:6px 16px 6px 0;border-bottom:1px solid var(--rule);vertical-align:top;max-width:28em;\
    overflow-wrap:anywhere}
    td.n{white-space:nowrap}
    th:last-child,td:last-child{padding-right:4px}
    .note{color:var(--soft);font-size:14px;margin:8px 0}
    .samples{display:grid;grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:22px 18px;margin:14px 0 10px;\
    padding:0;list-style:none}
    .samples.rows{grid-template-columns:repeat(auto-fill,minmax(240px,1fr))}
    .samples li{font-size:14px;line-height:1.4;min-width:0}
    .samples img{display:block;width:100%;height:auto;aspect-ratio:1;object-fit:contain;image-rendering:pixelated;\
    background:#000000;border-radius:6px;margin:0 0 8px}
    .samples strong{font-weight:650}.samples span{color:var(--soft)}
    .samples dl{margin:6px 0 0;color:var(--soft);display:grid;grid-template-columns:auto 1fr;gap:0 10px}
    .samples dd{margin:0;text-align:right;color:var(--ink)}
    .facts{display:grid;grid-template-columns:minmax(7em,auto) 1fr;gap:7px 18px;margin:8px 0 6px;font-size:14px}
    .facts dt{color:var(--soft)}.facts dd{margin:0}
    pre{margin:8px 0 6px;background:var(--wash);border-radius:6px;padding:14px 16px;overflow-x:auto;white-space:pre-wrap;\
    font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
    footer{padding-top:56px;padding-bottom:56px;color:var(--soft);font-size:14px}
    :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
    @media (min-width:861px){.wide .facts{grid-template-columns:minmax(7em,auto) 1fr minmax(7em,auto) 1fr}}
    @media (max-width:860px){.grid{grid-template-columns:minmax(0,1fr)}.figures{grid-template-columns:repeat(2,1fr)}}
    @media (max-width:520px){
    main,header,footer{padding-left:16px;padding-right:16px}header{padding-top:32px}
    h1{font-size:28px}.headline{font-size:18px}.figures dt{font-size:34px}.figures div{padding-right:12px}
    figure,.card{padding:16px 14px 10px}section{margin-top:48px}
    .chart text{font-size:14.5px}.samples{grid-template-columns:repeat(auto-fill,minmax(104px,1fr))}
    .facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:8px}
    }
    @media print{
    body{font-size:11pt;background:#ffffff}header{padding-top:0}main,header,footer{max-width:none;padding:0}
    figure,.card,.samples li,.figures,.lead{break-inside:avoid}h2,h3,.lead{break-after:avoid}nav,details{display:none}
    .grid{grid-template-columns:repeat(2,minmax(0,1fr));gap:14px}section{margin-top:28px}
    .figures{grid-template-columns:repeat(4,1fr)}.figures dt{font-size:26pt}
    .scroll{max-height:none;overflow:visible}
    }

    """
}
