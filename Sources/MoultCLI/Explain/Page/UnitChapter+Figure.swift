import Moult
import MoultReport

extension UnitChapter {
  var figure: String {
    let grids = rows.enumerated().map { index, row in
      Drawing.panel(
        "\(row.label): \(remark(row, isFirst: index == 0))",
        Drawing.units(
          row.dropped.map { $0 ? 0 : 1 }, dropped: row.dropped, greatest: 1, columns: 24,
          label: "mask of \(row.label): \(row.text)"), className: "panel mask")
    }
    return "<p class=\"legend\"><span class=\"key unit\"></span> kept <span class=\"key dropped\"></span> dropped</p>"
      + Drawing.row(grids) + player
      + "<p>The law, for the bits U of a unit:</p><pre>\(Self.formula.joined(separator: "\n").escapedAsMarkup())</pre>"
      + "<p>Print the first row yourself:</p><pre>\(command.escapedAsMarkup())</pre>"
  }

  /// The interactive mask, which is hidden until the script shows it.
  private var player: String {
    let data = levels.map { "[" + $0.map(String.init).joined(separator: ",") + "]" }.joined(separator: ",")
    return """
      <div id="player" class="player" hidden="hidden" data-levels="[\(data)]">
      <p>Try it: \(Self.sliderUnits) units of the same layer and seed, drawn by the same law. Let each unit's output be 1 where \
      it is kept.</p>
      <p><label>rate <input id="rate" type="range" min="0" max="\(Self.sliderRates.count - 1)" value="10"/></label> \
      <output id="rate-value"></output> <button id="next-step" type="button">next step</button> \
      <output id="step-value"></output></p>
      <div id="grid" class="grid-units"></div>
      <p id="means"></p>
      </div>
      """
  }
}
