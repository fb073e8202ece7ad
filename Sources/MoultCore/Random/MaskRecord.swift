/// The masks of a computation as a value: which ones they were, to use again or to look at.
///
/// ```swift
/// let (loss, masks) = recordingMasks { crossEntropy(model(x), labels) }
/// let again = masks.replaying { crossEntropy(model(x), labels) }    // the same masks once more
/// masks.freezing { search { crossEntropy(model(x), labels) } }    // and as often as the search likes
/// ```
///
/// A record holds no bits: masks are a pure function of seed, layer, call, step and sample (Documentation/MaskLaw.md),
/// so it lists those. It costs a few dozen bytes a use, whatever the size of the masks.
///
/// Layers are recognised by identity, or by their number in the mask law: a second model of the same architecture
/// replays the record of the first, once `train()` or `eval()` has numbered both. The mode must be the one recorded,
/// and so must rates and sizes of masks; the number of samples may differ. A mismatch stops the program with a message
/// that names it. Layers that draw noise have calls and no masks (``masks``): they replay the same noise, but a change
/// of its strength is not noticed. Replayed uses are not counted: afterwards training goes on as if they had not been.
public struct MaskRecord: Sendable {
  let uses: [RecordedUse]

  /// The number of uses of stochastic layers.
  public var count: Int { uses.count }

  /// The masks, in the order in which they were drawn. A layer that draws noise, or drops everything at rate 1, has
  /// uses and no masks.
  public var masks: [RecordedMask] { uses.flatMap(\.masks) }

  /// The masks of each use with the layer whose use it was, nil for functional forms.
  package var masksByUse: [(layer: StochasticState?, masks: [RecordedMask])] {
    uses.map { use in
      let layer: StochasticState? = if case .layer(let state) = use.user { state } else { nil }
      return (layer, use.masks)
    }
  }

  /// Runs `body` with the recorded masks, each once and in the recorded order.
  ///
  /// Stops the program if `body` uses other layers, in another order or mode, more or fewer of them. Of nested scopes
  /// the innermost decides.
  public func replaying<R>(_ body: () throws -> R) rethrows -> R {
    let replay = MaskReplay(uses, repeats: false)
    let result = try RandomContext.$current.withValue(.with(scope(replay)), operation: body)
    replay.finish()
    return result
  }

  /// Runs an asynchronous `body` with the recorded masks, each once and in the recorded order.
  public func replaying<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
  ) async rethrows -> R {
    let replay = MaskReplay(uses, repeats: false)
    let result = try await RandomContext.$current.withValue(.with(scope(replay)), operation: body)
    replay.finish()
    return result
  }

  /// Runs `body` with the masks standing still: each layer goes through its recorded uses, and again from the first.
  ///
  /// So however often `body` evaluates what was recorded, each time has the same masks: what a line search, a
  /// quasi-Newton method or a gradient check by differences needs. A layer that was not recorded stops the program.
  public func freezing<R>(_ body: () throws -> R) rethrows -> R {
    try RandomContext.$current.withValue(.with(scope(MaskReplay(uses, repeats: true))), operation: body)
  }

  /// Runs an asynchronous `body` with the masks standing still.
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
/// Recordings nest, and one around a replay records what was replayed. Layers that other tasks use at the same time, in
/// a group that `body` starts, are recorded in no particular order; record each task by itself to replay it.
/// - Returns: What `body` returns, and the masks.
public func recordingMasks<R>(_ body: () throws -> R) rethrows -> (result: R, masks: MaskRecord) {
  let recording = MaskRecording()
  let result = try RandomContext.$current.withValue(.with(scope(adding: recording)), operation: body)
  return (result, MaskRecord(uses: recording.uses))
}

/// Runs an asynchronous `body` and records the masks used in it.
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

/// One mask that was used, and what it is a function of.
public struct RecordedMask: Sendable, Equatable {
  package let use: MaskUse
  /// The probability of a drop.
  public let rate: Double
  /// The number of samples.
  public let rows: Int
  /// The number of units of a sample.
  public let units: Int
  package let part: UInt32

  init(use: MaskUse, rate: Double, rows: Int, units: Int, part: UInt32) {
    (self.use, self.rate, self.rows, self.units, self.part) = (use, rate, rows, units, part)
  }

  /// The layer's number in the mask law; from 2^31 on for layers and calls that were never numbered.
  public var layer: Int { Int(use.stream.layer) }
  /// Which use of the layer in its step this was.
  public var call: Int { Int(use.stream.call) }
  /// The step, or the count of the layer's uses where there was no step scope.
  public var step: Int { Int(use.step) }
  /// The sample of row 0.
  public var firstSample: Int { Int(use.firstSample) }

  /// Whether each unit was kept: truth values of shape `[rows, units]`, drawn now.
  ///
  /// - Complexity: O(*rows* · *units*).
  public var kept: Tensor { use.kept(rate: rate, rows: rows, units: units, part: part) }
}

extension MaskUse {
  /// Whether each unit of a mask is kept: truth values of shape `[rows, units]`.
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
