import CMoultKernels
import Synchronization

/// A layer's weights for one batch: all of them, and those between the units that the batch keeps, taken out once for the
/// products of both directions, as far as they need no more memory than the weights themselves.
final class BatchWeights: Sendable {
  let all: Panels
  private let thinned = Mutex<[Thinned]>([])

  private struct Thinned {
    let inputs: KeptUnits?
    let outputs: KeptUnits?
    let panels: Panels
  }

  init(_ all: Panels) { self.all = all }

  /// The weights between these units; nil for all of them.
  func between(_ inputs: KeptUnits?, _ outputs: KeptUnits?) -> Panels {
    guard inputs != nil || outputs != nil else { return all }
    return thinned.withLock { thinned in
      if let found = thinned.first(where: { $0.inputs === inputs && $0.outputs === outputs }) { return found.panels }
      let panels = all.thinned(inputs: inputs, outputs: outputs)
      let kept = thinned.reduce(panels.storage.count) { $0 + $1.panels.storage.count }
      if kept <= all.storage.count { thinned.append(Thinned(inputs: inputs, outputs: outputs, panels: panels)) }
      return panels
    }
  }
}

extension Panels {
  /// The weights between some units, in panels of their own.
  fileprivate func thinned(inputs: KeptUnits?, outputs: KeptUnits?) -> Panels {
    let (keptInputs, keptOutputs) = (inputs?.count ?? inputSize, outputs?.count ?? outputSize)
    let result = Panels(
      storage: Storage(count: mk_panels_count(keptInputs, keptOutputs), dtype: .float32),
      shape: [keptOutputs, keptInputs])
    let from = storage.pointer(as: Float.self), to = result.storage.pointer(as: Float.self)
    KeptUnits.withKernelForm(inputs, of: inputSize) { inputs in
      KeptUnits.withKernelForm(outputs, of: outputSize) { outputs in
        parallelFor(Self.count(keptOutputs), grain: 1) { panels in
          mk_panels_thin(from, inputSize, outputSize, inputs, outputs, to, panels.lowerBound, panels.upperBound)
        }
      }
    }
    return result
  }
}
