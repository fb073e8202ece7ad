import MoultCore

extension Examination {
  /// Findings for layers that draw in evaluation mode, and for layers that draw nothing in training mode.
  var modeFindings: [Finding] { activeInEvaluation + neverActiveInTraining }

  private var activeInEvaluation: [Finding] {
    let first = evaluated()
    var findings: [Finding] = []
    var seen: Set<ObjectIdentifier> = []
    var functionalDraws = 0
    for draw in first.trace.draws {
      guard let layer = draw.layer else {
        functionalDraws += 1
        continue
      }
      guard seen.insert(ObjectIdentifier(layer)).inserted else { continue }
      let path = self.layer(of: layer)?.name
      findings.append(
        activeFinding(
          path ?? "",
          path != nil ? "draws masks in evaluation mode" : "a layer that reflection cannot find draws masks",
          path != nil
            ? "return the input where its LayerMode is .evaluation"
            : "keep it in a property of the model, so that train() and eval() reach it"))
    }
    if functionalDraws > 0 {
      findings.append(
        activeFinding(
          "", "\(functionalDraws) of its calls of a functional dropout draw masks in evaluation mode",
          "pass the mode of a LayerMode kept in a property, not a constant"))
    }
    if findings.isEmpty, differ(first.output, evaluated(step: 1).output) {
      findings.append(
        activeFinding(
          "", "two passes over the same batch in evaluation mode give different outputs",
          "look for random numbers in the forward pass that do not ask for the mode"))
    }
    return findings
  }

  private func activeFinding(_ layer: String, _ what: String, _ advice: String) -> Finding {
    Finding(
      severity: .error, kind: .activeInEvaluation, layer: layer, what: what, values: [:], advice: advice)
  }

  /// Whether two outputs differ in shape or in an element. Two NaN at the same place are equal.
  private func differ(_ a: Tensor, _ b: Tensor) -> Bool {
    a.shape != b.shape
      || zip(a.scalars(as: Double.self), b.scalars(as: Double.self)).contains { $0 != $1 && !($0.isNaN && $1.isNaN) }
  }

  private var neverActiveInTraining: [Finding] {
    let skipping = found.stochasticLayers.filter {
      $0.layer.dropoutState.draws == .perCall && isAlwaysSkipping($0.layer)
    }
    return found.stochasticLayers.compactMap { name, layer in
      // A layer with a rate of 0 draws nothing; rateFindings reports it.
      if uses.hasDrawn(layer) || (layer as? any RatedLayer)?.rate == 0 { return nil }
      // A layer inside a layer that every pass skipped was never called, so whether it draws is unknown.
      if skipping.contains(where: { $0.name.isEmpty || name.hasPrefix($0.name + ".") }) { return nil }
      let isFixed = isFixed(layer)
      return Finding(
        severity: isFixed ? .note : .warning, kind: .neverActiveInTraining, layer: name,
        what: isFixed ? "is fixed in evaluation mode, and so drops nothing in training" : "drops nothing in training",
        values: [:],
        advice: isFixed
          ? "call unfixMode() if that is not meant"
          : "use it in the forward pass, and let it ask its LayerMode; or remove it")
    }
  }

  /// Whether the layer, such as a `LayerDrop`, skipped the layers inside it in every pass.
  ///
  /// That is so if all of its masks dropped everything, or if its rate is 1, at which no mask is drawn. A layer that
  /// draws noise has no masks either, but skips nothing.
  private func isAlwaysSkipping(_ layer: any StochasticLayer) -> Bool {
    let masks = uses.masks(of: layer)
    return uses.hasDrawn(layer)
      && (masks.isEmpty ? (layer as? any RatedLayer)?.rate == 1 : masks.allSatisfy { $0.keptUnits.count == 0 })
  }
}
