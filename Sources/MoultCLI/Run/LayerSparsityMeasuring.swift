import Moult
import MoultReport

/// Measures what the zeros of a trained network save in a training step: its products over real samples, as they are,
/// and the same products over numbers that are never zero.
struct SparsityMeasuring {
  let model: MLP
  let layers: LayerSizes
  let batch: Batch
  let loss: (Tensor, Tensor) -> Tensor

  /// Steps of each kind; the median of their times counts.
  private static let repetitions = 5

  /// The zeros that each layer skips, from the first hidden layer to the output. The weights do not change.
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

  /// One product of a layer: the median of its times, and what the last step had of it.
  private struct Measured {
    let stage: ProductRecorder.Stage
    let density: Double
    let usesSparseRows: Bool
    let seconds: Double
  }

  /// The products of `step` by layer.
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

  /// The time of a layer's products where no number is zero.
  private func denseTime(inputSize: Int, outputSize: Int, isFirst: Bool) -> Double {
    withSeed(0) {
      let source = Parameter(Tensor.full([batch.count, inputSize], 0.5)), layer = Linear(inputSize, outputSize)
      let measured = times(of: {
        withGradients(true) {
          // The square's gradient is nowhere zero.
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
