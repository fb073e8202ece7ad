/// The style sheets of charts and pages: shades of blue, orange as the contrasting color, and text on a paper
/// background.
///
/// Texts have a contrast of at least 4.5 to their background in the light and the dark scheme. Series differ by dash
/// and marker as well as by color, and the colors can be told apart with the three common color blindnesses. The style
/// sheets contain no character that XML escapes, so they are the same in HTML and in SVG.
enum ReportStyle {
  /// The number of distinct series styles; after that, colors and dashes repeat.
  static let seriesCount = 8

  /// Returns the custom properties (CSS variables) with the colors for light, dark and print.
  static func colors(of selector: String) -> String {
    "\(selector){color-scheme:light dark;\(light)}\n"
      + "@media (prefers-color-scheme:dark){\(selector){\(dark)}}\n"
      + "@media print{\(selector){color-scheme:light;\(light)}}\n"
  }

  private static let light = """
    --paper:#ffffff;--page:#faf9f7;--ink:#1c1d20;--soft:#5b5e66;--rule:#e4e2dd;--base:#a9a8a4;--cell:#174a86;\
    --cell-high:#174a86;--cell-ink:#ffffff;--wash:#eef3fa;--accent:#1d5aa3;--warn:#a34400;\
    --s0:#1d5aa3;--s1:#c2560a;--s2:#12806a;--s3:#a03a78;--s4:#5d6470;--s5:#8a6d00;--s6:#4b3f99;--s7:#3286b8
    """

  private static let dark = """
    --paper:#1a1d22;--page:#131519;--ink:#e8e7e3;--soft:#a4a7ae;--rule:#2c3037;--base:#5d626b;--cell:#3f7fc4;\
    --cell-high:#8fc0f5;--cell-ink:#101317;--wash:#1f2833;--accent:#84b8f2;--warn:#f2a263;\
    --s0:#7db4f2;--s1:#f29a55;--s2:#4fc3a5;--s3:#e58bc0;--s4:#aab0bb;--s5:#d9b84a;--s6:#b0a3f5;--s7:#5fb9e6
    """

  /// The style of the CSS classes in charts.
  static let charts: String = {
    let dashes = ["", "7 4", "2 4", "10 4 2 4", "4 3", "12 5", "2 3 7 3", "1 3"]
    let series = (0..<seriesCount).map { index in
      let color = "var(--s\(index))"
      let dash = dashes[index].isEmpty ? "" : ";stroke-dasharray:\(dashes[index])"
      return """
        .line.s\(index){stroke:\(color)\(dash)}.mark.s\(index){fill:\(color)}.dots.s\(index){stroke:\(color)}\
        .area.s\(index){fill:\(color)}.bar.s\(index){fill:\(color)}.step.s\(index){stroke:\(color)\(dash)}
        """
    }
    return """
      .chart text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;\
      font-size:12px;fill:var(--soft);font-variant-numeric:tabular-nums}
      .chart .legend,.chart .name,.chart .value{fill:var(--ink)}.chart .on-cell{fill:var(--cell-ink)}
      .chart .in-cell{fill:var(--ink)}.paper{fill:var(--paper)}
      .gridline{stroke:var(--rule);stroke-width:1}.base{stroke:var(--base);stroke-width:1}
      .guide{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 3;fill:none}
      .line,.step{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.step{stroke-width:1.6}
      .dots{fill:none;stroke-width:4;stroke-linecap:round;stroke-opacity:.5}
      .area{fill-opacity:.16}.bar{fill-opacity:.85}.pale{fill-opacity:.32}.track{fill:var(--rule)}
      .mark{stroke:var(--paper);stroke-width:1}.hover{fill:transparent}
      .cell{fill:var(--cell)}.cell-high{fill:var(--cell-high)}.empty{fill:var(--rule);fill-opacity:.45}
      \(series.joined(separator: "\n"))

      """
  }()
}
