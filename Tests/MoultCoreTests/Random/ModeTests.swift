import MoultCore
import MoultTestSupport
import Testing

@Suite struct ModeTests {
  @Test func eachModeDrawsFromItsOwnStreams() {
    func dropped(_ mode: Mode, _ domain: RandomDomain) -> Bool {
      let y = withSeed(1) { dropout(.ones([4, 64]), rate: 0.5, mode: mode, stream: 0) }
      let bits = dropMaskBits(
        seed: 1, layer: 0, call: 0, domain: domain, step: 0, rate: 0.5, sample: 0, rows: 4, units: 64)
      return (y .== 0) == Tensor(bits.flatMap { $0 }, shape: [4, 64])
    }
    expectTrue(dropped(.training, .training) && dropped(.sampling, .sampling) && !dropped(.sampling, .training))
    expectEqual(dropout(.ones([4, 64]), rate: 0.5, mode: .evaluation, stream: 0), .ones([4, 64]))
  }
}
