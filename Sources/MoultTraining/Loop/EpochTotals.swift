/// The sums of an epoch so far.
struct EpochTotals {
  var steps = 0
  var samples = 0
  var lossSum = 0.0
  var accuracy = Accuracy()
  /// Seconds spent in steps, by all calls of `fit` that had a part in it.
  var seconds = 0.0

  var meanLoss: Double { samples > 0 ? lossSum / Double(samples) : 0 }

  mutating func add(loss: Double, samples count: Int, accuracy: Accuracy) {
    self.accuracy = accuracy
    steps += 1
    samples += count
    lossSum += loss * Double(count)
  }
}
