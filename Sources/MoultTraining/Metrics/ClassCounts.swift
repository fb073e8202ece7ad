import MoultCore

/// The weights of samples by their class and by their predicted class: the margins and the diagonal of a confusion
/// matrix.
struct ClassCounts {
  /// The weight of the samples of each class that are predicted as it.
  private(set) var truePositives: [Double] = []
  /// The weight of the samples that are predicted as each class.
  private(set) var predicted: [Double] = []
  /// The weight of the samples of each class.
  private(set) var actual: [Double] = []
  private var isPresent: [Bool] = []

  var classCount: Int { actual.count }
  /// The weight of all samples.
  var total: Double { actual.reduce(0, +) }
  /// The classes that occur among the labels or the predictions, also of samples of weight 0.
  var presentClasses: [Int] { isPresent.indices.filter { isPresent[$0] } }

  /// Adds a batch. Stops the program if it has another number of classes than those before.
  mutating func add(_ batch: ClassifiedBatch, _ metric: String) {
    if isPresent.isEmpty {
      isPresent = [Bool](repeating: false, count: batch.classCount)
      truePositives = [Double](repeating: 0, count: batch.classCount)
      (predicted, actual) = (truePositives, truePositives)
    }
    require(
      batch.classCount == classCount, "\(metric): expected outputs of \(classCount) classes, got \(batch.classCount)")
    for (index, label) in batch.labels.enumerated() {
      let prediction = batch.predictions[index], weight = batch.weights?[index] ?? 1
      (isPresent[label], isPresent[prediction]) = (true, true)
      actual[label] += weight
      predicted[prediction] += weight
      if prediction == label { truePositives[label] += weight }
    }
  }
}
