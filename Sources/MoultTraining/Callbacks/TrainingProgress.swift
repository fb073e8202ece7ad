import MoultFormats

/// The progress and speed of a call of `fit`.
package struct TrainingProgress {
  package let plan: TrainingPlan
  /// The number of steps that this call of `fit` has taken.
  package var stepsDone = 0
  /// The number of seconds since this call of `fit` began.
  package var elapsed = 0.0

  package init(plan: TrainingPlan) { self.plan = plan }

  /// The fraction of the steps of this call that are completed, 0 to 1.
  package var share: Double {
    let steps = plan.epochs * plan.stepsPerEpoch
    return steps > 0 ? min(1, Double(stepsDone) / Double(steps)) : 1
  }

  /// The estimated number of seconds to the end at the average speed so far, including validation.
  package var secondsLeft: Double { share > 0 ? elapsed / share * (1 - share) : .infinity }

  /// The average number of samples per second so far, including the time of validation.
  package var samplesPerSecond: Double {
    elapsed > 0 ? Double(stepsDone) / Double(plan.stepsPerEpoch) * Double(plan.sampleCount) / elapsed : 0
  }

  /// Returns a bar of `width` characters, and the number of characters in its completed part.
  package func bar(width: Int, unicode: Bool) -> (text: String, done: Int) {
    let done = Int((share * Double(width)).rounded(.down))
    return (
      String(repeating: unicode ? "━" : "#", count: done)
        + String(repeating: unicode ? "─" : "-", count: width - done), done
    )
  }
}

/// Fields of a line, some of which are left out if the line is too narrow.
package enum FittingFields {
  /// The text of a field and its importance: fields with a lower `need` are left out first.
  package typealias Field = (text: String, need: Int)

  /// Returns the fields that fit into `width` characters, in their order. The least important fields are left out
  /// first.
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
