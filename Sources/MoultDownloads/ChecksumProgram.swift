#if !canImport(CryptoKit)
  import MoultCore
  import MoultFormats
  import MoultPlatform

  /// A child process that reads bytes from its standard input and prints their checksum at the end, such as
  /// `sha256sum`.
  ///
  /// Its standard input and output are one end of a pair of connected sockets. With a pipe, writing after the program
  /// has ended would raise SIGPIPE, and how that signal is handled is a setting of the whole process. The program
  /// prints only after the last byte of input, so there is no deadlock. The program has a process group of its own, so
  /// Ctrl-C in a terminal does not reach it.
  package final class ChecksumProgram {
    /// The commands that compute SHA-256, in the order in which they are tried: `sha256sum` (coreutils, BusyBox), then
    /// `shasum` (Perl).
    package static let sha256 = [["sha256sum"], ["shasum", "-a", "256"]]

    /// The process id of the program; 0 if none was started, or after it has ended.
    package private(set) var process: pid_t = 0
    private let commands: [[String]]
    private var descriptor: Int32 = -1
    private var failure: SystemCallError?

    /// Starts the first of `commands` that the system has. An error is stored and thrown by ``checksum(digits:)``.
    ///
    /// - Parameter commands: Command lines, each a program's name and its arguments.
    package init(_ commands: [[String]]) {
      self.commands = commands
      do { try start() } catch { failure = error }
    }

    deinit { end() }

    private func start() throws(SystemCallError) {
      var ends: (Int32, Int32) = (-1, -1)
      #if canImport(Glibc)
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
      #else
        let kind = SOCK_STREAM | SOCK_CLOEXEC
      #endif
      let made = withUnsafeMutableBytes(of: &ends) {
        socketpair(AF_UNIX, kind, 0, $0.baseAddress?.assumingMemoryBound(to: Int32.self))
      }
      if made != 0 { throw SystemCallError(errno) }
      defer { close(ends.1) }
      descriptor = ends.0
      var code = ENOENT
      for command in commands where code == ENOENT || code == EACCES { code = spawn(command, on: ends.1) }
      if code != 0 { throw SystemCallError(code) }
    }

    /// Starts `command` with `descriptor` as its standard input and output.
    ///
    /// - Returns: 0, or the error number (`errno`).
    private func spawn(_ command: [String], on descriptor: Int32) -> Int32 {
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      posix_spawn_file_actions_adddup2(&actions, descriptor, 0)
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
      var attributes = posix_spawnattr_t()
      posix_spawnattr_init(&attributes)
      defer { posix_spawnattr_destroy(&attributes) }
      posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
      // `shasum` is a script, so the program needs PATH to find its interpreter, and no other environment variable.
      let environment = getenv("PATH").map { ["PATH=" + String(cString: $0)] } ?? []
      return withCStrings(command) { arguments in
        withCStrings(environment) { posix_spawnp(&process, command[0], &actions, &attributes, arguments, $0) }
      }
    }

    /// Sends the next bytes to the program. An error is stored and thrown by ``checksum(digits:)``.
    package func send(_ bytes: UnsafeRawBufferPointer) {
      var rest = bytes
      while !rest.isEmpty, failure == nil {
        do throws(SystemCallError) {
          let count = try retryingInterrupted {
            MoultPlatform.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
          }
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } catch {
          failure = error
        }
      }
    }

    /// Closes the program's input, reads the checksum that it prints, and waits for it to end.
    ///
    /// - Parameter digits: The number of hexadecimal digits of the checksum.
    /// - Throws: An error of code `.failure` if no program could be started or its output is not a checksum.
    package func checksum(digits: Int) throws(MoultError) -> String {
      let answer = answer()
      end()
      let text = answer.prefix(digits)
      let isComplete = answer.count > digits && text.allSatisfy { "0123456789abcdef".contains($0) }
      guard failure == nil, isComplete else {
        let names = commands.map { $0[0] }.joined(separator: " or ")
        throw MoultError(
          .failure, "expected a checksum from the system's program \(names), got none; is one of them in the PATH?",
          cause: failure?.text)
      }
      return String(text)
    }

    /// Closes the program's input and reads its output to the end. Returns an empty string after an error.
    private func answer() -> String {
      guard failure == nil else { return "" }
      shutdown(descriptor, Int32(SHUT_WR))
      var answer: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 256)
      do throws(SystemCallError) {
        while true {
          let count = try retryingInterrupted { read(descriptor, &buffer, buffer.count) }
          if count == 0 { break }
          answer += buffer[..<count]
        }
      } catch {
        failure = error
      }
      return String(decoding: answer, as: UTF8.self)
    }

    /// Waits until the program has ended. A host program that waits for all of its children may have done so already.
    private func end() {
      if descriptor >= 0 { close(descriptor) }
      descriptor = -1
      if process > 0 { _ = try? retryingInterrupted { waitpid(process, nil, 0) } }
      process = 0
    }
  }

  /// Calls `body` with a null-terminated array of C strings.
  private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { pointers.forEach { free($0) } }
    return (pointers + [nil]).withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("the list holds nil at least") }
      return body(base)
    }
  }
#endif
