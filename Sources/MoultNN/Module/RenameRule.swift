import MoultCore

/// A rule that turns names of another program's state dictionary into the names of a model.
///
/// ```swift
/// let report = try model.load(
///   from: "backbone.pth",
///   renaming: [
///     .prefix("module.", to: ""),                                       // nn.DataParallel
///     .pattern("dense.*.kernel", to: "layers.*.weight", transposed: true),
///     .closure { $0.hasPrefix("ema.") ? nil : $0 },
///   ],
///   strict: false)
/// ```
///
/// Rules are applied one after the other, each to the name that the one before gave. A name to which no rule applies
/// stays as it is. Two entries that get the same name are an error. Tensors stay as they are unless a rule says
/// `transposed: true`.
public struct RenameRule: Sendable {
  fileprivate let rename: @Sendable (String) -> String?
  fileprivate let transposes: @Sendable (String) -> Bool

  /// Replaces a prefix.
  ///
  /// - Parameters:
  ///   - prefix: The beginning of the names that the rule applies to, with its dot: `"module."`.
  ///   - replacement: The beginning that they get instead; `""` to remove the prefix.
  public static func prefix(_ prefix: String, to replacement: String) -> RenameRule {
    RenameRule(
      rename: { $0.hasPrefix(prefix) ? replacement + $0.dropFirst(prefix.count) : $0 }, transposes: { _ in false })
  }

  /// Replaces whole names that match a pattern.
  ///
  /// Stops the program if the two texts do not have the same number of `*`.
  ///
  /// - Parameters:
  ///   - pattern: A name in which `*` stands for any part between two dots: `"encoder.*.kernel"`.
  ///   - replacement: The new name, in which each `*` is the part that the `*` of the same number matched.
  ///   - transposed: Whether to transpose the tensor, which must be a matrix: some frameworks store the weights of a
  ///     linear layer as `[inputSize, outputSize]`.
  public static func pattern(_ pattern: String, to replacement: String, transposed: Bool = false) -> RenameRule {
    let parts = parts(of: pattern), target = Self.parts(of: replacement)
    require(
      parts.count(where: isWildcard) == target.count(where: isWildcard),
      "RenameRule: expected as many * in the replacement as in the pattern, got \"\(pattern)\" and \"\(replacement)\"")
    return RenameRule(
      rename: { name in
        guard let matched = matches(of: name, parts) else { return name }
        var rest = matched[...]
        return target.map { isWildcard($0) ? rest.removeFirst() : $0 }.joined(separator: ".")
      },
      transposes: { transposed && matches(of: $0, parts) != nil })
  }

  /// Renames with a closure.
  ///
  /// - Parameter rename: Returns the new name of an entry; nil to leave the entry out, which a report lists.
  public static func closure(_ rename: @escaping @Sendable (_ name: String) -> String?) -> RenameRule {
    RenameRule(rename: rename, transposes: { _ in false })
  }

  private static func parts(of name: String) -> [Substring] {
    name.split(separator: ".", omittingEmptySubsequences: false)
  }

  private static func isWildcard(_ part: Substring) -> Bool { part == "*" }

  /// Returns the parts of a name for which the pattern has a `*`; nil if the name does not match.
  private static func matches(of name: String, _ pattern: [Substring]) -> [Substring]? {
    let parts = parts(of: name)
    guard parts.count == pattern.count, zip(parts, pattern).allSatisfy({ $0 == $1 || isWildcard($1) }) else {
      return nil
    }
    return zip(parts, pattern).filter { isWildcard($1) }.map(\.0)
  }
}

extension [RenameRule] {
  /// Returns the name that all rules give an entry, and whether they transpose its tensor; nil if one leaves it out.
  func renamed(_ name: String) -> (name: String, isTransposed: Bool)? {
    var name = name, isTransposed = false
    for rule in self {
      if rule.transposes(name) { isTransposed.toggle() }
      guard let next = rule.rename(name) else { return nil }
      name = next
    }
    return (name, isTransposed)
  }

  /// Returns a state dictionary under its new names, and the names of the entries that are left out, sorted.
  ///
  /// - Throws: An error of code `.badData` if two entries get the same name, or if a tensor to transpose is no matrix.
  func renamed(_ state: [String: Tensor]) throws(MoultError) -> (state: [String: Tensor], ignored: [String]) {
    var result: [String: Tensor] = [:], ignored: [String] = [], origins: [String: String] = [:]
    for (name, tensor) in state.sorted(by: { $0.key < $1.key }) {
      guard let new = renamed(name) else {
        ignored.append(name)
        continue
      }
      if let other = origins.updateValue(name, forKey: new.name) {
        throw MoultError(
          .badData, "expected renaming rules that keep names apart, got \(new.name) for both \(other) and \(name)")
      }
      guard !new.isTransposed || tensor.rank == 2 else {
        throw MoultError(.badData, "\(name): expected a matrix to transpose, got shape \(tensor.shape)")
      }
      result[new.name] = new.isTransposed ? tensor.transposed().contiguous() : tensor
    }
    return (result, ignored)
  }
}
