import MoultCore

/// The modules, parameters, buffers, modes and layers that reflection finds in a value and in its nested properties.
/// An object that is found in several places is listed once, under its first path.
///
/// The order is depth first in the order of declaration: properties of a superclass before those of its subclass,
/// arrays and tuples by index, dictionaries by sorted key. A path is the property names joined by dots
/// (`blocks.0.linear.weight`); optionals and enum cases add nothing to a path. If a type conforms to
/// `CustomReflectable`, as `Sequential` does, the children of its custom mirror are visited.
struct Discovery {
  /// The value itself, if it is a module, and its nested modules. A struct that is stored twice is listed twice.
  private(set) var modules: [(name: String, module: any Module)] = []
  private(set) var parameters: [(name: String, parameter: Parameter)] = []
  private(set) var buffers: [(name: String, buffer: Buffer)] = []
  private(set) var modes: [LayerMode] = []
  private(set) var stochasticLayers: [(name: String, layer: any StochasticLayer)] = []
  /// The objects that were visited, so that reference cycles end and a shared object is listed once.
  private var visited: Set<ObjectIdentifier> = []

  /// The stochastic layers with a rate that can be set, with their paths.
  var rated: [(name: String, layer: any RatedLayer)] {
    stochasticLayers.compactMap { name, layer in (layer as? any RatedLayer).map { (name, $0) } }
  }

  /// The modules that hold no other modules, and all stochastic layers.
  var layers: [(name: String, layer: any Module)] {
    modules.indices.filter { index in
      index + 1 == modules.count || !modules[index + 1].name.isInside(modules[index].name)
        || modules[index].module is any StochasticLayer
    }.map { (modules[$0].name, modules[$0].module) }
  }

  init(of root: Any) {
    visit(root, path: "")
    var names: Set<String> = []
    for name in parameters.map(\.name) + buffers.map(\.name) {
      require(
        names.insert(name).inserted,
        "\(type(of: root)): expected a name of its own for each parameter and buffer, got two called \(name); rename a "
          + "property or key")
    }
  }

  private var count: Int { parameters.count + buffers.count + modes.count + stochasticLayers.count }

  private mutating func visit(_ value: Any, path: String) {
    if let parameter = value as? Parameter {
      if visited.insert(ObjectIdentifier(parameter)).inserted { parameters.append((path, parameter)) }
      return
    }
    if let buffer = value as? Buffer {
      if visited.insert(ObjectIdentifier(buffer)).inserted { buffers.append((path, buffer)) }
      return
    }
    if let mode = value as? LayerMode {
      if visited.insert(ObjectIdentifier(mode)).inserted { modes.append(mode) }
      return
    }
    if let state = value as? DropoutState {
      if visited.insert(ObjectIdentifier(state)).inserted { modes.append(state.layerMode) }
      return
    }
    if value is any Opaque { return }
    let mirror = Mirror(reflecting: value)
    if let module = value as? any Module,
      mirror.displayStyle != .class || !visited.contains(ObjectIdentifier(module as AnyObject))
    {
      modules.append((path, module))
    }
    switch mirror.displayStyle {
    case .class:
      visitObject(value as AnyObject, mirror, path: path)
    case .optional, .enum:
      for child in mirror.children { visit(child.value, path: path) }
    case .collection:
      for (index, child) in mirror.children.enumerated() { visit(child.value, path: path.appending(String(index))) }
    case .dictionary:
      visitDictionary(mirror, path: path)
    case .set:
      let before = count
      for child in mirror.children { visit(child.value, path: path) }
      require(count == before, "\(path): expected layers in an array, got a set; a set has no order to number them by")
    default:
      visitProperties(mirror, path: path)
    }
  }

  private mutating func visitObject(_ object: AnyObject, _ mirror: Mirror, path: String) {
    guard visited.insert(ObjectIdentifier(object)).inserted else { return }
    if let layer = object as? any StochasticLayer { stochasticLayers.append((path, layer)) }
    visitProperties(mirror, path: path)
  }

  private mutating func visitProperties(_ mirror: Mirror, path: String) {
    if let ancestor = mirror.superclassMirror { visitProperties(ancestor, path: path) }
    for (index, child) in mirror.children.enumerated() {
      visit(child.value, path: path.appending(Self.name(child.label, index)))
    }
  }

  private mutating func visitDictionary(_ mirror: Mirror, path: String) {
    let entries = mirror.children.compactMap { entry -> (key: Any, value: Any)? in
      let pair = Array(Mirror(reflecting: entry.value).children)
      return pair.count == 2 ? (pair[0].value, pair[1].value) : nil
    }
    let sorted = entries.sorted { first, second in
      if let first = first.key as? Int, let second = second.key as? Int { return first < second }
      return String(describing: first.key) < String(describing: second.key)
    }
    for entry in sorted { visit(entry.value, path: path.appending(String(describing: entry.key))) }
  }

  /// Returns the name of a property, without the prefixes that the compiler adds to tuple elements (`.0`) and to lazy
  /// properties; the index of a child that has no label.
  private static func name(_ label: String?, _ index: Int) -> String {
    guard var name = label.map({ Substring($0) }) else { return String(index) }
    if name.hasPrefix(".") { name = name.dropFirst() }
    if name.hasPrefix(lazyPrefix) { name = name.dropFirst(lazyPrefix.count) }
    return String(name)
  }

  private static let lazyPrefix = "$__lazy_storage_$_"
}

extension String {
  /// Returns `self.name`, or `name` if the path is empty.
  fileprivate func appending(_ name: String) -> String { isEmpty ? name : "\(self).\(name)" }
}

/// A type whose values hold no layers, so that reflection skips them. This saves time above all for large arrays.
private protocol Opaque {}
extension Int: Opaque {}
extension Int64: Opaque {}
extension Int32: Opaque {}
extension UInt64: Opaque {}
extension UInt32: Opaque {}
extension UInt8: Opaque {}
extension Bool: Opaque {}
extension Float: Opaque {}
extension Double: Opaque {}
extension String: Opaque {}
extension Tensor: Opaque {}
extension Array: Opaque where Element: Opaque {}
extension Dictionary: Opaque where Value: Opaque {}
extension Set: Opaque where Element: Opaque {}
extension Optional: Opaque where Wrapped: Opaque {}
