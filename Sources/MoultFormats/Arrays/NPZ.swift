import MoultCore

/// NumPy's .npz files: zip files of named arrays.
///
/// Files of `numpy.savez` and `numpy.savez_compressed` are read strictly: checksums and sizes are checked, and a member
/// must hold exactly the array that its header declares, so that a small file cannot unpack to more than it says.
/// Members that are no .npy files are passed over. Names are names, never used as paths.
///
/// Writing stores the arrays unpacked, ordered by name and without a time: equal content gives equal bytes.
public enum NPZ {
  /// Reads all arrays of a file.
  ///
  /// - Parameter limit: the most bytes of numbers to accept in all arrays together.
  public static func read(
    _ path: String, limit: Int = NPY.defaultLimit
  ) throws(MoultError) -> [String: Tensor] {
    try allArrays(of: NPZArchive(path), limit: limit)
  }

  /// Reads the bytes of a .npz file. `location` is what messages call it.
  public static func decode(
    _ bytes: [UInt8], location: String, limit: Int = NPY.defaultLimit
  ) throws(MoultError) -> [String: Tensor] {
    try allArrays(of: NPZArchive(bytes, location: location), limit: limit)
  }

  private static func allArrays(of archive: NPZArchive, limit: Int) throws(MoultError) -> [String: Tensor] {
    var arrays: [String: Tensor] = [:]
    var rest = limit
    for name in archive.names {
      let array = try archive.read(name, limit: rest)
      rest -= array.count * array.dtype.byteCount
      arrays[name] = array
    }
    return arrays
  }

  /// The bytes of a file with `arrays`.
  public static func encode(_ arrays: [String: Tensor]) throws(MoultError) -> [UInt8] {
    var bytes: [UInt8] = []
    var writer = ZipWriter()
    for (name, array) in sorted(arrays) { bytes += try writer.member(named: name, NPY.encode(array)) }
    return bytes + writer.end()
  }

  /// Writes `arrays` to a file, atomically.
  public static func write(_ arrays: [String: Tensor], to path: String) throws(MoultError) {
    try AtomicFile.write(to: path) { file throws(MoultError) in
      var writer = ZipWriter()
      for (name, array) in sorted(arrays) { try file.write(try writer.member(named: name, NPY.encode(array))) }
      try file.write(writer.end())
    }
  }

  private static func sorted(_ arrays: [String: Tensor]) -> [(name: String, array: Tensor)] {
    arrays.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key + ".npy", $0.value) }
  }
}

/// A .npz file open for reading: the names are known, each array is read when it is asked for.
public struct NPZArchive {
  /// The names of the arrays, in the file's order.
  public let names: [String]
  private let archive: ZipArchive
  private let indices: [String: Int]
  private let location: String

  /// Opens a file.
  public init(_ path: String) throws(MoultError) {
    try self.init(RandomAccessBytes(try InputFile(path)), location: path)
  }

  /// Opens the bytes of a file. `location` is what messages call it.
  public init(_ bytes: [UInt8], location: String) throws(MoultError) {
    try self.init(RandomAccessBytes(bytes, location: location), location: location)
  }

  private init(_ bytes: RandomAccessBytes, location: String) throws(MoultError) {
    archive = try ZipArchive(bytes)
    self.location = location
    let arrays = archive.members.enumerated().filter { $0.element.member.name.hasSuffix(".npy") }
      .map { (name: String($0.element.member.name.dropLast(4)), index: $0.offset) }
    names = arrays.map(\.name)
    // Names that differ in their bytes may still be one text by Unicode.
    indices = Dictionary(arrays.map { ($0.name, $0.index) }, uniquingKeysWith: { first, _ in first })
    guard indices.count == names.count else {
      throw MoultError(.badData, "NPZ: expected each name once, got two spellings of one", location: location)
    }
  }

  /// The sizes that the header of an array declares.
  package func shape(of name: String) throws(MoultError) -> [Int] {
    var source = try source(name)
    return try NPYHeader(&source).shape
  }

  /// Reads the array of this name.
  ///
  /// - Parameter limit: the most bytes of numbers to accept.
  public func read(_ name: String, limit: Int = NPY.defaultLimit) throws(MoultError) -> Tensor {
    var source = try source(name)
    return try NPY.decode(&source, limit: limit)
  }

  private func source(_ name: String) throws(MoultError) -> ByteSource {
    guard let index = indices[name] else {
      throw MoultError(
        .badData, "NPZ: expected an array \"\(name)\", got \(names.isEmpty ? "none" : names.joined(separator: ", "))",
        location: location)
    }
    return ByteSource(try archive.reader(at: index))
  }
}
