import Moult

/// The time of each layer's products in a training step, as medians over steps.
struct StageSummary {
  /// The key of a product: the layer, and which of its products.
  private struct Key: Hashable {
    let layer: Int
    let stage: ProductRecorder.Stage
  }

  /// The code path that computed a product.
  private struct Path: Hashable {
    let usesSparseRows: Bool
    let skipsGradientZeros: Bool?
    let isCompacted: Bool

    /// The path in the words of the JSON output, which are kept for compatibility.
    var json: String { words(sparseRows: "lists", activeColumns: "kept units") }
    /// The path in words for the text output.
    var text: String { words(sparseRows: "sparse rows", activeColumns: "active columns") }

    private func words(sparseRows: String, activeColumns: String) -> String {
      let side = skipsGradientZeros.map { $0 ? " by output" : " by input" } ?? ""
      return (usesSparseRows ? sparseRows : "dense") + side + (isCompacted ? ", \(activeColumns)" : "")
    }
  }

  /// The measurements of one product in all steps.
  private struct Course {
    var times: [Double] = []
    var inputDensities: [Double] = []
    var gradientDensities: [Double] = []
    var densities: [Double] = []
    var paths: [Path: Int] = [:]

    var median: Double { times.sorted().median }
    /// The most frequent path.
    var path: Path? { paths.max { ($0.value, $0.key.json) < ($1.value, $1.key.json) }?.key }
  }

  private var courses: [Key: Course] = [:]
  private var rest: [Double] = []
  private var steps: [Double] = []

  /// Adds the products of one step.
  ///
  /// - Parameters:
  ///   - products: The products that were recorded in the step.
  ///   - step: The time of the whole step, in microseconds.
  mutating func add(_ products: [ProductRecorder.Product], step: Double) {
    var others = step
    var times: [Key: Double] = [:]
    for product in products {
      let time = product.duration / .microseconds(1), key = Key(layer: product.layer, stage: product.stage)
      others -= time
      times[key, default: 0] += time
      var course = courses[key] ?? Course()
      if let density = product.inputDensity { course.inputDensities.append(density) }
      if let density = product.gradientDensity { course.gradientDensities.append(density) }
      course.densities.append(product.density)
      let path = Path(
        usesSparseRows: product.usesSparseRows, skipsGradientZeros: product.skipsGradientZeros,
        isCompacted: product.isCompacted)
      course.paths[path, default: 0] += 1
      courses[key] = course
    }
    for (key, time) in times { courses[key]?.times.append(time) }
    rest.append(others)
    steps.append(step)
  }

  /// The products, by layer and in each layer in the order of a step.
  private var sorted: [(key: Key, course: Course)] {
    (0...(courses.keys.map(\.layer).max() ?? 0)).flatMap { layer in
      ProductRecorder.Stage.allCases.compactMap { stage in
        let key = Key(layer: layer, stage: stage)
        return courses[key].map { (key, $0) }
      }
    }
  }

  private static let restName = "rest"

  /// The JSON lines: one for each product, and one for the rest of the step (elementwise operations, loss, biases).
  var json: [JSONOutput] {
    sorted.map { key, course in
      [
        "schema": 1, "event": "stage", "layer": .integer(key.layer), "stage": .string(key.stage.jsonName),
        "microseconds": .rounded(course.median), "density": .optional(Self.rounded(course.densities)),
        "input_density": .optional(Self.rounded(course.inputDensities)),
        "gradient_density": .optional(Self.rounded(course.gradientDensities)), "path": .string(course.path?.json ?? ""),
      ]
    } + [
      [
        "schema": 1, "event": "stage", "layer": .null, "stage": .string(Self.restName),
        "microseconds": .rounded(rest.sorted().median), "density": .null, "input_density": .null,
        "gradient_density": .null, "path": .null,
      ]
    ]
  }

  /// The products as lines of a text table: time, fraction of the step, densities and code path.
  var table: [String] {
    let whole = steps.sorted().median
    func cells(_ time: Double) -> [String] { [NumberFormat.fixed(time, 1), NumberFormat.percent(time / whole, 1)] }
    func text(_ densities: [Double]) -> String {
      Self.mean(densities).map { NumberFormat.percent($0, 1) } ?? ""
    }
    var table = TextTable(
      header: ["layer", "stage", "µs", "share", "input density", "gradient density", "path"],
      rightAligned: [0, 2, 3, 4, 5])
    for (key, course) in sorted {
      table.add(
        [String(key.layer), key.stage.text] + cells(course.median)
          + [text(course.inputDensities), text(course.gradientDensities), course.path?.text ?? ""])
    }
    table.add(["", "elementwise, loss"] + cells(rest.sorted().median) + ["", "", ""])
    return table.lines
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// Returns the mean, rounded to four decimals.
  private static func rounded(_ values: [Double]) -> Double? { mean(values).map { ($0 * 10_000).rounded() / 10_000 } }
}

extension ProductRecorder.Stage {
  fileprivate var jsonName: String {
    switch self {
    case .forward: "forward"
    case .inputGradient: "input_gradient"
    case .weightGradient: "weight_gradient"
    }
  }

  fileprivate var text: String {
    switch self {
    case .forward: "forward"
    case .inputGradient: "input gradient"
    case .weightGradient: "weight gradient, update"
    }
  }
}
