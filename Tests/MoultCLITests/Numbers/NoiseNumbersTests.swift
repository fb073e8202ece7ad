import Foundation
import Moult
import MoultTestSupport
import Testing

/// The noise of a regression, recomputed on the validation samples.
@Suite struct NoiseNumbersTests {
  @Test(arguments: [[], ["--validation-share", "0.3", "--split-seed", "5", "--seed", "2"]])
  func theNoiseIsWhatPassesDoNotExplain(options: [String]) throws {
    let arrays = ["x": ManyRows.inputs, "y": Tensor(ManyRows.numbers.map { Float($0) }, shape: [ManyRows.count, 1])]
    try ManyRows.withRun(
      arrays: arrays, ["--model", "4-16-1", "--epochs", "2", "--no-report"] + options
    ) { folder, _ in
      let model = try TrainedModel(contentsOf: folder + "/run"), network = try PlainNetwork(model.path)
      let isOwn = !options.isEmpty
      let seed: UInt64 = isOwn ? 2 : 0, splitSeed: UInt64 = isOwn ? 5 : 0
      let data = TensorDataset(inputs: ManyRows.inputs, labels: try unwrapped(arrays["y"]))
      let validation = data.split(0.2, seed: splitSeed).0.split(isOwn ? 0.3 : 0.15, seed: splitSeed).1
      let targets = validation.labels.scalars(as: Double.self).map { ($0 - model.target.mean) / model.target.deviation }
      let count = Double(targets.count)
      let residual = zip(validation.inputs.rows, targets).reduce(0) {
        $0 + pow(network.outputs($1.0)[0] - $1.1, 2)
      }
      let noise = try unwrapped(model.noise)
      expectTrue(agree(noise.residualVariance, residual / count))
      let passes = withSeed(seed) { model.network.predict(validation.inputs, passes: 50, as: .regression) }
      let squares = zip(passes.mean.scalars(as: Double.self), targets).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
      let spread = passes.variance.scalars(as: Double.self).reduce(0, +)
      expectTrue(agree(noise.variance, max((squares - spread) / count, 0.01 * squares / count)))
      expectTrue(noise.variance > 0 && noise.variance < squares / count)
    }
  }
}
