import Synchronization

/// The active recordings and replay of mask calls in a task.
///
/// Each call goes through ``use(by:_:draw:)`` and each mask through ``drew(_:)``. Outside a scope this costs one read
/// of a task-local value.
struct MaskScope: Sendable {
  static var current: MaskScope? { RandomContext.current?.masks }

  /// The active recordings, innermost last; each of them records every call.
  var recordings: [MaskRecording] = []
  /// The innermost active replay; nil if there is none.
  var replay: MaskReplay?

  /// Returns the key of the next mask call of `user`, from the active replay or else from `draw`, and records it.
  ///
  /// - Parameter user: The layer or stream; nil for a functional form without a stream.
  static func use(
    by user: StepScope.User?, _ domain: RandomDomain, draw: (RandomContext?) -> MaskUse
  ) -> MaskUse {
    let context = RandomContext.current
    guard let scope = context?.masks else { return draw(context) }
    let use = scope.replay.map { $0.next(of: user, domain).replayed(in: context?.step?.passes) } ?? draw(context)
    for recording in scope.recordings { recording.add(RecordedUse(user: user, use: use)) }
    return use
  }

  /// Checks a drawn mask against the active replay and adds it to the active recordings.
  func drew(_ mask: RecordedMask) {
    replay?.check(mask)
    for recording in recordings { recording.add(mask) }
  }
}

/// A call of a layer or functional form, and the masks that it drew.
struct RecordedUse: Sendable {
  /// The layer or stream; nil for a functional form without a stream.
  let user: StepScope.User?
  let use: MaskUse
  var masks: [RecordedMask] = []

  /// Returns whether this call was made by the same layer object as `other`, and in the same mode, training or
  /// sampling.
  func isUse(of other: StepScope.User?, _ domain: RandomDomain) -> Bool {
    guard case .layer(let a) = user, case .layer(let b) = other else { return false }
    return a === b && domain == use.stream.domain
  }

  /// Returns whether the next call of `other` can replay this one. Two layers match if they are the same object or have
  /// the same number, so that a copy of a model replays the record of the original.
  func fits(_ other: StepScope.User?, _ domain: RandomDomain) -> Bool {
    guard domain == use.stream.domain else { return false }
    switch (user, other) {
    case (nil, nil): return true
    case (.layer(let a), .layer(let b)): return a === b || b.ordinal == use.stream.layer
    case (.stream(let a), .stream(let b)): return a == b
    default: return false
    }
  }

  var description: String { Self.description(of: user, use.stream.domain, ordinal: use.stream.layer) }

  static func description(of user: StepScope.User?, _ domain: RandomDomain, ordinal: UInt32?) -> String {
    let mode = domain == .training ? "training" : "sampling"
    switch user {
    case nil: return "a functional call without a stream in \(mode) mode"
    case .stream(let number): return "stream \(number) in \(mode) mode"
    case .layer:
      let number = ordinal.flatMap { $0 < 1 << 31 ? "layer \($0)" : nil } ?? "a layer without a number"
      return "\(number) in \(mode) mode"
    }
  }
}

/// The mask calls that a recording has collected so far.
final class MaskRecording: Sendable {
  private let calls = Mutex<[RecordedUse]>([])

  var uses: [RecordedUse] { calls.withLock { $0 } }

  func add(_ use: RecordedUse) { calls.withLock { $0.append(use) } }

  /// Adds the mask to the last call of its stream and step. A mask that is drawn again, as in a backward pass, is added
  /// once.
  func add(_ mask: RecordedMask) {
    calls.withLock { uses in
      guard let place = uses.lastIndex(where: { $0.use.stream == mask.use.stream && $0.use.step == mask.use.step })
      else { return }
      if !uses[place].masks.contains(mask) { uses[place].masks.append(mask) }
    }
  }
}

/// A replay of the calls in a mask record.
final class MaskReplay: Sendable {
  private let uses: [RecordedUse]
  /// Whether each layer repeats its recorded calls in a cycle. If false, all calls are replayed once and in the
  /// recorded order.
  private let repeats: Bool
  private let taken = Mutex(Taken())

  private struct Taken {
    /// The number of calls that were replayed.
    var count = 0
    /// The number of replayed calls of each user, by the position of the user's first call in the record.
    var byUser: [Int: Int] = [:]
  }

  init(_ uses: [RecordedUse], repeats: Bool) {
    self.uses = uses
    self.repeats = repeats
  }

  /// Returns the recorded call that the next call of `user` replays. Stops the program if the record has none that
  /// matches.
  func next(of user: StepScope.User?, _ domain: RandomDomain) -> MaskUse {
    let place = taken.withLock { taken in
      defer { taken.count += 1 }
      return repeats ? nextInTurn(of: user, domain, &taken.byUser) : taken.count
    }
    guard let place else {
      fatalError(
        "\(name): expected a layer that was recorded, got \(asked(user, domain)); record all that the body uses")
    }
    guard place < uses.count else {
      fatalError(
        "\(name): expected one of the record's \(uses.count) uses, got a further one of \(asked(user, domain)); "
          + "run what was recorded, or record again")
    }
    require(
      uses[place].fits(user, domain),
      "\(name): expected use \(place) to be of \(uses[place].description), got \(asked(user, domain)); "
        + "run the same layers in the same order and mode, or record again")
    return uses[place].use
  }

  /// Returns the position in the record of the user's next call, in a cycle; nil if there is none. The calls are those
  /// of the user itself or, if there are none, those that match it, such as calls of a layer with the same number.
  private func nextInTurn(
    of user: StepScope.User?, _ domain: RandomDomain, _ counts: inout [Int: Int]
  ) -> Int? {
    let own = uses.indices.filter { uses[$0].isUse(of: user, domain) }
    let places = own.isEmpty ? uses.indices.filter { uses[$0].fits(user, domain) } : own
    guard let first = places.first else { return nil }
    defer { counts[first, default: 0] += 1 }
    return places[counts[first, default: 0] % places.count]
  }

  /// Stops the program if a mask differs from the recorded one in its rate or its number of units; the number of
  /// samples may differ.
  func check(_ mask: RecordedMask) {
    let recorded = uses.filter { $0.use.stream == mask.use.stream && $0.use.step == mask.use.step }
      .flatMap(\.masks).filter { $0.part == mask.part }
    guard let wanted = recorded.first else { return }
    require(
      recorded.contains { $0.rate == mask.rate && $0.units == mask.units },
      "\(name): expected a mask of rate \(wanted.rate) over \(wanted.units) units for layer \(wanted.layer), "
        + "got rate \(mask.rate) over \(mask.units); record again after changing a rate or a size")
  }

  /// Stops the program unless all recorded calls were replayed, if they are replayed once.
  func finish() {
    let count = taken.withLock { $0.count }
    guard !repeats, count < uses.count else { return }
    fatalError(
      "\(name): expected \(uses.count) uses, got \(count); use \(count) was of \(uses[count].description); "
        + "run all that was recorded, in the same mode")
  }

  private var name: String { repeats ? "MaskRecord.freezing" : "MaskRecord.replaying" }

  private func asked(_ user: StepScope.User?, _ domain: RandomDomain) -> String {
    let ordinal: UInt32? = if case .layer(let state) = user { state.ordinal } else { nil }
    return RecordedUse.description(of: user, domain, ordinal: ordinal)
  }
}
