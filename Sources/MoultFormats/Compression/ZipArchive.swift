import MoultCore

/// A zip file that is open for reading. Its list of members is read and checked; contents are read one at a time.
///
/// Reading is strict: the file must end with the archive, names must not repeat, contents must not overlap or be
/// encrypted, and the headers of the members must agree with the list. 64-bit sizes and data descriptors are supported.
struct ZipArchive {
  /// The members in the order of the list, each with the range of its content in the file.
  private(set) var members: [(member: ZipMember, content: Range<Int>)] = []
  private let file: RandomAccessBytes

  init(_ file: RandomAccessBytes) throws(MoultError) {
    self.file = file
    let directory = try ZipDirectory(file)
    let list = try file.bytes(directory.range.count, at: directory.range.lowerBound)
    var position = 0
    var seen: Set<[UInt8]> = []
    for _ in 0..<directory.memberCount {
      let member = try ZipMember(list, at: &position, location: file.location)
      guard seen.insert(member.nameBytes).inserted else {
        throw failure("expected each name once, got a duplicate of \"\(member.name)\"")
      }
      members.append((member, try member.contentRange(in: file, before: directory.range.lowerBound)))
    }
    guard position == list.count else {
      throw failure(
        "expected a list of \(directory.memberCount) members in \(position) bytes, got \(list.count) bytes")
    }
    try checkOverlaps()
  }

  private func failure(_ text: String) -> MoultError {
    MoultError(.badData, "zip: \(text)", location: file.location)
  }

  /// Throws if contents overlap: with shared bytes a small file could decompress to a very large one.
  private func checkOverlaps() throws(MoultError) {
    let sorted = members.sorted { $0.member.headerOffset < $1.member.headerOffset }
    for (first, second) in zip(sorted, sorted.dropFirst())
    where second.member.headerOffset < first.content.upperBound {
      throw failure(
        "expected members apart from one another, got \"\(second.member.name)\" inside \"\(first.member.name)\"")
    }
  }

  /// Returns the content of the member at `index`, which can be read at any place if it is stored without compression;
  /// nil if it is compressed.
  func storedContent(at index: Int) -> RandomAccessBytes? {
    let (member, content) = members[index]
    return member.method == .stored ? RandomAccessBytes(content, of: file, location: place(of: member)) : nil
  }

  /// Returns a reader of the content of the member at `index`.
  func reader(at index: Int) throws(MoultError) -> ZipMemberReader {
    let (member, content) = members[index]
    let place = place(of: member)
    return try ZipMemberReader(member, RandomAccessBytes(content, of: file, location: place), location: place)
  }

  /// Returns the name of a member in error messages.
  private func place(of member: ZipMember) -> String { (file.location.map { "\($0), " } ?? "") + member.name }
}
