import MoultCore

/// The sums over the current epoch so far.
struct EpochTotals {
  var steps = 0
  var samples = 0
  /// The sum of the weights of the samples, which is their number if all weights are 1.
  var weight = 0.0
  /// The sum of the losses of the batches, each multiplied by the weight of its samples.
  var lossSum = 0.0
  var accuracy = Accuracy()
  /// The number of seconds spent in the steps of the epoch, over all calls of `fit`.
  var seconds = 0.0

  var meanLoss: Double { weight > 0 ? lossSum / weight : 0 }

  mutating func add(loss: Double, of batch: Batch, accuracy: Accuracy) {
    let batchWeight = batch.totalWeight
    self.accuracy = accuracy
    steps += 1
    samples += batch.inputs.shape[0]
    weight += batchWeight
    lossSum += loss * batchWeight
  }
}
