import Foundation
import MoultPlatform
import Synchronization

/// An HTTP server on 127.0.0.1 that serves what a test gives it, and breaks where the test says.
final class LoopbackServer: Sendable {
  /// What is served at one path.
  struct Resource: Sendable {
    var body: [UInt8] = []
    var status = 200
    var entityTag: String? = "\"v1\""
    /// How many bytes each answer sends before it breaks off; later answers are whole.
    var breaks: [Int] = []
    var answersRanges = true
    /// How far from the bytes asked for an answer begins.
    var rangeShift = 0
    var headers: [String] = []
    /// Says another length than the body has.
    var declaredLength: Int?
  }

  struct Request: Sendable, Equatable {
    let path: String
    let range: String?
    let ifRange: String?
  }

  private struct State {
    var resources: [String: Resource] = [:]
    var requests: [Request] = []
  }

  let port: UInt16
  private let listener: Int32
  private let state = Mutex(State())

  /// The address of its root.
  var address: String { "http://127.0.0.1:\(port)/" }
  var requests: [Request] { state.withLock { $0.requests } }

  init(_ resources: [String: Resource] = [:]) throws {
    struct CannotListen: Error { let code: Int32 }
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    listener = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isListening else { throw CannotListen(code: errno) }
    state.withLock { $0.resources = resources }
    Thread.detachNewThread { [self] in serve() }
  }

  /// Ends the server: the thread that waits for connections gets an error and returns.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  func set(_ resource: Resource, at path: String) { state.withLock { $0.resources[path] = resource } }

  private func serve() {
    while true {
      let connection = accept(listener, nil, nil)
      if connection < 0 { return }
      answer(on: connection)
      close(connection)
    }
  }

  private func answer(on connection: Int32) {
    guard let request = readRequest(connection) else { return }
    let resource = state.withLock { state -> Resource? in
      state.requests.append(request)
      guard var resource = state.resources[request.path] else { return nil }
      let isBroken = !resource.breaks.isEmpty
      let answer = resource
      if isBroken {
        resource.breaks.removeFirst()
        state.resources[request.path] = resource
      }
      return answer
    }
    guard let resource, resource.status < 400 else {
      send("HTTP/1.1 \(resource?.status ?? 404) Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", connection)
      return
    }
    var start = 0
    var head = "HTTP/1.1 \(resource.status) OK\r\n"
    if resource.answersRanges, let range = request.range,
      request.ifRange == nil || request.ifRange == resource.entityTag,
      let from = Int(range.dropFirst("bytes=".count).dropLast())
    {
      guard from < resource.body.count else {
        send("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", connection)
        return
      }
      start = from + resource.rangeShift
      head = "HTTP/1.1 206 Partial Content\r\n"
      head += "Content-Range: bytes \(start)-\(resource.body.count - 1)/\(resource.body.count)\r\n"
    }
    let body = resource.body[start...]
    head += "Content-Length: \(resource.declaredLength ?? body.count)\r\nConnection: close\r\n"
    if let tag = resource.entityTag { head += "ETag: \(tag)\r\n" }
    for line in resource.headers { head += line + "\r\n" }
    send(head + "\r\n", connection)
    send(Array(resource.breaks.first.map { body.prefix($0) } ?? body), connection)
  }

  private func readRequest(_ connection: Int32) -> Request? {
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while !text.suffix(4).elementsEqual([13, 10, 13, 10]) {
      let count = recv(connection, &chunk, chunk.count, 0)
      if count <= 0 { return nil }
      text += chunk[..<count]
    }
    let lines = String(decoding: text, as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count == 3, words[0] == "GET" else { return nil }
    func header(_ name: String) -> String? {
      let prefix = name.lowercased() + ":"
      let line = lines.first { $0.lowercased().hasPrefix(prefix) }
      return line.map { $0.dropFirst(prefix.count).trimmingCharacters(in: .whitespaces) }
    }
    return Request(path: String(words[1]), range: header("Range"), ifRange: header("If-Range"))
  }

  private func send(_ text: String, _ connection: Int32) { send(Array(text.utf8), connection) }

  private func send(_ bytes: [UInt8], _ connection: Int32) {
    #if canImport(Darwin)
      let flags: Int32 = 0
    #else
      let flags = Int32(MSG_NOSIGNAL)
    #endif
    bytes.withUnsafeBytes { buffer in
      var rest = buffer
      while !rest.isEmpty {
        let count = MoultPlatform.send(connection, rest.baseAddress, rest.count, flags)
        if count <= 0 { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }
}
