import MoultCore

extension PyTorchFile {
  typealias StateEntry = (name: String, tensor: PyTorchTensor)

  /// Returns the entries of the state dictionary: of the value under `key`, or if there is none, of the file's value
  /// itself or of the only dictionary of tensors in it.
  func stateEntries(key: String?, location: String) throws(MoultError) -> [StateEntry] {
    func failure(_ text: String) -> MoultError { MoultError(.badData, "PyTorch: \(text)", location: location) }
    guard case .dictionary(let index) = root else {
      throw failure("expected a dictionary of tensors, got \(root.kind); save model.state_dict()")
    }
    let entries = values.dictionaries[index]
    // A dictionary is looked at once, however often the file refers to it.
    var isCandidate: [Int: Bool] = [:]
    let candidates = entries.compactMap { entry -> String? in
      guard let name = entry.key.text, case .dictionary(let index) = entry.value else { return nil }
      let isState = isCandidate[index] ?? (problem(in: entry.value, mayBeEmpty: false) == nil)
      isCandidate[index] = isState
      return isState ? name : nil
    }
    let choices = candidates.isEmpty ? "none" : candidates.map { "\"\($0.visible)\"" }.joined(separator: ", ")
    var chosen = root
    if let key {
      guard let entry = entries.last(where: { $0.key.text == key }) else {
        throw failure("expected a dictionary of tensors under \"\(key.visible)\", got none; there is \(choices)")
      }
      if let problem = problem(in: entry.value, mayBeEmpty: true) {
        throw failure("\"\(key.visible)\": \(problem)")
      }
      chosen = entry.value
    } else if let problem = problem(in: root, mayBeEmpty: true) {
      guard candidates.count == 1 else {
        throw failure(
          candidates.isEmpty
            ? problem : "expected one dictionary of tensors, got several; pass one of \(choices) as key")
      }
      chosen = entries.last { $0.key.text == candidates[0] }?.value ?? root
    }
    let state = tensorEntries(of: chosen)
    var seen: Set<String> = []
    for entry in state where !seen.insert(entry.name).inserted {
      throw failure("expected each name once, got a duplicate of \"\(entry.name.visible)\"")
    }
    return state
  }

  /// Returns what keeps a value from being a dictionary of tensors by name; nil if it is one.
  private func problem(in value: PickleValue, mayBeEmpty: Bool) -> String? {
    guard case .dictionary(let index) = value else { return "expected a dictionary of tensors, got \(value.kind)" }
    let entries = values.dictionaries[index]
    if entries.isEmpty, !mayBeEmpty { return "expected tensors, got none" }
    for entry in entries {
      guard let name = entry.key.text else { return "expected names of tensors, got \(entry.key.kind)" }
      guard case .tensor = entry.value else {
        return "\"\(name.visible)\": expected a tensor, got \(entry.value.kind); save model.state_dict()"
      }
    }
    return nil
  }

  private func tensorEntries(of value: PickleValue) -> [StateEntry] {
    guard case .dictionary(let index) = value else { return [] }
    return values.dictionaries[index].compactMap { entry in
      guard let name = entry.key.text, case .tensor(let tensor) = entry.value else { return nil }
      return (name, values.tensors[tensor])
    }
  }

  /// Throws if the tensors, or the storages that they are read from, are larger than `limit`. A small file can describe
  /// large tensors, whose elements share bytes.
  func check(
    _ entries: [StateEntry], limit: Int, keepingHalfPrecision: Bool, location: String
  ) throws(MoultError) {
    let storages = Dictionary(entries.map { ($0.tensor.storage.key, $0.tensor.storage) }, uniquingKeysWith: { $1 })
    let tensors = entries.map { $0.tensor.byteCount(keepingHalfPrecision: keepingHalfPrecision) }
    for counts in [tensors, storages.values.map(\.byteCount)] {
      var rest = limit
      for count in counts {
        guard count <= rest else {
          throw MoultError(
            .badData, "PyTorch: expected at most \(limit) bytes of tensors, got more; pass a larger limit",
            location: location)
        }
        rest -= count
      }
    }
  }

  /// Reads the numbers of the tensors. A storage is kept only until its last tensor has been read.
  func tensors(
    _ entries: [StateEntry], keepingHalfPrecision: Bool, location: String
  ) throws(MoultError) -> [String: Tensor] {
    var uses: [String: Int] = [:]
    for entry in entries { uses[entry.tensor.storage.key, default: 0] += 1 }
    var storages: [String: [UInt8]] = [:]
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in entries {
      let key = tensor.storage.key
      let bytes = if let known = storages[key] { known } else { try self.bytes(of: tensor.storage, location: location) }
      tensors[name] = try tensor.tensor(
        of: bytes, isBigEndian: isBigEndian, keepingHalfPrecision: keepingHalfPrecision, name: name,
        location: location)
      uses[key, default: 1] -= 1
      storages[key] = uses[key] == 0 ? nil : bytes
    }
    return tensors
  }
}
