import MoultCore

/// The variants that are a loss computed from the whole model.
extension DropoutVariant {
  static let rDrop = DropoutVariant(
    "r-drop", "two passes with masks of their own that must agree",
    source: "Liang et al. 2021, https://arxiv.org/abs/2106.14448",
    place: .loss { model, inputs, labels, _ in rDropLoss(inputs, labels, alpha: 1) { model($0) } })

  static let mixup = DropoutVariant(
    "mixup", "mixes each sample and its label with another",
    source: "Zhang et al. 2018, https://arxiv.org/abs/1710.09412",
    place: .loss { model, inputs, labels, _ in
      let mixed = MoultNN.mixup(inputs, labels, alpha: 0.2)
      return mixed.loss(of: model(mixed.inputs), crossEntropy)
    })
}
