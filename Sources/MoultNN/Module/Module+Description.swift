import MoultCore

extension Module {
  /// The module and its nested modules, a line each, with the shapes of parameters and buffers and the rates of layers.
  ///
  /// ```swift
  /// print(Sequential(Linear(784, 256), ReLU(), Dropout(0.5), Linear(256, 10)))
  /// // Sequential
  /// //   0: Linear(weight: [256, 784], bias: [256])
  /// //   1: ReLU
  /// //   2: Dropout(rate: 0.5)
  /// //   3: Linear(weight: [10, 256], bias: [10])
  /// ```
  ///
  /// - Complexity: One walk by reflection over all properties.
  public var description: String { Discovery(of: self).tree }
}

extension Discovery {
  /// The modules as lines, each indented below the module that holds it.
  fileprivate var tree: String {
    var lines: [String] = [], ancestors: [String] = []
    for (path, module) in modules {
      while let last = ancestors.last, !path.isInside(last) { ancestors.removeLast() }
      let name = path.below(ancestors.last ?? "")
      let label = name.isEmpty ? "" : "\(name): "
      lines.append(String(repeating: "  ", count: ancestors.count) + label + line(of: module, at: path))
      ancestors.append(path)
    }
    return lines.joined(separator: "\n")
  }

  /// Returns the type of a module with its rate and the shapes of its own parameters and buffers.
  private func line(of module: any Module, at path: String) -> String {
    let owned = { (name: String) in owner(ofProperty: name) == path }
    let parts =
      ((module as? any RatedLayer).map { ["rate: \($0.rate)"] } ?? [])
      + parameters.filter { owned($0.name) }.map { "\($0.name.below(path)): \($0.parameter.shape)" }
      + buffers.filter { owned($0.name) }.map { "\($0.name.below(path)): \($0.buffer.shape)" }
    return "\(type(of: module))" + (parts.isEmpty ? "" : "(\(parts.joined(separator: ", ")))")
  }

  /// Returns the path of the innermost module that holds the parameter or buffer of a name.
  func owner(ofProperty name: String) -> String? {
    modules.map(\.name).filter { name.isInside($0) }.max { $0.utf8.count < $1.utf8.count }
  }
}

extension String {
  /// Whether this path lies below another; every path lies below the empty one.
  func isInside(_ path: String) -> Bool { path.isEmpty || hasPrefix(path + ".") }

  /// Returns this path as seen from another that it lies below.
  fileprivate func below(_ path: String) -> String { path.isEmpty ? self : String(dropFirst(path.count + 1)) }
}
