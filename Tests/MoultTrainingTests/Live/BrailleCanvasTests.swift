import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct BrailleCanvasTests {
  private func canvas(_ dots: [(Int, Int)], width: Int = 1, height: Int = 1) -> BrailleCanvas {
    var canvas = BrailleCanvas(width: width, height: height)
    for (x, y) in dots { canvas.set(x: x, y: y) }
    return canvas
  }

  /// The eight dots of a cell, as the Unicode standard numbers them: 1 2 3 down the left, 4 5 6 down the right, 7 8
  /// below.
  @Test(arguments: [
    (0, 0, "⠁"), (0, 1, "⠂"), (0, 2, "⠄"), (1, 0, "⠈"), (1, 1, "⠐"), (1, 2, "⠠"), (0, 3, "⡀"), (1, 3, "⢀"),
  ])
  func aDotIsTheCharacterOfItsNumber(x: Int, y: Int, character: String) {
    expectEqual(canvas([(x, y)]).lines(unicode: true), [character])
  }

  @Test func dotsOfACellAddUp() {
    expectEqual(canvas((0..<2).flatMap { x in (0..<4).map { (x, $0) } }).lines(unicode: true), ["⣿"])
    expectEqual(canvas([(0, 0), (3, 4)], width: 2, height: 2).lines(unicode: true), ["⠁ ", " ⠈"])
  }

  @Test func dotsOutsideArePassedOver() {
    let outside = canvas([(-1, 0), (0, -1), (4, 0), (0, 8), (.max, .max)], width: 2, height: 2)
    expectEqual(outside, BrailleCanvas(width: 2, height: 2))
    expectEqual(canvas([(0, 0)], width: 0, height: 3).lines(unicode: true), ["", "", ""])
  }

  @Test func linesHaveNoGapsInAnyDirection() {
    for end in [(7, 0), (0, 7), (7, 7), (7, 3), (3, 7), (0, 0)] {
      var (there, back) = (BrailleCanvas(width: 4, height: 2), BrailleCanvas(width: 4, height: 2))
      there.line(from: (0, 0), to: end)
      back.line(from: end, to: (0, 0))
      for canvas in [there, back] {
        let dots = canvas.lines(unicode: true).joined().unicodeScalars.reduce(0) {
          $0 + ($1.value < 0x2800 ? 0 : Int(($1.value - 0x2800).nonzeroBitCount))
        }
        expectEqual(dots, max(end.0, end.1) + 1, "\(end)")
      }
    }
  }

  @Test func aDiagonalIsADiagonal() {
    var canvas = BrailleCanvas(width: 2, height: 1)
    canvas.line(from: (0, 0), to: (3, 3))
    expectEqual(canvas.lines(unicode: true), ["⠑⢄"])
  }

  @Test func aCellBelongsToTheLayerThatCameLast() {
    var canvas = canvas([(0, 0)], width: 2)
    expectEqual(canvas.layer(column: 0, row: 0), 0)
    expectNil(canvas.layer(column: 1, row: 0))
    canvas.set(x: 1, y: 1, layer: 1)
    expectEqual(canvas.layer(column: 0, row: 0), 1)
    expectEqual(canvas.lines(unicode: false), ["o "])
  }
}
