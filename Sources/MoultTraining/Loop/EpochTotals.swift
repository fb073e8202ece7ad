/// The sums over the current epoch so far.
struct EpochTotals {
  var steps = 0
  var samples = 0
  var lossSum = 0.0
  var accuracy = Accuracy()
  /// The number of seconds spent in the steps of the epoch, over all calls of `fit`.
  var seconds = 0.0

  var meanLoss: Double { samples > 0 ? lossSum / Double(samples) : 0 }

  mutating func add(loss: Double, samples count: Int, accuracy: Accuracy) {
    self.accuracy = accuracy
    steps += 1
    samples += count
    lossSum += loss * Double(count)
  }
}
