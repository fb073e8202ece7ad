import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct CurvePlotTests {
  private func plot(_ curves: [[(Double, Double)]], logarithmic: Bool = false) -> CurvePlot {
    let styles: [StyledLine.Style] = [.training, .validation]
    return CurvePlot(
      curves: zip(curves, styles).map { curve, style in
        .init(style: style, points: curve.map { .init(x: $0.0, y: $0.1) })
      }, isLogarithmic: logarithmic, xName: "epoch")
  }

  private func text(_ plot: CurvePlot, _ width: Int, _ height: Int, unicode: Bool = true) -> [String] {
    plot.lines(width: width, height: height, unicode: unicode).map { $0.text(color: false) }
  }

  @Test func aRisingCurveGoesFromTheLowerLeftToTheUpperRight() {
    expectEqual(
      text(plot([[(0, 0), (10, 10)]]), 18, 6),
      [
        "10 ┤          ⢀⡠⠔⠛", "   │       ⣀⠤⠊⠁   ", " 5 ┤   ⢀⡠⠒⠉       ", " 0 ┤⣤⠔⠊⠁          ",
        "   └┬────────────┬", "    0     epoch 10",
      ])
  }

  @Test func withoutUnicodeItIsASCII() {
    let lines = text(plot([[(0, 0), (4, 4)], [(0, 4), (4, 0)]]), 40, 10, unicode: false)
    expectTrue(lines.joined().utf8.allSatisfy { $0 < 0x80 })
    expectTrue(lines.joined().contains("*"))
    expectTrue(lines.joined().contains("o"))
  }

  @Test func theLogarithmOfAPowerIsAStraightLine() {
    let powers = plot([[(0, 1), (1, 10), (2, 100), (3, 1_000)]], logarithmic: true)
    let straight = plot([[(0, 0), (1, 1), (2, 2), (3, 3)]])
    // The same columns are left for the curve beside labels of five characters (1,000) and of one.
    func curve(_ lines: [String]) -> [Substring] { lines.dropLast(2).map { $0.suffix(38) } }
    expectEqual(curve(text(powers, 45, 12)), curve(text(straight, 41, 12)))
  }

  @Test func itHasExactlyTheSizeAsked() {
    let plot = plot([(1...300).map { (Double($0) / 100, Double($0 % 17)) }, [(1, 3), (2, 2)]])
    for width in stride(from: 0, through: 200, by: 8) {
      for height in Array(0...7) + [17, 30] {
        let lines = plot.lines(width: width, height: height, unicode: true)
        let hasRoom = width >= CurvePlot.leastWidth && height >= CurvePlot.leastHeight
        expectEqual(lines.count, hasRoom ? height : 0)
        expectTrue(lines.allSatisfy { $0.columns <= width })
      }
    }
  }

  @Test func noiseIsAveragedCellByCell() {
    // 10,000 points that jump between 0 and 1 average to a line in the middle.
    let lines = text(plot([(0..<10_000).map { (Double($0 + 1) / 100, Double($0 % 2)) } + [(100, 0.5)]]), 60, 20)
    expectAtMost(
      lines.dropLast(2).filter { $0.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) } }.count, 3)
  }

  @Test func noPointAndPointsThatAreNoNumbersGiveAnEmptyPlot() {
    expectEqual(text(plot([]), 30, 8).count, 8)
    let lines = text(plot([[(1, .nan), (.infinity, 2)]]), 30, 8)
    expectTrue(!lines.joined().unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
  }
}
