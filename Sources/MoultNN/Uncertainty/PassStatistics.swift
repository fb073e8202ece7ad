import MoultCore
import MoultPlatform

/// Accumulates the outputs of passes and makes a ``Prediction`` of them. The memory does not depend on the number of
/// passes.
///
/// Each row is summed separately, in Double and in the order of the passes, so the result does not depend on the
/// batches. The sums are taken of differences from the first pass, so equal passes give a variance of exactly 0.
struct PassStatistics: PassConsumer {
  /// The number of passes between two checks whether a row may stop. The standard error of fewer passes would be
  /// unreliable.
  static let passesBetweenChecks = 32

  /// The task; nil if neither the caller nor the targets imply it, and the first output determines it.
  private var task: LearningTask?
  private let requestedPasses: Int
  private let targets: ObservedTargets?
  /// The standard error at which a row stops; nil to run all passes.
  private let wantedError: Double?

  private var rows = 0..<0
  private var sums: RowSums?
  private var dtype = DType.float32
  /// The shape of one row of the mean.
  private var shape: [Int]?
  private var result = Columns()

  /// The results of the finished rows, one row after the other.
  private struct Columns {
    var mean: [Double] = []
    var variance: [Double] = []
    var standardError: [Double] = []
    var extra: [Double] = []
    var likelihood: [Double] = []
    var passes: [Int] = []
  }

  init(task: LearningTask?, passes: Int, targets: ObservedTargets?, wantedError: Double?) {
    (requestedPasses, self.targets, self.wantedError) = (passes, targets, wantedError)
    self.task = task ?? targets.map { LearningTask(noise: $0.noise) }
  }

  mutating func begin(rows: Range<Int>) {
    self.rows = rows
    sums = nil
  }

  var isSatisfied: Bool { sums.map { $0.areAllDone } ?? false }

  mutating func add(_ output: Tensor, passes: Int) {
    output.requireFloatingPoint("predict")
    require(
      output.rank > 0 && output.shape[0] == passes * rows.count,
      "predict: expected an output with a row for each of \(passes * rows.count), got \(output.shape)")
    dtype = output.dtype
    let values: Tensor, second: Tensor?
    let task = task ?? LearningTask(assumedFor: output)
    self.task = task
    switch task {
    case .classification:
      require(
        output.rank > 1 && output.shape[output.rank - 1] != 1,
        "predict: expected logits: [N, ..., K] of two classes or more, got \(output.shape); use as: .regression")
      values = softmax(output, axis: -1)
      second = log(values)
    case .regression: (values, second) = (output, nil)
    case .heteroscedasticRegression:
      let width = output.rank > 1 ? output.shape[output.rank - 1] : 1
      require(
        width % 2 == 0,
        "predict: expected outputs [N, ..., 2 · D], means and then log-variances, got \(output.shape)")
      let halves = output.reshaped([-1, 2, width / 2]), whole = Array(output.shape.dropLast()) + [width / 2]
      values = halves[0..., 0].reshaped(whole)
      second = halves[0..., 1].reshaped(whole)
    }
    let row = Array(values.shape.dropFirst())
    require(
      sums == nil || row == shape, "predict: expected rows of shape \(shape ?? []) as in the passes before, got \(row)")
    shape = row
    let sums = sums ?? newSums(like: values)
    self.sums = sums
    if dtype == .float32 {
      sums.add(values, second, passes: passes, Float.self)
    } else {
      sums.add(values, second, passes: passes, Double.self)
    }
  }

  private func newSums(like values: Tensor) -> RowSums {
    let width = values.shape.dropFirst().reduce(1, *), classes = values.shape[values.rank - 1]
    var observed: RowSums.Observed?
    if let targets {
      let expected = [targets.values.shape.first ?? 0] + values.shape.dropFirst()
      require(
        targets.values.shape == expected && rows.upperBound <= expected[0],
        "predict: expected targets: [N] + \(Array(values.shape.dropFirst())), got \(targets.values.shape); "
          + "nothing is broadcast")
      let part = targets.values[rows].cast(to: .float64).contiguous()
      switch (targets.noise, task) {
      case (.precision(let precision), .regression): observed = .init(values: part, precision: precision)
      case (.predicted, .heteroscedasticRegression): observed = .init(values: part, precision: nil)
      default:
        fatalError(
          "predict: expected targets with a precision for a regression, or predicted noise for a heteroscedastic one, "
            + "got \(targets.noise) for \(task.map { "\($0)" } ?? "none")")
      }
    }
    let entropies = task == .classification ? width / max(classes, 1) : 0
    return RowSums(
      rows: rows.count, width: width, entropies: entropies, hasNoise: task == .heteroscedasticRegression,
      observed: observed, wantedError: wantedError)
  }

  mutating func end() {
    guard let sums else { return }
    for row in 0..<rows.count {
      let count = Double(sums.passes[row])
      result.passes.append(sums.passes[row])
      for at in row * sums.width..<(row + 1) * sums.width {
        let spread = sums.spread(at, count)
        result.mean.append(sums.first[at] + sums.sum[at] / count)
        result.variance.append(spread / count)
        result.standardError.append((spread / (count - 1) / count).squareRoot())
      }
      for at in row * sums.extraWidth..<(row + 1) * sums.extraWidth { result.extra.append(sums.extra[at] / count) }
      if sums.observed != nil {
        result.likelihood.append(sums.greatest[row] + log(sums.scaled[row]) - log(count))
      }
    }
  }

  /// Returns the prediction of all rows.
  func prediction() -> Prediction {
    guard let shape, let task else { fatalError("predict: no pass was made") }
    let whole = [result.passes.count] + shape
    let mean = Tensor(result.mean, shape: whole)
    func narrowed(_ values: [Double], _ shape: [Int]) -> Tensor { Tensor(values, shape: shape).cast(to: dtype) }
    var classes: Prediction.Classes?
    if task == .classification {
      let expected = Tensor(result.extra, shape: Array(whole.dropLast()))
      let terms = mean * log(mean)
      // Subtracted from 0, since a minus sign would turn 0 into -0.
      let entropy = 0 - select(mean .== 0, .zeros(whole, dtype: .float64), terms).sum(axis: -1)
      // The mutual information is never negative, and 0 if all passes agree; rounding could break both.
      let variance = Tensor(result.variance, shape: whole).sum(axis: -1)
      let information = select(variance .== 0, .zeros([], dtype: .float64), relu(entropy - expected))
      classes = .init(
        entropy: entropy.cast(to: dtype), expectedEntropy: expected.cast(to: dtype),
        mutualInformation: information.cast(to: dtype))
    }
    return Prediction(
      task: task, requestedPasses: requestedPasses, passes: result.passes, mean: mean.cast(to: dtype),
      variance: narrowed(result.variance, whole), standardError: narrowed(result.standardError, whole),
      classes: classes, noise: task == .heteroscedasticRegression ? narrowed(result.extra, whole) : nil,
      likelihood: targets == nil ? nil : narrowed(result.likelihood, [result.passes.count]))
  }
}
