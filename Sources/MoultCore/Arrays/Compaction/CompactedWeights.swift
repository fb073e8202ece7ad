import CMoultKernels
import Synchronization

/// The packed weights of a linear layer for one batch, with a cache of the weights between active columns.
///
/// The forward pass and the backward pass use the same active columns, so their weights are gathered once. The cache
/// takes at most as much memory as the whole weights; weights that do not fit are gathered at each use.
final class CompactedWeights: Sendable {
  let all: PackedWeights
  private let gathered = Mutex<[Gathered]>([])

  private struct Gathered {
    let inputs: ActiveColumns?
    let outputs: ActiveColumns?
    let weights: PackedWeights
  }

  init(_ all: PackedWeights) { self.all = all }

  /// Returns the packed weights between the active columns `inputs` and `outputs`; nil stands for all columns.
  func between(_ inputs: ActiveColumns?, _ outputs: ActiveColumns?) -> PackedWeights {
    guard inputs != nil || outputs != nil else { return all }
    return gathered.withLock { gathered in
      if let found = gathered.first(where: { $0.inputs === inputs && $0.outputs === outputs }) { return found.weights }
      let weights = all.gathered(inputs: inputs, outputs: outputs)
      let size = gathered.reduce(weights.storage.count) { $0 + $1.weights.storage.count }
      if size <= all.storage.count { gathered.append(Gathered(inputs: inputs, outputs: outputs, weights: weights)) }
      return weights
    }
  }
}

extension PackedWeights {
  /// Returns the packed weights between the active columns `inputs` and `outputs`, gathered anew; nil stands for all
  /// columns.
  fileprivate func gathered(inputs: ActiveColumns?, outputs: ActiveColumns?) -> PackedWeights {
    let (inputCount, outputCount) = (inputs?.count ?? inputSize, outputs?.count ?? outputSize)
    let result = PackedWeights(
      storage: Storage(count: mk_panels_count(inputCount, outputCount), dtype: .float32),
      shape: [outputCount, inputCount])
    let from = storage.pointer(as: Float.self), to = result.storage.pointer(as: Float.self)
    ActiveColumns.withKernelForm(inputs, of: inputSize) { inputs in
      ActiveColumns.withKernelForm(outputs, of: outputSize) { outputs in
        parallelFor(Self.count(outputCount), grain: 1) { panels in
          mk_panels_gather(from, inputSize, outputSize, inputs, outputs, to, panels.lowerBound, panels.upperBound)
        }
      }
    }
    return result
  }
}
