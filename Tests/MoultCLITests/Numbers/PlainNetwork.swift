import Foundation
import Moult
import MoultTestSupport
import Testing

/// A fully connected network in loops of Double, from the tensors of a model file: independent of the library's
/// kernels.
struct PlainNetwork {
  private let layers: [(weight: [[Double]], bias: [Double])]

  /// - Parameter file: A model file of plain dropout.
  init(_ file: String) throws {
    let tensors = try SafeTensors.read(file).tensors
    let hidden = (0..<10).map { "hiddenLayers.\($0)" }.prefix { tensors[$0 + ".weight"] != nil }
    layers = try (hidden + ["outputLayer"]).map { name in
      let weight = try unwrapped(tensors[name + ".weight"]), bias = try unwrapped(tensors[name + ".bias"])
      let values = weight.scalars(as: Double.self), width = weight.shape[1]
      return (
        (0..<weight.shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }, bias.scalars(as: Double.self)
      )
    }
  }

  func outputs(_ row: [Double]) -> [Double] {
    var x = row
    for (index, layer) in layers.enumerated() {
      x = zip(layer.weight, layer.bias).map { weights, bias in
        zip(weights, x).reduce(bias) { $0 + $1.0 * $1.1 }
      }
      if index + 1 < layers.count { x = x.map { max($0, 0) } }
    }
    return x
  }

  /// The probabilities of the classes.
  func probabilities(_ row: [Double]) -> [Double] {
    let logits = outputs(row), top = logits.max() ?? 0
    let powers = logits.map { exp($0 - top) }, sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}

extension Tensor {
  /// The rows of a matrix.
  var rows: [[Double]] {
    let values = scalars(as: Double.self), width = shape.dropFirst().reduce(1, *)
    return (0..<shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }
}

/// Metrics of a regression by their definitions.
struct PlainRegression {
  let rmse, mae, r2: Double

  init(_ predictions: [Double], _ targets: [Double]) {
    let count = Double(targets.count), center = targets.reduce(0, +) / count
    let squares = zip(predictions, targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    rmse = (squares / count).squareRoot()
    mae = zip(predictions, targets).reduce(0) { $0 + abs($1.0 - $1.1) } / count
    r2 = 1 - squares / targets.reduce(0) { $0 + ($1 - center) * ($1 - center) }
  }
}

/// Metrics of a classification by their definitions.
struct PlainClassification {
  let accuracy, negativeLogLikelihood, brier, calibration: Double

  init(_ probabilities: [[Double]], _ labels: [Int]) {
    let count = Double(labels.count)
    let best = probabilities.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
    accuracy = Double(zip(best, labels).count { $0 == $1 }) / count
    negativeLogLikelihood = zip(probabilities, labels).reduce(0) { $0 - log($1.0[$1.1]) } / count
    brier =
      zip(probabilities, labels).reduce(0) { sum, pair in
        pair.0.indices.reduce(sum) { $0 + pow(pair.0[$1] - ($1 == pair.1 ? 1 : 0), 2) }
      } / count
    // Fifteen bins of confidence, each weighted by its samples.
    var confidences = [Double](repeating: 0, count: 15), right = confidences
    for (row, (index, label)) in zip(probabilities, zip(best, labels)) {
      let bin = min(max(Int((row[index] * 15).rounded(.up)) - 1, 0), 14)
      confidences[bin] += row[index]
      right[bin] += index == label ? 1 : 0
    }
    calibration = zip(confidences, right).reduce(0) { $0 + abs($1.0 - $1.1) } / count
  }
}

/// Whether two numbers agree within a relative error.
func agree(_ a: Double?, _ b: Double, within tolerance: Double = 1e-5) -> Bool {
  guard let a else { return false }
  return abs(a - b) <= tolerance * max(abs(a), abs(b), 1e-3)
}
