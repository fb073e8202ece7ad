import MoultCore
import MoultNN
import MoultTestSupport
import Testing

private struct Inner: Module {
  let linear = Linear(2, 2)
  func callAsFunction(_ x: Tensor) -> Tensor { linear(x) }
}

private enum Head: Sendable {
  case plain(Linear)
  case pair(Linear, other: Dropout)
  case none
}

private class Base: @unchecked Sendable {
  let early = Linear(2, 2, bias: false)
}

private final class Everything: Base, Module, @unchecked Sendable {
  let inner = Inner()
  let maybe: Linear? = Linear(2, 2, bias: false)
  let never: Linear? = nil
  let blocks = [Inner(), Inner()]
  let mixed: [any Module<Tensor, Tensor>] = [ReLU(), Linear(2, 2), Dropout(0.5)]
  let tuple = (Linear(2, 2, bias: false), named: Dropout(0))
  let heads = ["b": Linear(2, 2, bias: false), "a": Linear(2, 2, bias: false)]
  let numbered = [10: Dropout(0.5), 9: Dropout(0.5)]
  let head = Head.plain(Linear(2, 2, bias: false))
  let twoHeads = Head.pair(Linear(2, 2, bias: false), other: Dropout(0.5))
  let noHead = Head.none
  lazy var late = Dropout(0.1)
  let scale = Parameter(Tensor([1, 2]))
  let shared: Linear
  let again: Linear
  let name = "everything"
  let table = [Float](repeating: 1, count: 1_000)

  override init() {
    shared = Linear(2, 2, bias: false)
    again = shared
    super.init()
    _ = late
  }

  func callAsFunction(_ x: Tensor) -> Tensor { x }
}

private final class Cyclic: Module, @unchecked Sendable {
  let linear = Linear(2, 2)
  var partner: Cyclic?
  func callAsFunction(_ x: Tensor) -> Tensor { linear(x) }
}

private struct Keyed: Module {
  static let letters = "abcdefghijkl"
  let named = Dictionary(uniqueKeysWithValues: letters.map { (String($0), Dropout(0.5)) })
  let numbered = Dictionary(uniqueKeysWithValues: (0..<12).map { ($0, Dropout(0.5)) })
  func callAsFunction(_ x: Tensor) -> Tensor { x }
}

private struct Renamed: Module, CustomReflectable {
  let secretName = Linear(2, 2)
  var customMirror: Mirror { Mirror(self, children: ["fc": secretName]) }
  func callAsFunction(_ x: Tensor) -> Tensor { secretName(x) }
}

@Suite struct ModuleReflectionTests {
  /// These are keys of checkpoints: a change here breaks every saved model.
  @Test func pathsAreThePropertyNames() {
    expectEqual(
      Everything().namedParameters().map(\.name),
      [
        "early.weight", "inner.linear.weight", "inner.linear.bias", "maybe.weight", "blocks.0.linear.weight",
        "blocks.0.linear.bias", "blocks.1.linear.weight", "blocks.1.linear.bias", "mixed.1.weight", "mixed.1.bias",
        "tuple.0.weight", "heads.a.weight", "heads.b.weight", "head.weight", "twoHeads.0.weight", "scale",
        "shared.weight",
      ])
    expectEqual(
      SimpleMLP().namedParameters().map(\.name),
      [
        "hiddenLayer1.weight", "hiddenLayer1.bias", "hiddenLayer2.weight", "hiddenLayer2.bias", "outputLayer.weight",
        "outputLayer.bias",
      ])
  }

  @Test func stochasticLayersComeDepthFirstInDeclarationOrder() {
    expectEqual(
      Everything().stochasticLayers().map(\.name),
      [
        "mixed.2", "tuple.named", "numbered.9", "numbered.10", "twoHeads.other", "late",
      ])
  }

  /// Enough keys that the order of a hash table would be seen.
  @Test func dictionariesAreInTheOrderOfTheirKeys() {
    expectEqual(
      Keyed().stochasticLayers().map(\.name), Keyed.letters.map { "named.\($0)" } + (0..<12).map { "numbered.\($0)" })
  }

  @Test func aSharedLayerIsFoundOnceAtItsFirstPlace() {
    let model = Everything()
    expectEqual(model.parameters().filter { $0 === model.shared.weight }.count, 1)
  }

  @Test func cyclesOfReferencesEnd() {
    let (first, second) = (Cyclic(), Cyclic())
    first.partner = second
    second.partner = first
    expectEqual(
      first.namedParameters().map(\.name),
      [
        "linear.weight", "linear.bias", "partner.linear.weight", "partner.linear.bias",
      ])
    first.partner = nil
  }

  @Test func aTypeMayShowItsOwnChildren() {
    expectEqual(Renamed().namedParameters().map(\.name), ["fc.weight", "fc.bias"])
  }

  @Test func aLayerIsAModelOfItsOwn() {
    expectEqual(Linear(2, 3).namedParameters().map(\.name), ["weight", "bias"])
    expectEqual(Dropout(0.5).stochasticLayers().map(\.name), [""])
    expectTrue(ReLU().parameters().isEmpty)
  }

  @Test func setsOfLayersAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      struct Bag: Module {
        let layers: Set<Hashed> = [Hashed()]
        func callAsFunction(_ x: Tensor) -> Tensor { x }
      }
      Bag().train()
    }
    expectTrue(message(result).contains("layers: expected layers in an array, got a set"))
  }
}

private struct Hashed: Hashable, Sendable {
  let layer = Linear(1, 1)
  static func == (first: Hashed, second: Hashed) -> Bool { first.layer === second.layer }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(layer)) }
}
