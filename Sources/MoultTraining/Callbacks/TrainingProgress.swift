import MoultFormats

/// The progress and the speed of a call of `fit`.
package struct TrainingProgress {
  package let plan: TrainingPlan
  /// Steps taken by this call of `fit`.
  package var stepsDone = 0
  /// Seconds since it began.
  package var elapsed = 0.0

  package init(plan: TrainingPlan) { self.plan = plan }

  /// The fraction of the call's steps that are taken.
  package var share: Double {
    let steps = plan.epochs * plan.stepsPerEpoch
    return steps > 0 ? min(1, Double(stepsDone) / Double(steps)) : 1
  }

  /// Seconds that the rest will take at the speed so far, validation included.
  package var secondsLeft: Double { share > 0 ? elapsed / share * (1 - share) : .infinity }

  /// Samples per second so far, validation included.
  package var samplesPerSecond: Double {
    elapsed > 0 ? Double(stepsDone) / Double(plan.stepsPerEpoch) * Double(plan.sampleCount) / elapsed : 0
  }

  /// A bar of `width` characters, of which the first `done` are.
  package func bar(width: Int, unicode: Bool) -> (text: String, done: Int) {
    let done = Int((share * Double(width)).rounded(.down))
    return (
      String(repeating: unicode ? "━" : "#", count: done)
        + String(repeating: unicode ? "─" : "-", count: width - done), done
    )
  }
}

/// Fields of a line, of which some are left out where it is narrow.
package enum FittingFields {
  /// A piece of text, and how much it is needed.
  package typealias Field = (text: String, need: Int)

  /// The fields that fit into `width` characters, in their order: the least needed ones are left out first.
  package static func fitting(_ fields: [Field], into width: Int) -> [Field] {
    var fields = fields
    while fields.reduce(0, { $0 + $1.text.count }) > width,
      let least = fields.indices.min(by: { fields[$0].need < fields[$1].need })
    {
      fields.remove(at: least)
    }
    return fields
  }
}
