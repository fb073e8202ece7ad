import MoultCore
import MoultNN
import MoultPlatform

/// The variants that drop weights and rows of tables, or decide for the outputs of a layer. Where one input makes an
/// output one product, no instruction set changes its bits.
extension VariantTrial {
  static let ofWeights: [String: VariantTrial] = [
    "dropconnect": VariantTrial(
      make: { DropConnect(1, 40, rate: $0, bias: false, dtype: $1) },
      makeLarge: { rate in
        let layer = DropConnect(1, 1 << 20, rate: rate, bias: false)
        layer.weight.value = .ones([1 << 20, 1])
        return layer
      },
      shape: [8, 1], isDiagonal: false, sharing: nil, evaluation: .rateZero, atRateOne: .finite, label: "DropConnect",
      moments: { (1, $0 / (1 - $0)) }, momentShape: [4, 1], copies: { _ in 4 }),
    "weight-drop": VariantTrial(
      make: { rate, _ in WeightDrop(rate) }, shape: [8, 40], hasSamples: false, label: "WeightDrop",
      moments: { (1, $0 / (1 - $0)) }),
    "embedding-dropout": VariantTrial(
      make: { rate, _ in FunctionalLayer { embeddingDropout($0, rate: rate, mode: $1, stream: 0) } }, shape: [40, 3],
      sharing: .axes([1]), hasSamples: false, label: "embeddingDropout", moments: { (1, $0 / (1 - $0)) },
      momentShape: [1 << 20, 4], copies: { _ in 4 }),
    "standout": VariantTrial(
      make: { rate, dtype in
        let layer = Standout(1, 40, beta: Standout.beta(atRate: rate), dtype: dtype)
        layer.linear.bias?.value = .zeros([40], dtype: dtype)
        return layer
      },
      shape: [8, 1], isDiagonal: false, sharing: nil, evaluation: .ownFormula, drawsAtRateZero: true,
      atRateOne: .finite, label: "Standout", momentShape: [1 << 12, 1]),
    "variational-linear": VariantTrial(
      make: { rate, dtype in
        let layer = VariationalLinear(1, 40, rate: rate, dtype: dtype)
        layer.bias.value = .zeros([40], dtype: dtype)
        return layer
      },
      makeLarge: { rate in
        let layer = VariationalLinear(1, 1 << 10, logVariance: log(rate / (1 - rate)))
        layer.weight.value = .ones([1 << 10, 1])
        layer.bias.value = .zeros([1 << 10])
        return layer
      },
      shape: [8, 1], isDiagonal: false, sharing: nil, evaluation: .ownFormula, atRateOne: .refused("got 1.0"),
      label: "VariationalLinear", moments: { (1, $0 / (1 - $0)) }, momentShape: [1 << 12, 1]),
  ]
}
