import Moult
import MoultReport

/// Measures the time that skipping zeros saves in a training step of a trained network: the products of a step on real
/// samples are compared with the same products on inputs without zeros.
struct SparsityMeasuring {
  let model: MLP
  let layers: LayerSizes
  let batch: Batch
  let loss: (Tensor, Tensor) -> Tensor

  /// The number of steps of each kind, whose median time is taken.
  private static let repetitions = 5

  /// Measures each layer, from the first hidden layer to the output layer. The weights do not change.
  func measured() -> [LayerSparsity] {
    let real = times(of: { step(model, batch.inputs, batch.labels) })
    return zip(layers.sizes, layers.sizes.dropFirst()).enumerated().compactMap { index, sizes in
      guard let products = real[index], !products.isEmpty else { return nil }
      let dense = denseTime(inputSize: sizes.0, outputSize: sizes.1, isFirst: index == 0)
      return LayerSparsity(
        layer: index == layers.sizes.count - 2 ? "outputLayer" : "hiddenLayers.\(index)",
        density: products.first { $0.stage == .forward }?.density ?? 1,
        skipped: products.reduce(0) { $0 + ($1.usesSparseRows ? 1 - $1.density : 0) } / Double(products.count),
        multiplications: Double(products.count * batch.count * sizes.0 * sizes.1),
        seconds: products.reduce(0) { $0 + $1.seconds }, denseSeconds: dense)
    }
  }

  /// One product of a layer: the median of its times, and its density and path in the last step.
  private struct Measured {
    let stage: ProductRecorder.Stage
    let density: Double
    let usesSparseRows: Bool
    let seconds: Double
  }

  /// Returns the measured products of `step`, by layer.
  private func times(of step: () -> Void) -> [Int: [Measured]] {
    var all: [Int: [ProductRecorder.Stage: [ProductRecorder.Product]]] = [:]
    let recorder = ProductRecorder(countsAll: true)
    recorder.recording {
      for _ in 0..<Self.repetitions {
        step()
        for product in recorder.take() { all[product.layer, default: [:]][product.stage, default: []].append(product) }
      }
    }
    return all.mapValues { stages in
      ProductRecorder.Stage.allCases.compactMap { stage in
        guard let products = stages[stage], let last = products.last else { return nil }
        return Measured(
          stage: stage, density: last.density, usesSparseRows: last.usesSparseRows,
          seconds: products.map { $0.duration / .seconds(1) }.sorted().median)
      }
    }
  }

  private func step(_ network: some Module<Tensor, Tensor>, _ inputs: Tensor, _ labels: Tensor) {
    withGradients(true) {
      loss(network(inputs), labels).backward()
      for parameter in network.parameters() { parameter.clearGradient() }
    }
  }

  /// Returns the time in seconds of a layer's products without zeros.
  private func denseTime(inputSize: Int, outputSize: Int, isFirst: Bool) -> Double {
    withSeed(0) {
      let source = Parameter(Tensor.full([batch.count, inputSize], 0.5)), layer = Linear(inputSize, outputSize)
      let measured = times(of: {
        withGradients(true) {
          // The gradient of the square is nonzero everywhere.
          let output = layer(isFirst ? source.value.detached() : source.value)
          (output * output).sum().backward()
          source.clearGradient()
          for parameter in layer.parameters() { parameter.clearGradient() }
        }
      })
      return measured.values.joined().reduce(0) { $0 + $1.seconds }
    }
  }
}
