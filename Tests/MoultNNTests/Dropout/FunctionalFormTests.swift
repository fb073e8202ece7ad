import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// What the calls below resolve to where the library's form wants a mode.
private struct NeedsMode {}

// The library's forms without `mode:`. Their arguments fit worse than a Tensor and a Double do, so the compiler chooses
// one of these only where the library has nothing to offer: once `mode` has a default there, the library's form is
// chosen.
private func dropout(_ x: Any, rate: Any) -> NeedsMode { NeedsMode() }
private func alphaDropout(_ x: Any, rate: Any) -> NeedsMode { NeedsMode() }
private func dropPath(_ x: Any, rate: Any) -> NeedsMode { NeedsMode() }
private func dropBlock(_ x: Any, rate: Any, blockSize: Any) -> NeedsMode { NeedsMode() }
private func weightDrop(_ weight: Any, rate: Any) -> NeedsMode { NeedsMode() }
private func embeddingDropout(_ table: Any, rate: Any) -> NeedsMode { NeedsMode() }
private func attentionDropout(_ weights: Any, rate: Any) -> NeedsMode { NeedsMode() }
private func zoneout(_ new: Any, previous: Any, rate: Any) -> NeedsMode { NeedsMode() }

@Suite struct FunctionalFormTests {
  private func wantsMode<T>(_ chosen: T) -> Bool { T.self == NeedsMode.self }

  /// A default would drop units in evaluation for somebody who did not think of it.
  @Test func everyFunctionalFormTakesItsModeFromTheCaller() {
    let x = Tensor.ones([2, 2, 2, 2]), rate = 0.5
    let chosen: [(form: String, wantsMode: Bool)] = [
      ("dropout", wantsMode(dropout(x, rate: rate))),
      ("alphaDropout", wantsMode(alphaDropout(x, rate: rate))),
      ("dropPath", wantsMode(dropPath(x, rate: rate))),
      ("dropBlock", wantsMode(dropBlock(x, rate: rate, blockSize: 1))),
      ("weightDrop", wantsMode(weightDrop(x, rate: rate))),
      ("embeddingDropout", wantsMode(embeddingDropout(x, rate: rate))),
      ("attentionDropout", wantsMode(attentionDropout(x, rate: rate))),
      ("zoneout", wantsMode(zoneout(x, previous: x, rate: rate))),
    ]
    for (form, wantsMode) in chosen { expectTrue(wantsMode, "\(form) has a mode of its own") }
  }

  @Test func modesDecide() {
    let x = Tensor.ones([4, 64])
    expectEqual(dropout(x, rate: 0.5, mode: .evaluation), x)
    expectTrue(dropout(x, rate: 0.5, mode: .training) != x && dropout(x, rate: 0.5, mode: .sampling) != x)
  }
}
