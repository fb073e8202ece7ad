import MoultCore

/// The named tensors in a file of weights: a safetensors file, or a `.pt` or `.pth` file that `torch.save` wrote. The
/// content decides, not the name of the file.
///
/// ```swift
/// let weights = try StateDictionary(contentsOf: "resnet.pth")
/// print(weights.names)
/// try model.load(weights.tensors)
/// ```
///
/// PyTorch files of both forms are read: zip files, and those of `_use_new_zipfile_serialization=False`. They are
/// pickles, which Python can run as programs. Here nothing is run: tensors, dictionaries, lists, tuples, texts, numbers
/// and `None` are read, and anything else is refused by its name, such as a whole module. Views, shared storages and
/// parameters become contiguous tensors; devices do not matter.
///
/// `half` and `bfloat16` are converted to `float32` unless they are kept, `int8` and `int16` to `int32`, exactly.
public struct StateDictionary: Sendable {
  /// The tensors by name.
  public let tensors: [String: Tensor]
  /// The names in the order of the file.
  public let names: [String]
  /// The metadata of a safetensors file; empty for a PyTorch file.
  public let metadata: [String: String]

  /// Reads a file of weights.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - key: The key of the state dictionary in a PyTorch file that holds more, such as `"state_dict"` in
  ///     `{"state_dict": …, "epoch": 3}`. nil finds it if the file holds exactly one.
  ///   - limit: The largest accepted size of all tensors of a PyTorch file together, in bytes.
  ///   - keepingHalfPrecision: Whether 16-bit floats become tensors of `float16` and `bfloat16`, which take half of the
  ///     memory and have to be cast before operations compute with them.
  /// - Throws: `.noInput` if the file cannot be read; `.badData` if it is damaged, too large or holds something that is
  ///   not supported, or if `key` is needed or wrong.
  public init(
    contentsOf path: String, key: String? = nil, limit: Int = NPY.defaultLimit, keepingHalfPrecision: Bool = false
  ) throws(MoultError) {
    let file = try InputFile(path)
    let bytes = RandomAccessBytes(file)
    if try Self.isPyTorch(bytes) {
      try self.init(PyTorchFile(bytes, location: path), key: key, limit: limit, keepingHalfPrecision, location: path)
    } else {
      try Self.refuse(key, location: path)
      let header = try SafeTensors.readHeader(path)
      let (tensors, metadata) = try SafeTensors.read(path, keepingHalfPrecision: keepingHalfPrecision)
      self.init(tensors: tensors, names: header.entries.map(\.name), metadata: metadata)
    }
  }

  /// Reads the bytes of a file of weights.
  ///
  /// - Parameters:
  ///   - bytes: The content of the file.
  ///   - location: The name of the data in error messages.
  ///   - key: The key of the state dictionary in a PyTorch file that holds more; nil finds it if there is exactly one.
  ///   - limit: The largest accepted size of all tensors of a PyTorch file together, in bytes.
  ///   - keepingHalfPrecision: Whether 16-bit floats become tensors of `float16` and `bfloat16`, which take half of the
  ///     memory and have to be cast before operations compute with them.
  /// - Throws: `.badData` if the bytes are damaged, too large or hold something that is not supported, or if `key` is
  ///   needed or wrong.
  public init(
    _ bytes: [UInt8], location: String, key: String? = nil, limit: Int = NPY.defaultLimit,
    keepingHalfPrecision: Bool = false
  ) throws(MoultError) {
    let content = RandomAccessBytes(bytes, location: location)
    if try Self.isPyTorch(content) {
      try self.init(
        PyTorchFile(content, location: location), key: key, limit: limit, keepingHalfPrecision, location: location)
    } else {
      try Self.refuse(key, location: location)
      let (tensors, metadata) = try SafeTensors.decode(
        bytes, location: location, keepingHalfPrecision: keepingHalfPrecision)
      let names = try SafeTensorsHeader(bytes, location: location).entries.map(\.name)
      self.init(tensors: tensors, names: names, metadata: metadata)
    }
  }

  /// Whether the bytes begin as a zip file or a pickle. The header of a safetensors file begins with a brace after its
  /// length in eight bytes, which no file of `torch.save` has there.
  private static func isPyTorch(_ file: RandomAccessBytes) throws(MoultError) -> Bool {
    let start = try file.bytes(min(9, file.count), at: 0)
    let isSafeTensors = start.count == 9 && start[8] == UInt8(ascii: "{")
    return !isSafeTensors && (start.starts(with: [0x50, 0x4B]) || start.first == PickleOpcode.version.rawValue)
  }

  private static func refuse(_ key: String?, location: String) throws(MoultError) {
    guard let key else { return }
    throw MoultError(
      .badData, "safetensors: expected no key, got \"\(key.visible)\"; only PyTorch files hold several dictionaries",
      location: location)
  }

  private init(tensors: [String: Tensor], names: [String], metadata: [String: String]) {
    (self.tensors, self.names, self.metadata) = (tensors, names, metadata)
  }

  private init(
    _ file: PyTorchFile, key: String?, limit: Int, _ keepingHalfPrecision: Bool, location: String
  ) throws(MoultError) {
    let entries = try file.stateEntries(key: key, location: location)
    try file.check(entries, limit: limit, keepingHalfPrecision: keepingHalfPrecision, location: location)
    names = entries.map(\.name)
    tensors = try file.tensors(entries, keepingHalfPrecision: keepingHalfPrecision, location: location)
    metadata = [:]
  }
}
