import MoultCore

/// A table in a file whose rows are read in blocks of neighboring rows, in any order: it may be larger than memory.
///
/// The file is read once when it is opened, to check its lines and to find where each block begins.
package struct CSVBlocks: Sendable {
  /// The column names, all distinct.
  package let names: [String]
  /// The number of rows.
  package let rowCount: Int
  /// The number of rows of a block; the last one may have fewer.
  package let blockSize: Int
  /// The path of the file.
  package let location: String
  private let bytes: RandomAccessBytes
  private let delimiter: CSVDelimiter
  /// The place of the first byte of each block, and the number of its line.
  private let starts: [(offset: Int, line: Int)]

  /// Opens a table.
  ///
  /// - Parameters:
  ///   - path: The path of the file, which is not compressed.
  ///   - delimiter: The delimiter; nil to detect it.
  ///   - blockSize: Returns the number of rows of a block, at least 1, for a number of columns.
  /// - Throws: `.noInput` if the file cannot be read, `.badData` with the line if it is not a table.
  package init(
    _ path: String, delimiter: CSVDelimiter? = nil, blockSize: (_ columnCount: Int) -> Int
  ) throws(MoultError) {
    bytes = try Gzip.uncompressedFile(path)
    let reader = try CSVReader(CSVScanner(ByteSource(bytes, location: path), delimiter: delimiter))
    let blockSize = blockSize(reader.names.count)
    var starts: [(offset: Int, line: Int)] = []
    while try reader.next() {
      if (reader.rowCount - 1).isMultiple(of: blockSize) { starts.append((reader.offset, reader.line)) }
    }
    (names, rowCount, location, self.delimiter) = (reader.names, reader.rowCount, path, reader.delimiter)
    (self.blockSize, self.starts) = (blockSize, starts)
  }

  /// Returns a reader of the rows of a block. Its `next()` returns true for each of them.
  ///
  /// - Throws: `.badData` if the file was changed since it was opened.
  package func reader(ofBlock block: Int) throws(MoultError) -> CSVReader {
    try bytes.requireUnchanged()
    let part = ByteSource(RandomAccessBytes(range(of: block), of: bytes, location: location), location: location)
    return CSVReader(rows: try CSVScanner(part, delimiter: delimiter, line: starts[block].line), names: names)
  }

  /// Tells the system that a block will be read soon, so that the disk can read several at once.
  package func willRead(block: Int) {
    let range = range(of: block)
    bytes.willRead(range.count, at: range.lowerBound)
  }

  /// Returns the range of a block in the file.
  private func range(of block: Int) -> Range<Int> {
    starts[block].offset..<(block + 1 < starts.count ? starts[block + 1].offset : bytes.count)
  }
}
