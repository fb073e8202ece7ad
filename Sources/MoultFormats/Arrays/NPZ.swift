import MoultCore

/// Reads and writes NumPy's .npz files: zip files of named arrays.
///
/// Files of `numpy.savez` and `numpy.savez_compressed` are read strictly: checksums and sizes are checked, and a member
/// must hold exactly the array that its header declares, so that a small file cannot decompress to more than it
/// declares. Members that are not .npy files are skipped. Names are never used as paths.
///
/// The arrays are written uncompressed, ordered by name and without timestamps, so equal content gives equal bytes.
public enum NPZ {
  /// Reads all arrays of a .npz file, by name.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - limit: The largest accepted size of all arrays together, in bytes.
  ///   - keepingHalfPrecision: Whether `float16` keeps its type, which takes half of the memory and has to be cast
  ///     before operations compute with it.
  /// - Throws: `.noInput` if the file cannot be read, `.badData` if it is damaged, too large or of an unsupported type.
  public static func read(
    _ path: String, limit: Int = NPY.defaultLimit, keepingHalfPrecision: Bool = false
  ) throws(MoultError) -> [String: Tensor] {
    try allArrays(of: NPZArchive(path), limit: limit, keepingHalfPrecision)
  }

  /// Reads the bytes of a .npz file.
  ///
  /// - Parameters:
  ///   - bytes: The content of the file.
  ///   - location: The name of the data in error messages.
  ///   - limit: The largest accepted size of all arrays together, in bytes.
  ///   - keepingHalfPrecision: Whether `float16` keeps its type, which takes half of the memory and has to be cast
  ///     before operations compute with it.
  /// - Throws: `.badData` if the bytes are damaged, too large or of an unsupported type.
  public static func decode(
    _ bytes: [UInt8], location: String, limit: Int = NPY.defaultLimit, keepingHalfPrecision: Bool = false
  ) throws(MoultError) -> [String: Tensor] {
    try allArrays(of: NPZArchive(bytes, location: location), limit: limit, keepingHalfPrecision)
  }

  private static func allArrays(
    of archive: NPZArchive, limit: Int, _ keepingHalfPrecision: Bool
  ) throws(MoultError) -> [String: Tensor] {
    var arrays: [String: Tensor] = [:]
    var rest = limit
    for name in archive.names {
      let array = try archive.read(name, limit: rest, keepingHalfPrecision: keepingHalfPrecision)
      rest -= array.count * array.dtype.byteCount
      arrays[name] = array
    }
    return arrays
  }

  /// Returns the bytes of a .npz file that holds `arrays`.
  ///
  /// - Throws: `.badData` for a name that is too long or holds a NUL byte.
  public static func encode(_ arrays: [String: Tensor]) throws(MoultError) -> [UInt8] {
    var bytes: [UInt8] = []
    var writer = ZipWriter()
    for (name, array) in sorted(arrays) { bytes += try writer.member(named: name, NPY.encode(array)) }
    return bytes + writer.end()
  }

  /// Writes `arrays` to a .npz file, atomically.
  ///
  /// - Throws: `.badData` for a name that is too long or holds a NUL byte, `.cannotWrite` if the file cannot be
  ///   written.
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

/// A .npz file that is open for reading. The names are read when it is opened; an array is read on request.
public struct NPZArchive {
  /// The names of the arrays, in the order of the file.
  public let names: [String]
  private let archive: ZipArchive
  private let indices: [String: Int]
  private let location: String

  /// Opens the .npz file at a path and reads the names of its arrays.
  ///
  /// - Throws: `.noInput` if the file cannot be read, `.badData` if it is no valid zip file.
  public init(_ path: String) throws(MoultError) {
    try self.init(RandomAccessBytes(try InputFile(path)), location: path)
  }

  /// Opens the bytes of a .npz file. `location` is the name of the data in error messages.
  ///
  /// - Throws: `.badData` if the bytes are no valid zip file.
  public init(_ bytes: [UInt8], location: String) throws(MoultError) {
    try self.init(RandomAccessBytes(bytes, location: location), location: location)
  }

  private init(_ bytes: RandomAccessBytes, location: String) throws(MoultError) {
    archive = try ZipArchive(bytes)
    self.location = location
    let arrays = archive.members.enumerated().filter { $0.element.member.name.hasSuffix(".npy") }
      .map { (name: String($0.element.member.name.dropLast(4)), index: $0.offset) }
    names = arrays.map(\.name)
    // Two names with different bytes can be equal strings by Unicode's rules.
    indices = Dictionary(arrays.map { ($0.name, $0.index) }, uniquingKeysWith: { first, _ in first })
    guard indices.count == names.count else {
      throw MoultError(.badData, "NPZ: expected each name once, got two spellings of one", location: location)
    }
  }

  /// Returns the sizes in the header of an array, without reading its numbers.
  package func shape(of name: String) throws(MoultError) -> [Int] {
    var source = try source(name)
    return try NPYHeader(&source).shape
  }

  /// Reads the array called `name`.
  ///
  /// - Parameters:
  ///   - name: The name of the array, without `.npy`.
  ///   - limit: The largest accepted size of the array, in bytes.
  ///   - keepingHalfPrecision: Whether `float16` keeps its type, which takes half of the memory and has to be cast
  ///     before operations compute with it.
  /// - Throws: `.badData` if there is no such array, or if it is damaged, too large or of an unsupported type.
  public func read(
    _ name: String, limit: Int = NPY.defaultLimit, keepingHalfPrecision: Bool = false
  ) throws(MoultError) -> Tensor {
    var source = try source(name)
    return try NPY.decode(&source, limit: limit, keepingHalfPrecision: keepingHalfPrecision)
  }

  /// Opens the array called `name`, whose rows are then read from the file on request.
  ///
  /// The checksum of the file covers whole arrays and is not checked.
  ///
  /// - Throws: `.badData` if there is no such array, or if it is compressed, damaged, in Fortran order or of an
  ///   unsupported type.
  public func open(_ name: String) throws(MoultError) -> StoredArray {
    let index = try index(name)
    guard let bytes = archive.storedContent(at: index) else {
      throw MoultError(
        .badData,
        "NPZ: expected \(name) without compression, so that its rows can be read in any order, got deflate; "
          + "save it with numpy.savez instead of savez_compressed",
        location: location)
    }
    return try StoredArray(npy: bytes, location: "\(location), \(name)")
  }

  private func source(_ name: String) throws(MoultError) -> ByteSource {
    ByteSource(try archive.reader(at: index(name)))
  }

  private func index(_ name: String) throws(MoultError) -> Int {
    guard let index = indices[name] else {
      throw MoultError(
        .badData, "NPZ: expected an array \"\(name)\", got \(names.isEmpty ? "none" : names.joined(separator: ", "))",
        location: location)
    }
    return index
  }
}
