import Foundation
import MoultCore
import Testing

import MoultTraining
import MoultTestSupport

@Suite struct CSVReaderTests {
  @Test func aPipeIsReadWhereOnceIsEnough() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/pipe"
      try #require(mkfifo(path, 0o600) == 0)
      // More than a chunk, and than what a pipe holds.
      let rows = (0..<300_000).map { "\($0),a" }
      let writer = Thread {
        try? (["n,t"] + rows).joined(separator: "\n").write(toFile: path, atomically: false, encoding: .utf8)
      }
      writer.start()
      let reader = try CSVReader(path: path, isReadOnce: true)
      var sum = 0.0
      while try reader.next() { sum += reader.number(at: 0) ?? .nan }
      expectTrue(reader.rowCount == rows.count && sum == 300_000 * 299_999 / 2)
      let error = try moultError { _ = try CSVReader(path: path) }
      expectTrue(error.message.contains("expected a regular file"))
    }
  }

  /// A table, what is read of it, or what is said about it.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    var rows: [[String]] = []
    var message: String?
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ rows: [[String]]) {
      (self.name, bytes, self.rows) = (name, Array(text.utf8), rows)
    }
    init(_ name: String, _ text: String, error: String) {
      (self.name, bytes, message) = (name, Array(text.utf8), error)
    }
    init(_ name: String, bytes: [UInt8], error: String) { (self.name, self.bytes, message) = (name, bytes, error) }
  }

  /// The names come first.
  static let cases: [Case] = [
    Case("plain", "a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    Case("no end of the last line", "a,b\n1,2", [["a", "b"], ["1", "2"]]),
    Case("carriage returns and line feeds", "a,b\r\n1,2\r\n3,4\r\n", [["a", "b"], ["1", "2"], ["3", "4"]]),
    Case("carriage returns alone", "a,b\r1,2\r3,4\r", [["a", "b"], ["1", "2"], ["3", "4"]]),
    Case("every line end in one file", "a\n1\r2\r\n3", [["a"], ["1"], ["2"], ["3"]]),
    Case("quotes", "a,b\n\"1\",\"x y\"\n", [["a", "b"], ["1", "x y"]]),
    Case("doubled quotes", "a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n", [["a", "b"], ["say \"hi\"", "\""]]),
    Case("delimiter in quotes", "a,b\n\"1,5\",2\n", [["a", "b"], ["1,5", "2"]]),
    Case("line breaks in quotes", "a,b\n\"x\ny\",\"p\r\nq\"\n", [["a", "b"], ["x\ny", "p\r\nq"]]),
    Case("empty quotes", "a,b\n\"\",1\n", [["a", "b"], ["", "1"]]),
    Case("quotes at the very end", "a,b\n1,\"2\"", [["a", "b"], ["1", "2"]]),
    Case("quotes within a plain field", "a,b\n5\" disk,x\"y\"\n", [["a", "b"], ["5\" disk", "x\"y\""]]),
    Case("quoted names", "\"a, b\",c\n1,2\n", [["a, b", "c"], ["1", "2"]]),
    Case("empty fields", "a,b,c\n,,\n1,,3\n", [["a", "b", "c"], ["", "", ""], ["1", "", "3"]]),
    Case("an empty last field at the end", "a,b\n1,", [["a", "b"], ["1", ""]]),
    Case("empty lines", "\n\na,b\n\n1,2\r\n\r\n3,4\n\n", [["a", "b"], ["1", "2"], ["3", "4"]]),
    Case("spaces around fields", "a , b\n 1 ,\t2\n", [["a", "b"], ["1", "2"]]),
    Case("a byte order mark", "\u{FEFF}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    Case("other scripts", "é,日本\nß,🐧\n", [["é", "日本"], ["ß", "🐧"]]),
    Case("semicolons", "a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
    Case("tabs", "a\tb\n\t2\n", [["a", "b"], ["", "2"]]),
    Case("bars", "a|b\n1|2\n", [["a", "b"], ["1", "2"]]),
    Case("the most frequent delimiter", "a,b;c;d\n1;2;3\n", [["a,b", "c", "d"], ["1", "2", "3"]]),
    Case("delimiters in quoted names do not count", "\"a;b;c\",d\n1,2\n", [["a;b;c", "d"], ["1", "2"]]),
    Case("a delimiter of both lines", "a, b, c;d\n1;2\n", [["a, b, c", "d"], ["1", "2"]]),
    Case("a quote within a name", "5\" disk;b,c;d\n1;2;3\n", [["5\" disk", "b,c", "d"], ["1", "2", "3"]]),
    Case("blanks around quotes", "a, \"b\" ,c\n 1, \"x, y\"\t,  \"z\" \n", [["a", "b", "c"], ["1", "x, y", "z"]]),
    Case("tabs around quotes", "\"a\"\t\"b\"\n\t\"2\"\n", [["a", "b"], ["", "2"]]),
    Case("one column", "a\n1\n2\n", [["a"], ["1"], ["2"]]),
    Case("a name that is empty", ",b\n1,2\n", [["column 1", "b"], ["1", "2"]]),
    Case(
      "nothing", "", error: "x: expected a table with names in its first line, got an empty file; is it the right one?"),
    Case(
      "empty lines only", "\n\r\n",
      error: "x: expected a table with names in its first line, got an empty file; is it the right one?"),
    Case("names only", "a,b\n", error: "x: expected rows below the line of names, got none; is the file complete?"),
    Case(
      "too few fields", "a,b\n1,2\n3\n",
      error:
        "x: line 3: expected 2 fields, as the first line has names, got 1; mend the line, or put a field that holds the delimiter in quotes"
    ),
    Case(
      "too many fields", "a,b\n\n1,2,3\n",
      error:
        "x: line 3: expected 2 fields, as the first line has names, got 3; mend the line, or put a field that holds the delimiter in quotes"
    ),
    Case(
      "too few fields behind a break in quotes", "a,b\n\"1\r\n\n\",2\n3\n",
      error:
        "x: line 5: expected 2 fields, as the first line has names, got 1; mend the line, or put a field that holds the delimiter in quotes"
    ),
    Case(
      "an open quote", "a,b\n1,2\n3,\"4\n5,6\n",
      error:
        "x: line 3: expected a closing quote for the one that opens field 2, got the end of the file; close it, or leave it out"
    ),
    Case(
      "text behind a quote", "a,b\n\"1\"x,2\n",
      error: "x: line 2: expected a delimiter or the end of the line behind the closing quote of field 1, got 'x'; "
        + "a quote within quotes is written twice"),
    Case(
      "a NUL byte", "a,b\n1,\0\n", error: "x: line 2: expected text, got a NUL byte; the file is damaged, or not UTF-8"),
    Case(
      "a NUL byte in quotes", "a,b\n\"1\n\0\",2\n",
      error: "x: line 3: expected text, got a NUL byte; the file is damaged, or not UTF-8"),
    Case(
      "bytes of Latin-1", bytes: Array("a,b\n1,caf".utf8) + [0xE9, 0x0A],
      error: "x: line 2: expected text in UTF-8, got other bytes in field 2; save the table as UTF-8"),
    Case(
      "UTF-16", bytes: [0xFF, 0xFE, 0x61, 0x00],
      error: "x: expected text in UTF-8, got the byte order mark of UTF-16; save it as UTF-8"),
    Case(
      "a name twice", "a,b, a\n1,2,3\n",
      error: "x: line 1: expected a name of its own for each column, got 'a' for columns 1 and 3; rename one"),
  ]

  private static func rows(_ reader: CSVReader) throws -> [[String]] {
    var rows = [reader.names]
    while try reader.next() { rows.append(reader.names.indices.map { reader.text(at: $0) }) }
    return rows
  }

  private static func reader(_ bytes: [UInt8], chunkSize: Int) throws -> CSVReader {
    try CSVReader(CSVScanner(ByteSource(bytes, location: "x"), delimiter: nil, chunkSize: chunkSize))
  }

  /// In pieces of every small size too, so that each border falls between all neighbors once.
  @Test(arguments: cases) func aTableGivesItsFieldsOrItsError(_ example: Case) throws {
    for chunkSize in [1, 2, 3, 5, 7, 1 << 20] {
      if let message = example.message {
        let error = try moultError { _ = try Self.rows(Self.reader(example.bytes, chunkSize: chunkSize)) }
        expectEqual(error.description, message, "chunks of \(chunkSize)")
        expectEqual(error.code, .badData)
      } else {
        try expectEqual(
          Self.rows(Self.reader(example.bytes, chunkSize: chunkSize)), example.rows, "chunks of \(chunkSize)")
      }
    }
  }

  @Test func aDelimiterThatIsGivenCounts() throws {
    let reader = try CSVReader(Array("a,b;c\n1,2;3\n".utf8), location: "x", delimiter: .semicolon)
    try expectEqual(Self.rows(reader), [["a,b", "c"], ["1,2", "3"]])
  }

  @Test func aPackedFileIsUnpacked() throws {
    try withTemporaryFolder { folder in
      let text = "a,b\n" + (0..<1000).map { "\($0),\($0 * 2)\n" }.joined()
      try place(Gzip.compress(Array(text.utf8)), at: folder + "/x.csv")
      let reader = try CSVReader(path: folder + "/x.csv")
      var sum = 0.0
      while try reader.next() { sum += try unwrapped(reader.number(at: 1)) }
      expectTrue(reader.rowCount == 1000 && sum == 999_000)
    }
  }

  @Test func hundredThousandColumnsAreRead() throws {
    let count = 100_000
    let text =
      (0..<count).map { "c\($0)" }.joined(separator: ";") + "\n" + (0..<count).map { "\($0)" }.joined(separator: ";")
    let reader = try Self.reader(Array(text.utf8), chunkSize: 4096)
    try expectTrue(reader.next())
    expectTrue(reader.names.count == count && reader.number(at: count - 1) == 99_999)
  }

  @Test func aRowWithoutEndIsRefusedBeforeItFillsMemory() throws {
    let bytes = Array("a\n\"".utf8) + [UInt8](repeating: 0x41, count: 3 << 20)
    let error = try moultError {
      _ = try Self.rows(CSVReader(CSVScanner(ByteSource(bytes, location: "x"), delimiter: nil, rowLimit: 1 << 20)))
    }
    expectTrue(error.description.hasPrefix("x: line 2: expected a row of at most 1 MiB, got more"))
  }

  @Test func aFileThatIsNotThereIsNoInput() throws {
    try expectEqual(moultError { _ = try CSVReader(path: "/nonexistent/x.csv") }.code, .noInput)
  }

  @Test(arguments: ["", "NA", "na", "N/A", "NaN", "nan", "null", "NULL", "?", " NA ", "#N/A", "<NA>", "-nan"])
  func whatStandsForNothingIsMissing(text: String) throws {
    let reader = try CSVReader(Array("a,b\n\(text),1\n".utf8), location: "x")
    try expectTrue(reader.next())
    expectTrue(reader.isMissing(at: 0) && !reader.isMissing(at: 1))
  }

  @Test(arguments: ["0", "none", "nil", "inf", "#NA", "-", "N", "NAN1", "Nana", "??"])
  func whatLooksLikeItIsNot(text: String) throws {
    let reader = try CSVReader(Array("a\n\(text)\n".utf8), location: "x")
    try expectTrue(reader.next())
    expectTrue(!reader.isMissing(at: 0))
  }
}
