import MoultCore

/// A file that `torch.save` wrote: the values of its pickle, and where the numbers of its tensors are.
///
/// There are two forms. Since PyTorch 1.6 it is a zip file with the pickle in `data.pkl`, the storages in `data/0`,
/// `data/1`, …, and the order of bytes in `byteorder`. Before, and with `_use_new_zipfile_serialization=False`, it is
/// five pickles (a magic number, the version of the form, the system, the value, the keys of the storages), then for
/// each storage its number of elements in eight bytes and its elements.
///
/// Source: `torch/serialization.py` of PyTorch 2.15.
struct PyTorchFile {
  /// The value that was saved.
  let root: PickleValue
  /// The tuples, lists, dictionaries and tensors in `root`.
  let values: PickleReader
  let isBigEndian: Bool
  private let numbers: Numbers

  private enum Numbers {
    case members(ZipArchive, indices: [String: Int])
    case ranges(RandomAccessBytes, [String: Range<Int>])
  }

  /// The largest accepted size of the pickles, in bytes. Those of a hundred thousand tensors are a fifth of it.
  private static let greatestPickleByteCount = 1 << 26

  /// Opens a file of either form.
  init(_ file: RandomAccessBytes, location: String) throws(MoultError) {
    if file.count >= 4, try file.bytes(4, at: 0) == [0x50, 0x4B, 3, 4] {
      try self.init(zip: file, location: location)
    } else {
      try self.init(pickles: file, location: location)
    }
  }

  private static func failure(_ text: String, _ location: String) -> MoultError {
    MoultError(.badData, "PyTorch: \(text)", location: location)
  }

  // MARK: - Zip

  private init(zip file: RandomAccessBytes, location: String) throws(MoultError) {
    let archive = try ZipArchive(file)
    let names = archive.members.map(\.member.name)
    // All members lie in one folder, which is named after the file.
    let pickles = names.filter { $0.hasSuffix("/data.pkl") }
    guard pickles.count == 1, let folder = pickles.first?.dropLast("data.pkl".count) else {
      throw Self.failure("expected a zip file of torch.save with one data.pkl, got \(pickles.count)", location)
    }
    var indices: [String: Int] = [:]
    for (index, name) in names.enumerated() where name.hasPrefix(folder) {
      indices[String(name.dropFirst(folder.count))] = index
    }
    var isBigEndian = false
    if let index = indices["byteorder"] {
      let order = try Self.content(of: archive, at: index, limit: 16)
      guard let text = String(validating: order, as: UTF8.self), ["little", "big"].contains(text) else {
        throw Self.failure("expected the byte order little or big, got another", location)
      }
      isBigEndian = text == "big"
    }
    guard let index = indices["data.pkl"] else {
      throw Self.failure("expected one data.pkl, got two spellings", location)
    }
    let pickle = try Self.content(of: archive, at: index, limit: Self.greatestPickleByteCount)
    var reader = PickleReader(pickle, location: "\(location), \(pickles[0].visible)")
    root = try reader.next()
    guard reader.position == pickle.count else { throw reader.failure("expected the end of the pickle, got more") }
    (values, self.isBigEndian, numbers) = (reader, isBigEndian, .members(archive, indices: indices))
  }

  private static func content(of archive: ZipArchive, at index: Int, limit: Int) throws(MoultError) -> [UInt8] {
    let reader = try archive.reader(at: index)
    let bytes = try reader.read(atMost: limit)
    guard try reader.isAtEnd() else {
      throw failure("expected at most \(limit) bytes, got \(bytes.count + reader.rest)", reader.location)
    }
    return bytes
  }

  // MARK: - Pickles alone

  /// The number that begins the form without a zip, little-endian: 0x1950A86A20F9469CFC6C.
  private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
  private static let formVersion = 1001

  private init(pickles file: RandomAccessBytes, location: String) throws(MoultError) {
    let start = try file.bytes(min(file.count, Self.greatestPickleByteCount), at: 0)
    var reader = PickleReader(start, location: location)
    guard case .longInteger(Self.magic) = try reader.next() else {
      throw Self.failure("expected a file of torch.save, got another pickle; save model.state_dict()", location)
    }
    guard try reader.next().integer == Self.formVersion else {
      throw Self.failure("expected version \(Self.formVersion) of the form without a zip, got another", location)
    }
    guard case .dictionary(let index) = try reader.next(),
      case .bool(let isLittleEndian)? = reader.dictionaries[index].first(where: { $0.key.text == "little_endian" })?
        .value
    else { throw Self.failure("expected the byte order of the system, got none", location) }
    root = try reader.next()
    guard case .list(let keys) = try reader.next() else {
      throw Self.failure("expected the keys of the storages, got something else", location)
    }
    var ranges: [String: Range<Int>] = [:]
    var position = reader.position
    for key in reader.sequences[keys] {
      guard let key = key.text, let storage = reader.storages[key], ranges[key] == nil else {
        throw Self.failure("expected the key of each storage once, got another list", location)
      }
      // The number of elements, then the elements.
      guard file.count - position >= 8, file.count - position - 8 >= storage.byteCount else {
        throw Self.failure(
          "expected \(storage.byteCount) bytes of storage \"\(key.visible)\", got \(file.count - position); the file "
            + "is cut short", location)
      }
      let count = try file.bytes(8, at: position)
      guard (isLittleEndian ? count : count.reversed()).unsigned64(at: 0) == UInt64(storage.count) else {
        throw Self.failure(
          "expected \(storage.count) elements in storage \"\(key.visible)\", got another number", location)
      }
      ranges[key] = (position + 8)..<(position + 8 + storage.byteCount)
      position += 8 + storage.byteCount
    }
    guard position == file.count else {
      throw Self.failure("expected \(position) bytes, got \(file.count); the file is damaged", location)
    }
    (values, isBigEndian, numbers) = (reader, !isLittleEndian, .ranges(file, ranges))
  }

  // MARK: - Numbers

  /// Reads the bytes of a storage.
  func bytes(of storage: PyTorchStorage, location: String) throws(MoultError) -> [UInt8] {
    let key = storage.key.visible
    switch numbers {
    case .members(let archive, let indices):
      guard let index = indices["data/\(storage.key)"] else {
        throw Self.failure("expected the numbers of storage \"\(key)\", got none", location)
      }
      let bytes = try Self.content(of: archive, at: index, limit: storage.byteCount)
      guard bytes.count == storage.byteCount else {
        throw Self.failure("expected \(storage.byteCount) bytes of storage \"\(key)\", got \(bytes.count)", location)
      }
      return bytes
    case .ranges(let file, let ranges):
      guard let range = ranges[storage.key] else {
        throw Self.failure("expected the numbers of storage \"\(key)\", got none", location)
      }
      return try file.bytes(range.count, at: range.lowerBound)
    }
  }
}
