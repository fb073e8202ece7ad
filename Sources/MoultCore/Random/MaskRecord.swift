/// A record of the masks of a computation, to use the masks again or to inspect them.
///
/// ```swift
/// let (loss, masks) = recordingMasks { crossEntropy(model(x), labels) }
/// let again = masks.replaying { crossEntropy(model(x), labels) }    // the same masks once more
/// masks.freezing { search { crossEntropy(model(x), labels) } }    // the same masks in each evaluation
/// ```
///
/// A record holds no mask bits: a mask is a function of seed, layer, call, step and sample (Documentation/MaskLaw.md),
/// so the record lists these values. It takes a few dozen bytes for each use of a layer, whatever the size of the
/// masks.
///
/// Layers are matched by identity, or by their number: a second model of the same architecture replays
/// the record of the first, once `train()` or `eval()` has numbered both. The mode, the rates and the sizes of masks
/// must be the recorded ones; the number of samples may differ. A mismatch stops the program with a message.
///
/// Layers that draw noise have uses but no masks (``masks``): they replay the same noise, but a changed strength of the
/// noise is not detected. Replayed uses are not counted: later training draws the same masks as without the replay.
public struct MaskRecord: Sendable {
  let uses: [RecordedUse]

  /// The number of recorded uses of stochastic layers and functional forms.
  public var count: Int { uses.count }

  /// The masks, in the order of the uses that drew them. A layer that draws noise, or has rate 1, has uses but no
  /// masks.
  public var masks: [RecordedMask] { uses.flatMap(\.masks) }

  /// The masks of each use, with the layer that was used; the layer is nil for functional forms.
  package var masksByUse: [(layer: StochasticState?, masks: [RecordedMask])] {
    uses.map { use in
      let layer: StochasticState? = if case .layer(let state) = use.user { state } else { nil }
      return (layer, use.masks)
    }
  }

  /// Runs `body` with the recorded masks, each used once and in the recorded order.
  ///
  /// Stops the program if the uses in `body` differ from the recorded ones: other layers, another order or mode, more
  /// or fewer uses. If scopes are nested, the innermost one applies.
  public func replaying<R>(_ body: () throws -> R) rethrows -> R {
    let replay = MaskReplay(uses, repeats: false)
    let result = try RandomContext.$current.withValue(.with(scope(replay)), operation: body)
    replay.finish()
    return result
  }

  /// Runs an asynchronous `body` with the recorded masks, each used once and in the recorded order.
  public func replaying<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
  ) async rethrows -> R {
    let replay = MaskReplay(uses, repeats: false)
    let result = try await RandomContext.$current.withValue(.with(scope(replay)), operation: body)
    replay.finish()
    return result
  }

  /// Runs `body` with frozen masks: each layer repeats its recorded uses in a cycle.
  ///
  /// So `body` can evaluate the recorded computation any number of times with the same masks, as a line search, a
  /// quasi-Newton method or a numerical gradient check needs. A layer that was not recorded stops the program.
  public func freezing<R>(_ body: () throws -> R) rethrows -> R {
    try RandomContext.$current.withValue(.with(scope(MaskReplay(uses, repeats: true))), operation: body)
  }

  /// Runs an asynchronous `body` with frozen masks: each layer repeats its recorded uses in a cycle.
  public func freezing<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
  ) async rethrows -> R {
    try await RandomContext.$current.withValue(.with(scope(MaskReplay(uses, repeats: true))), operation: body)
  }

  private func scope(_ replay: MaskReplay) -> MaskScope {
    var scope = MaskScope.current ?? MaskScope()
    scope.replay = replay
    return scope
  }
}

/// Runs `body` and records the masks that stochastic layers and functional forms use in it.
///
/// Recordings nest, and a recording around a replay records the replayed masks. The uses of concurrent tasks that
/// `body` starts are recorded in no fixed order; record each task on its own to replay it.
/// - Returns: The result of `body`, and the masks.
public func recordingMasks<R>(_ body: () throws -> R) rethrows -> (result: R, masks: MaskRecord) {
  let recording = MaskRecording()
  let result = try RandomContext.$current.withValue(.with(scope(adding: recording)), operation: body)
  return (result, MaskRecord(uses: recording.uses))
}

/// Runs an asynchronous `body` and records the masks that stochastic layers and functional forms use in it.
public func recordingMasks<R>(
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> (result: R, masks: MaskRecord) {
  let recording = MaskRecording()
  let result = try await RandomContext.$current.withValue(.with(scope(adding: recording)), operation: body)
  return (result, MaskRecord(uses: recording.uses))
}

private func scope(adding recording: MaskRecording) -> MaskScope {
  var scope = MaskScope.current ?? MaskScope()
  scope.recordings.append(recording)
  return scope
}

/// A recorded mask: the values from which its bits are computed (Documentation/MaskLaw.md).
public struct RecordedMask: Sendable, Equatable {
  package let use: MaskUse
  /// The dropout rate: the probability that a unit is dropped.
  public let rate: Double
  /// The number of samples.
  public let rows: Int
  /// The number of units of each sample.
  public let units: Int
  package let part: UInt32

  init(use: MaskUse, rate: Double, rows: Int, units: Int, part: UInt32) {
    (self.use, self.rate, self.rows, self.units, self.part) = (use, rate, rows, units, part)
  }

  /// The number of the layer; it is 2^31 or more for layers and functional calls that were never numbered.
  public var layer: Int { Int(use.stream.layer) }
  /// The number of the use among the layer's uses in its step scope, from 0; 0 outside a step scope.
  public var call: Int { Int(use.stream.call) }
  /// The step of the step scope, or, outside a step scope, the number of earlier uses of the layer.
  public var step: Int { Int(use.step) }
  /// The index of the sample of row 0.
  public var firstSample: Int { Int(use.firstSample) }

  /// Whether each unit was kept: a Bool tensor `[rows, units]`, which is computed at each access.
  ///
  /// - Complexity: O(*rows* · *units*).
  public var kept: Tensor { use.kept(rate: rate, rows: rows, units: units, part: part) }
}

extension MaskUse {
  /// Returns whether each unit of a mask is kept: a Bool tensor `[rows, units]`.
  ///
  /// - Parameter part: The number of the mask among the masks of this use, from 0.
  package func kept(rate: Double, rows: Int, units: Int, part: UInt32 = 0) -> Tensor {
    if passes != nil {
      guard let parts = parts(ofRows: rows) else { return alone.kept(rate: rate, rows: rows, units: units, part: part) }
      return concatenate(
        parts.map { $0.use.kept(rate: rate, rows: $0.rows.count, units: units, part: part) }, axis: 0)
    }
    guard rate < 1 else { return Tensor([Bool](repeating: false, count: rows * units), shape: [rows, units]) }
    let dropped = MaskSpec(self, rate: rate, rows: rows, units: units, part: part).bytes()
    return Tensor(dropped.map { $0 == 0 }, shape: [rows, units])
  }
}
