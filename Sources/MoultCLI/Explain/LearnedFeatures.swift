import Moult

/// The change of each first-layer unit's weights by training, as images, and the smoothness of these images.
struct LearnedFeatures {
  /// One image for each unit.
  let images: [[Float]]
  /// The correlation of neighboring pixels of each image, over the pixels that are nonzero in at least one digit.
  let smoothness: [Double]
  /// The mean of `smoothness`.
  let mean: ScalingChapter.Mean
  /// The fraction of active units (output above zero), over the training digits.
  let activeShare: Double
  /// The indices of the units in the order of their smoothness.
  private let order: [Int]

  init(_ network: TrainedNetwork, isLit: [Bool], training: TensorDataset) {
    let added = (network.weights - network.firstWeights).scalars(as: Float.self)
    let pixels = isLit.count
    images = stride(from: 0, to: added.count, by: pixels).map { Array(added[$0..<$0 + pixels]) }
    smoothness = images.map { Self.neighborCorrelation(of: $0, isLit: isLit, side: 28) }
    mean = ScalingChapter.Mean(smoothness)
    let smoothness = smoothness
    order = smoothness.indices.sorted { (smoothness[$0], $0) < (smoothness[$1], $1) }
    let model = network.model
    let active = model.evaluating {
      withGradients(false) { model.hiddenLayers[0](training.inputs).scalars(as: Float.self) }
    }
    activeShare = Double(active.count { $0 > 0 }) / Double(active.count)
  }

  /// The unit with the median smoothness.
  var middle: Int { order[order.count / 2] }

  /// Returns the indices of `count` units that are evenly spaced in the order of smoothness.
  func spread(_ count: Int) -> [Int] {
    (0..<count).map { order[(2 * $0 + 1) * order.count / (2 * count)] }
  }

  /// Returns the magnitude that is drawn at full strength for a unit. 2 % of the pixels exceed it, so that single large
  /// pixels do not make the others pale.
  func limit(of unit: Int) -> Float {
    let magnitudes = images[unit].map(abs).sorted()
    return magnitudes[magnitudes.count * 98 / 100]
  }

  /// Returns which pixels are nonzero in at least one digit. The weights of all other pixels do not change in training.
  static func litPixels(of digits: TensorDataset) -> [Bool] {
    digits.inputs.max(axis: 0).scalars(as: Float.self).map { $0 > 0 }
  }

  /// Returns the correlation between pixels and their right and lower neighbors, over nonzero pixels; 0 for a constant
  /// image.
  static func neighborCorrelation(of image: [Float], isLit: [Bool], side: Int) -> Double {
    let lit = image.indices.filter { isLit[$0] }
    let mean = lit.reduce(0) { $0 + Double(image[$1]) } / Double(max(lit.count, 1))
    let variance = lit.reduce(0) { $0 + square(Double(image[$1]) - mean) } / Double(max(lit.count, 1))
    var sum = 0.0, count = 0
    for pixel in lit {
      let neighbors = [pixel % side + 1 < side ? pixel + 1 : nil, pixel + side < image.count ? pixel + side : nil]
      for neighbor in neighbors.compactMap({ $0 }) where isLit[neighbor] {
        sum += (Double(image[pixel]) - mean) * (Double(image[neighbor]) - mean)
        count += 1
      }
    }
    return variance > 0 && count > 0 ? sum / Double(count) / variance : 0
  }

  private static func square(_ x: Double) -> Double { x * x }
}
