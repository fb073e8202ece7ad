import Foundation
import MoultPlatform
import MoultTestSupport
import Testing

/// The tool with a terminal as its standard error. Nothing here waits for text longer than `patience`, nor for the
/// tool's end longer than twice that: it is killed then.
final class PseudoTerminal {
  /// Seconds to wait for something that must come.
  private static let patience = 60.0
  static let enterScreen = "\u{1B}[?1049h"
  static let leaveScreen = "\u{1B}[?25h\u{1B}[?1049l"

  let process: Process
  private let primary: Int32
  private let watchdog: DispatchWorkItem
  private var bytes: [UInt8] = []
  /// The terminal's attributes before the tool was started.
  private let before: termios

  /// Starts the tool on a terminal of that size; its standard output goes nowhere.
  init(
    _ arguments: [String], environment: [String: String] = [:], folder: String, columns: UInt16 = 100,
    rows: UInt16 = 24
  ) throws {
    var (primary, secondary): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&primary, &secondary, nil, nil, &size) == 0)
    self.primary = primary
    var before = termios()
    try #require(tcgetattr(primary, &before) == 0)
    self.before = before
    process = try Tool.process(arguments, environment: environment, folder: folder)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(fileDescriptor: secondary, closeOnDealloc: false)
    defer { close(secondary) }
    try process.run()
    watchdog = Tool.watchdog(process, seconds: 2 * Self.patience)
  }

  deinit {
    watchdog.cancel()
    if process.isRunning {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    close(primary)
  }

  /// All that the terminal was sent so far.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Reads once.
  ///
  /// - Returns: whether there may be more: not after the tool has closed the terminal, nor when time is up.
  private func read(until deadline: Date) -> Bool {
    var state = pollfd(fd: primary, events: Int16(POLLIN), revents: 0)
    let rest = Int32(max(0, deadline.timeIntervalSinceNow) * 1_000)
    guard rest > 0, poll(&state, 1, rest) == 1 else { return false }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = systemRead(primary, &buffer, buffer.count)
    if count > 0 { bytes += buffer[..<count] }
    return count > 0
  }

  /// Reads until the terminal was sent `wanted`, counted from the end of what was waited for before.
  func wait(for wanted: String) throws {
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    while true {
      let rest = String(decoding: bytes[seen...], as: UTF8.self)
      if let found = rest.range(of: wanted) {
        seen += rest[..<found.upperBound].utf8.count
        return
      }
      try #require(
        read(until: deadline), "expected \(wanted.debugDescription), got \(rest.suffix(400).debugDescription)")
    }
  }

  private var seen = 0

  func type(_ keys: String) {
    _ = Array(keys.utf8).withUnsafeBytes { write(primary, $0.baseAddress, $0.count) }
  }

  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(primary, UInt(TIOCSWINSZ), &size)
    signal(SIGWINCH)
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Reads to the end and waits for the tool's.
  ///
  /// - Returns: its exit status as a shell reports it.
  func finish() throws -> Int32 {
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    while read(until: deadline) {}
    try #require(deadline.timeIntervalSinceNow > 0, "the tool does not end: \(text.suffix(400).debugDescription)")
    process.waitUntilExit()
    return Tool.status(process)
  }

  /// Whether keys are echoed and come by the line, as the tool found it, and all else too.
  var hasAttributesOfBefore: Bool {
    var (now, before) = (termios(), before)
    guard tcgetattr(primary, &now) == 0 else { return false }
    return withUnsafeBytes(of: &now) { now in withUnsafeBytes(of: &before) { now.elementsEqual($0) } }
  }
}

/// A class's `read` hides the system's.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
